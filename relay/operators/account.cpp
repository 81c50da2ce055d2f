#include "relay/operators/account.hpp"

#include <algorithm>
#include <array>

#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/approval_key.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kKeyIdBytes = 16;

Error invalid(std::string_view where) { return {ErrorCode::kOperatorInvalid, where}; }

constexpr auto kSharedNames = std::to_array<std::string_view>(
    {"admin", "administrator", "auditor", "clerk", "guest", "kyoyo", "operator", "root", "shared",
     "staff", "system", "test", "user", "vendor"});

}  // namespace

Result<void> check_roles(const Operator& account) {
  const auto count = roles_of(account.roles).size();
  const bool alone =
      account.roles.has(OperatorRole::kAuditor) || account.roles.has(OperatorRole::kVendor);
  if (alone && count > 1) return invalid("account: auditor and vendor have no other role");
  const bool leads = account.roles.has(OperatorRole::kCityAdministrator) ||
                     account.roles.has(OperatorRole::kCenterHead);
  if (leads && account.affiliation != Affiliation::kStaff) {
    return invalid("account: a leading role is for staff");
  }
  if (account.roles.has(OperatorRole::kVendor) && account.affiliation == Affiliation::kStaff) {
    return invalid("account: staff are no vendor");
  }
  return ok();
}

namespace {

Result<void> check_end(const Operator& account, UtcTime now) {
  if (account.affiliation != Affiliation::kStaff && !account.ends_on) {
    return invalid("account: an end date is demanded (R34)");
  }
  if (account.ends_on && *account.ends_on < jst_day(now)) {
    return invalid("account: the end date has passed");
  }
  return ok();
}

}  // namespace

std::vector<KnownKey> known_keys(const Operator& account) {
  std::vector<KnownKey> out;
  for (const auto& key : account.login.keys) out.push_back({key.keyid(), key.credential_id});
  return out;
}

Result<void> verify_key(const Operator& account, std::string_view host, const Digest& challenge,
                        const PersonalSignature& signature) {
  const auto& keys = account.login.keys;
  const auto found = std::ranges::find_if(
      keys, [&](const SecurityKey& key) { return key.keyid() == signature.keyid; });
  if (host.empty() || found == keys.end()) {
    return Error{ErrorCode::kForeignSignature, "security key: not of this person"};
  }
  return verify_assertion(host, *found, challenge, signature);
}

Result<void> verify_person(const Operator& account, std::string_view host, ByteView message,
                           const PersonalSignature& signature) {
  if (signature.assertion) return verify_key(account, host, sha256(message), signature);
  return verify_personal(account.approval_key, message, signature);
}

bool is_shared_name(const OperatorName& name) {
  return std::ranges::find(kSharedNames, name.text()) != kSharedNames.end();
}

AccountStatus status_of(const Operator& account, UtcTime now) {
  if (account.revoked_at) return AccountStatus::kRevoked;
  if (account.ends_on && jst_day(now) > *account.ends_on) return AccountStatus::kEnded;
  return AccountStatus::kActive;
}

bool is_active(const Operator& account, UtcTime now) {
  return status_of(account, now) == AccountStatus::kActive;
}

bool is_unused(const Operator& account, UtcTime now) {
  const auto since = account.last_used_on.value_or(jst_day(account.enrolled_at));
  return is_active(account, now) && jst_day(now) - since >= kUnusedAfter;
}

std::string client_keyid(const Operator& account) {
  return to_base64url(ByteView(account.client_key).first(kKeyIdBytes));
}

Result<Operator> account_from(const OperatorApplication& application, UtcTime now) {
  Operator out{.name = application.name,
               .roles = {},
               .ends_on = {},
               .approval_key = {},
               .revoked_at = {},
               .last_used_on = {}};
  CERTRELAY_TRY(out.affiliation, parse_affiliation(application.affiliation));
  CERTRELAY_TRY(out.roles, parse_role_set(application.roles));
  if (!application.ends_on.empty()) {
    CERTRELAY_TRY(const auto day, parse_iso_day(application.ends_on));
    out.ends_on = day;
  }
  CERTRELAY_TRY(const auto pin, from_base64(application.client_key));
  if (pin.size() != out.client_key.size()) {
    return Error{ErrorCode::kMalformed, "account: client key"};
  }
  std::ranges::copy(pin, out.client_key.begin());
  CERTRELAY_TRY(out.approval_key, from_base64(application.approval_key));
  CERTRELAY_TRY(PublicKey::from_spki(out.approval_key, KeyType::kEd25519));
  out.enrolled_at = now;
  if (is_shared_name(out.name)) return invalid("account: a personal name is demanded (R13)");
  CERTRELAY_TRY(check_roles(out));
  CERTRELAY_TRY(check_end(out, now));
  return out;
}

Result<Operator> account_from(const MunicipalityCode& municipality,
                              const SignedApplication& application, UtcTime now) {
  CERTRELAY_TRY(auto account, account_from(application.application, now));
  CERTRELAY_TRY(verify_personal(account.approval_key,
                                application_bytes(municipality, application.application),
                                {key_id(account.approval_key), application.signature}));
  return account;
}

Result<SignedApplication> application_in(const ActionParameters& parameters) {
  const auto text = [&](std::string_view name) {
    return std::string(parameter_of(parameters, name));
  };
  CERTRELAY_TRY(auto name, OperatorName::parse(text("name")));
  SignedApplication out{{std::move(name), text("affiliation"), text("roles"), text("ends_on"),
                         text("client_key"), text("approval_key")},
                        {}};
  CERTRELAY_TRY(const auto signature, from_base64(text("application_signature")));
  if (signature.size() != out.signature.size()) {
    return Error{ErrorCode::kMalformed, "application: signature"};
  }
  std::ranges::copy(signature, out.signature.begin());
  return out;
}

ActionParameters parameters_of(const SignedApplication& signed_application) {
  const auto& application = signed_application.application;
  ActionParameters out{{"affiliation", application.affiliation},
                       {"application_signature", to_base64(signed_application.signature)},
                       {"approval_key", application.approval_key},
                       {"client_key", application.client_key}};
  if (!application.ends_on.empty()) out.push_back({"ends_on", application.ends_on});
  out.push_back({"name", std::string(application.name.text())});
  out.push_back({"roles", application.roles});
  return out;
}

}  // namespace certrelay
