#include "protocol/wire/json_fields.hpp"

#include <algorithm>

#include "protocol/base/utf8.hpp"

namespace certrelay {

Result<boost::json::value> parse_body(ByteView body, std::size_t bytes_max) {
  const JsonLimits limits{.bytes_max = bytes_max, .depth_max = kMessageDepthMax};
  return parse_strict_json(as_text(body), limits);
}

Bytes to_body(const boost::json::value& value) {
  const auto text = to_json_text(value);
  return {text.begin(), text.end()};
}

namespace {

Result<UtcTime> parse_wire_time(std::string_view text) {
  CERTRELAY_TRY(const auto time, parse_rfc3339(text));
  if (to_rfc3339_jst(time) != text) return Error{ErrorCode::kMalformed, "message: time"};
  return time;
}

}  // namespace

Result<UtcTime> time_field(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return parse_wire_time(text);
}

Result<std::optional<UtcTime>> optional_time_field(JsonObject& object, std::string_view name) {
  if (!object.has(name)) return std::optional<UtcTime>{};
  CERTRELAY_TRY(const auto time, time_field(object, name));
  return std::optional<UtcTime>{time};
}

Result<void> check_time(UtcTime time) {
  using std::chrono::seconds;
  // 9999-12-31T14:59:59Z is the last second of the year 9999 in Japan.
  constexpr seconds kLast{253402268399};
  const auto since = time.time_since_epoch();
  const bool whole = since % seconds{1} == std::chrono::milliseconds{0};
  if (!whole || since < seconds{0} || since > kLast) {
    return Error{ErrorCode::kMalformed, "message: time"};
  }
  return ok();
}

Result<Bytes> base64_field(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return from_base64(text);
}

Result<void> check_text(std::string_view text, std::size_t min, std::size_t max) {
  if (text.size() < min || text.size() > max) {
    return Error{ErrorCode::kLimitExceeded, "message: text"};
  }
  if (!is_strict_utf8(text)) return Error{ErrorCode::kInvalidUtf8, "message: text"};
  const bool control = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  if (control) return Error{ErrorCode::kMalformed, "message: control character"};
  return ok();
}

Result<void> check_count(std::size_t count, std::size_t min, std::size_t max) {
  if (count < min || count > max) return Error{ErrorCode::kLimitExceeded, "message: count"};
  return ok();
}

}  // namespace certrelay
