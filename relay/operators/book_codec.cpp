// The store's plaintext, byte by byte as FORMAT.md says.
#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "relay/operators/operator_book.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kWithoutKeys = 2;  // the version before security keys; still read
constexpr std::size_t kTextMax = 512;
constexpr std::size_t kKeyMax = 256;
constexpr std::uint64_t kUtcMaxMs = 253'402'300'799'999;  // end of 9999
constexpr std::uint32_t kNoDay = 0xFFFFFFFF;

void put_time(ByteWriter& out, UtcTime time) {
  out.u64(static_cast<std::uint64_t>(time.time_since_epoch().count()));
}
// Days since 1970-01-01 in Japan; all ones: none.
void put_day(ByteWriter& out, const std::optional<JstDay>& day) {
  out.u32(day ? static_cast<std::uint32_t>(day->time_since_epoch().count()) : kNoDay);
}

Result<UtcTime> read_time(ByteReader& in) {
  CERTRELAY_TRY(const auto ms, in.u64());
  if (ms > kUtcMaxMs) return Error{ErrorCode::kMalformed, "operators: time"};
  return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(ms)}};
}
Result<std::optional<JstDay>> read_day(ByteReader& in) {
  CERTRELAY_TRY(const auto days, in.u32());
  if (days == kNoDay) return std::optional<JstDay>{};
  if (days > kUtcMaxMs / 86'400'000) return Error{ErrorCode::kMalformed, "operators: day"};
  return std::optional(JstDay{std::chrono::days{static_cast<int>(days)}});
}
Result<std::string> read_text(ByteReader& in) {
  CERTRELAY_TRY(const auto bytes, in.short_bytes(kTextMax));
  return std::string(as_text(bytes));
}
template <std::size_t N>
Result<std::array<std::uint8_t, N>> read_array(ByteReader& in) {
  CERTRELAY_TRY(const auto bytes, in.raw(N));
  std::array<std::uint8_t, N> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}
template <class Id>
Result<Id> read_id(ByteReader& in) {
  CERTRELAY_TRY(const auto bytes, in.short_bytes(kTextMax));
  return Id::parse(as_text(bytes));
}

void put(ByteWriter& out, const Credentials& login) {
  out.short_text(login.password ? login.password->text() : "");
  out.u8(login.set_at ? 1 : 0);
  if (login.set_at) put_time(out, *login.set_at);
  out.short_bytes(login.code_secret);
  out.u64(login.code_step);
  out.u16(login.failures);
  out.u8(static_cast<std::uint8_t>(login.keys.size()));
  for (const auto& key : login.keys) {
    out.short_bytes(key.credential_id);
    out.short_bytes(key.spki);
    put_time(out, key.added_at);
  }
}

void put(ByteWriter& out, const Operator& account) {
  out.short_text(account.name.text());
  out.u8(static_cast<std::uint8_t>(account.affiliation));
  const auto roles = roles_of(account.roles);
  out.u8(static_cast<std::uint8_t>(roles.size()));
  for (const auto role : roles) out.u8(static_cast<std::uint8_t>(role));
  put_day(out, account.ends_on);
  out.raw(account.client_key);
  out.short_bytes(account.approval_key);
  put_time(out, account.enrolled_at);
  out.u8(account.revoked_at ? 1 : 0);
  if (account.revoked_at) put_time(out, *account.revoked_at);
  put_day(out, account.last_used_on);
  put_day(out, account.reviewed_on);
  put(out, account.login);
}

Result<RoleSet> read_roles(ByteReader& in) {
  CERTRELAY_TRY(const auto count, in.u8());
  RoleSet out;
  for (unsigned i = 0; i < count; ++i) {
    CERTRELAY_TRY(const auto number, in.u8());
    if (number < 1 || number > kOperatorRoles) {
      return Error{ErrorCode::kMalformed, "operators: role"};
    }
    out.add(static_cast<OperatorRole>(number));
  }
  if (out.empty()) return Error{ErrorCode::kMalformed, "operators: no role"};
  return out;
}

Result<bool> read_flag(ByteReader& in) {
  CERTRELAY_TRY(const auto flag, in.u8());
  if (flag > 1) return Error{ErrorCode::kMalformed, "operators: flag"};
  return flag == 1;
}

Result<SecurityKey> read_key(ByteReader& in) {
  SecurityKey out;
  CERTRELAY_TRY(const auto id, in.short_bytes(kCredentialIdMax));
  CERTRELAY_TRY(const auto spki, in.short_bytes(kKeyMax));
  if (id.empty() || spki.empty()) return Error{ErrorCode::kMalformed, "operators: security key"};
  out.credential_id.assign(id.begin(), id.end());
  out.spki.assign(spki.begin(), spki.end());
  CERTRELAY_TRY(out.added_at, read_time(in));
  return out;
}

Result<Credentials> read_login(ByteReader& in, std::uint8_t format) {
  Credentials out;
  CERTRELAY_TRY(const auto password, read_text(in));
  if (!password.empty()) {
    CERTRELAY_TRY(out.password, PasswordHash::parse(password));
  }
  CERTRELAY_TRY(const auto set, read_flag(in));
  if (set) {
    CERTRELAY_TRY(out.set_at, read_time(in));
  }
  if (out.password && !out.set_at) return Error{ErrorCode::kMalformed, "operators: password"};
  CERTRELAY_TRY(const auto secret, in.short_bytes(kSealedCodeSecretMax));
  out.code_secret.assign(secret.begin(), secret.end());
  CERTRELAY_TRY(out.code_step, in.u64());
  CERTRELAY_TRY(out.failures, in.u16());
  if (format == kWithoutKeys) return out;
  CERTRELAY_TRY(const auto count, in.u8());
  if (count > kKnownKeysMax) return Error{ErrorCode::kLimitExceeded, "operators: security keys"};
  for (unsigned i = 0; i < count; ++i) {
    CERTRELAY_TRY(auto key, read_key(in));
    out.keys.push_back(std::move(key));
  }
  return out;
}

Result<Operator> read_account(ByteReader& in, std::uint8_t format) {
  CERTRELAY_TRY(auto name, read_id<OperatorName>(in));
  Operator out{.name = std::move(name),
               .roles = {},
               .ends_on = {},
               .approval_key = {},
               .revoked_at = {},
               .last_used_on = {}};
  CERTRELAY_TRY(const auto affiliation, in.u8());
  out.affiliation = static_cast<Affiliation>(affiliation);
  CERTRELAY_TRY(parse_affiliation(to_text(out.affiliation)));
  CERTRELAY_TRY(out.roles, read_roles(in));
  CERTRELAY_TRY(out.ends_on, read_day(in));
  CERTRELAY_TRY(out.client_key, read_array<32>(in));
  CERTRELAY_TRY(const auto key, in.short_bytes(kKeyMax));
  out.approval_key.assign(key.begin(), key.end());
  CERTRELAY_TRY(out.enrolled_at, read_time(in));
  CERTRELAY_TRY(const auto revoked, read_flag(in));
  if (revoked) {
    CERTRELAY_TRY(out.revoked_at, read_time(in));
  }
  CERTRELAY_TRY(out.last_used_on, read_day(in));
  CERTRELAY_TRY(out.reviewed_on, read_day(in));
  CERTRELAY_TRY(out.login, read_login(in, format));
  return out;
}

void put(ByteWriter& out, const KeptAction& kept) {
  const auto& action = kept.action;
  out.raw(action.id.bytes());
  out.short_text(action.proposer.text());
  out.short_text(action.code.text());
  out.short_text(action.reason.text());
  put_time(out, action.expires_at);
  out.u8(static_cast<std::uint8_t>(action.parameters.size()));
  for (const auto& parameter : action.parameters) {
    out.short_text(parameter.name);
    out.short_text(parameter.value);
  }
  out.short_text(kept.signature.keyid);
  out.u8(kept.signature.assertion ? 1 : 0);
  if (kept.signature.assertion) {
    out.short_bytes(kept.signature.assertion->authenticator_data);
    out.short_bytes(kept.signature.assertion->client_data);
    out.short_bytes(kept.signature.assertion->signature);
  } else {
    out.raw(kept.signature.signature);
  }
  out.raw(kept.digest);
  put_time(out, kept.proposed_at);
  out.short_text(kept.terminal.text());
  out.u8(static_cast<std::uint8_t>(kept.state));
  out.short_text(kept.second ? kept.second->text() : "");
  out.short_text(kept.detail);
}

Result<ActionParameters> read_parameters(ByteReader& in) {
  CERTRELAY_TRY(const auto count, in.u8());
  ActionParameters out;
  for (unsigned i = 0; i < count; ++i) {
    CERTRELAY_TRY(auto name, read_text(in));
    CERTRELAY_TRY(auto value, read_text(in));
    out.push_back({std::move(name), std::move(value)});
  }
  return out;
}

Result<OperatorAction> read_action(ByteReader& in) {
  CERTRELAY_TRY(const auto id_bytes, in.raw(ActionId::kSize));
  CERTRELAY_TRY(const auto id, ActionId::from_bytes(id_bytes));
  CERTRELAY_TRY(auto proposer, read_id<OperatorName>(in));
  CERTRELAY_TRY(auto code, read_id<ActionCode>(in));
  CERTRELAY_TRY(auto reason, read_id<StatedReason>(in));
  CERTRELAY_TRY(const auto expires_at, read_time(in));
  CERTRELAY_TRY(auto parameters, read_parameters(in));
  OperatorAction out{
      id,        std::move(proposer), std::move(code), std::move(parameters), std::move(reason),
      expires_at};
  CERTRELAY_TRY(check(out));
  return out;
}

Result<PersonalSignature> read_signature(ByteReader& in, std::uint8_t format) {
  PersonalSignature out;
  CERTRELAY_TRY(out.keyid, read_text(in));
  bool by_key = false;
  if (format != kWithoutKeys) {
    CERTRELAY_TRY(by_key, read_flag(in));
  }
  if (!by_key) {
    CERTRELAY_TRY(out.signature, read_array<64>(in));
    return out;
  }
  KeyAssertion said;
  for (auto* part : {&said.authenticator_data, &said.client_data, &said.signature}) {
    CERTRELAY_TRY(const auto bytes, in.short_bytes(kClientDataMax));
    part->assign(bytes.begin(), bytes.end());
  }
  CERTRELAY_TRY(check(said));
  out.assertion = std::move(said);
  return out;
}

Result<KeptAction> read_kept(ByteReader& in, std::uint8_t format) {
  CERTRELAY_TRY(auto action, read_action(in));
  CERTRELAY_TRY(auto signature, read_signature(in, format));
  CERTRELAY_TRY(const auto digest, read_array<32>(in));
  CERTRELAY_TRY(const auto proposed_at, read_time(in));
  CERTRELAY_TRY(auto terminal, read_id<TerminalName>(in));
  CERTRELAY_TRY(const auto number, in.u8());
  const auto state = static_cast<ActionState>(number);
  CERTRELAY_TRY(parse_action_state(to_text(state)));
  CERTRELAY_TRY(const auto second, read_text(in));
  std::optional<OperatorName> person;
  if (!second.empty()) {
    CERTRELAY_TRY(person, OperatorName::parse(second));
  }
  CERTRELAY_TRY(auto detail, read_text(in));
  return KeptAction{std::move(action),
                    std::move(signature),
                    digest,
                    proposed_at,
                    std::move(terminal),
                    state,
                    person,
                    std::move(detail)};
}

}  // namespace

Bytes encode_book(const OperatorBook& book) {
  CERTRELAY_CHECK(book.accounts.size() <= kOperatorLinesMax);
  CERTRELAY_CHECK(book.actions.size() <= kKeptActionsMax);
  ByteWriter out;
  out.u8(kVersion);
  out.u64(book.version);
  out.u16(static_cast<std::uint16_t>(book.accounts.size()));
  for (const auto& account : book.accounts) put(out, account);
  out.u16(static_cast<std::uint16_t>(book.actions.size()));
  for (const auto& kept : book.actions) put(out, kept);
  return std::move(out).take();
}

Result<OperatorBook> decode_book(ByteView bytes) {
  ByteReader in(bytes);
  CERTRELAY_TRY(const auto format, in.u8());
  if (format != kVersion && format != kWithoutKeys)
    return Error{ErrorCode::kStoreVersion, "operators: store version"};
  OperatorBook out;
  CERTRELAY_TRY(out.version, in.u64());
  CERTRELAY_TRY(const auto accounts, in.u16());
  if (accounts > kOperatorLinesMax) return Error{ErrorCode::kLimitExceeded, "operators: accounts"};
  for (unsigned i = 0; i < accounts; ++i) {
    CERTRELAY_TRY(auto account, read_account(in, format));
    out.accounts.push_back(std::move(account));
  }
  CERTRELAY_TRY(const auto actions, in.u16());
  if (actions > kKeptActionsMax) return Error{ErrorCode::kLimitExceeded, "operators: actions"};
  for (unsigned i = 0; i < actions; ++i) {
    CERTRELAY_TRY(auto kept, read_kept(in, format));
    out.actions.push_back(std::move(kept));
  }
  CERTRELAY_TRY(in.expect_end());
  return out;
}

}  // namespace certrelay
