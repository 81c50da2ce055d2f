#include "protocol/wire/registry_statement.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "protocol/base/names.hpp"
#include "protocol/wire/answer_signature.hpp"

namespace certrelay {
namespace {

constexpr Names<StatementKind, 5> kKinds{{{StatementKind::kManifest, "manifest"},
                                          {StatementKind::kActivate, "activate"},
                                          {StatementKind::kChange, "change"},
                                          {StatementKind::kHeartbeat, "heartbeat"},
                                          {StatementKind::kReconciliation, "reconciliation"}}};

Error malformed() { return {ErrorCode::kMalformed, "statement"}; }

std::uint64_t to_ms(UtcTime time) {
  const auto ms = time.time_since_epoch().count();
  CERTRELAY_CHECK(ms >= 0);
  return static_cast<std::uint64_t>(ms);
}

// Takes `name` and what follows up to `end` from the front of `rest`.
Result<std::string_view> take(std::string_view& rest, std::string_view name, char end) {
  if (!rest.starts_with(name)) return malformed();
  rest.remove_prefix(name.size());
  const auto size = rest.find(end);
  if (size == std::string_view::npos) return malformed();
  const auto value = rest.substr(0, size);
  rest.remove_prefix(size + 1);
  return value;
}

Result<std::uint64_t> take_number(std::string_view& rest, std::string_view name) {
  CERTRELAY_TRY(const auto text, take(rest, name, ','));
  std::uint64_t number = 0;
  const auto* first = text.data();
  const auto* last = first + text.size();
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc{} || end != last || number > kStatementNumberMax) return malformed();
  return number;
}

}  // namespace

std::string_view to_text(StatementKind kind) { return name_of(kKinds, kind); }

Bytes statement_bytes(StatementKind kind, const MunicipalityCode& municipality,
                      const RegistryStatement& statement, const Digest& body_digest) {
  CERTRELAY_CHECK(statement.generation <= kStatementNumberMax);
  CERTRELAY_CHECK(statement.sequence <= kStatementNumberMax);
  ByteWriter out;
  out.raw("certrelay ");
  out.raw(to_text(kind));
  out.raw(" v1");
  out.u8(0);
  out.raw(municipality.text());
  out.u64(statement.generation);
  out.u64(statement.sequence);
  out.u64(to_ms(statement.sent_at));
  out.raw(body_digest);
  return std::move(out).take();
}

std::string format_statement(const SignedStatement& signed_statement) {
  const auto& statement = signed_statement.statement;
  std::string out = "generation=" + std::to_string(statement.generation);
  out.append(", sequence=").append(std::to_string(statement.sequence));
  out.append(", sent-at=").append(std::to_string(to_ms(statement.sent_at)));
  out.append(", keyid=\"").append(signed_statement.keyid);
  return out.append("\", signature=:").append(to_base64(signed_statement.signature)).append(":");
}

Result<SignedStatement> parse_statement(std::string_view value) {
  SignedStatement out{};
  auto rest = value;
  CERTRELAY_TRY(out.statement.generation, take_number(rest, "generation="));
  CERTRELAY_TRY(out.statement.sequence, take_number(rest, " sequence="));
  CERTRELAY_TRY(const auto sent_at, take_number(rest, " sent-at="));
  out.statement.sent_at = UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(sent_at)}};
  CERTRELAY_TRY(out.keyid, take(rest, " keyid=\"", '"'));
  if (!is_key_id(out.keyid)) return malformed();
  CERTRELAY_TRY(const auto text, take(rest, ", signature=:", ':'));
  CERTRELAY_TRY(const auto signature, from_base64(text));
  if (signature.size() != out.signature.size() || !rest.empty()) return malformed();
  std::ranges::copy(signature, out.signature.begin());
  // One spelling only: numbers with leading zeros end here.
  if (format_statement(out) != value) return malformed();
  return out;
}

Result<SignedStatement> statement_of(const HttpHeaders& headers) {
  const auto value = only_header(headers, kStatementHeader);
  if (!value) return Error{ErrorCode::kStatementMissing, "statement"};
  return parse_statement(*value);
}

}  // namespace certrelay
