// How the values of the messages are read from and put into JSON: within protocol/wire only.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "protocol/base/bytes.hpp"
#include "protocol/base/json.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

// The depth of no message exceeds this.
inline constexpr std::size_t kMessageDepthMax = 6;
// Of the messages that have a few short members.
inline constexpr std::size_t kSmallBodyMax = std::size_t{4} * 1024;

// A body as text of at most `bytes_max`, parsed strictly.
Result<boost::json::value> parse_body(ByteView body, std::size_t bytes_max);
Bytes to_body(const boost::json::value& value);

// "2026-11-22T19:42:09+09:00" alone: another offset or a fraction is another spelling of the same
// instant, and equal bodies must have equal bytes. Errors: kMalformed.
Result<UtcTime> time_field(JsonObject& object, std::string_view name);
Result<std::optional<UtcTime>> optional_time_field(JsonObject& object, std::string_view name);
// As the encoder must get it: whole seconds, from 1970 to 9999. Errors: kMalformed.
Result<void> check_time(UtcTime time);

Result<Bytes> base64_field(JsonObject& object, std::string_view name);

template <std::size_t N>
Result<std::array<std::uint8_t, N>> to_array(ByteView bytes) {
  if (bytes.size() != N) return Error{ErrorCode::kMalformed, "message: length of bytes"};
  std::array<std::uint8_t, N> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

template <std::size_t N>
Result<std::array<std::uint8_t, N>> base64_array_field(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto bytes, base64_field(object, name));
  return to_array<N>(bytes);
}

template <class Id>
Result<Id> id_field(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return Id::parse(text);
}

// A member that `parse` reads from its text: enumerations, days.
template <class Parse>
auto parsed_field(JsonObject& object, std::string_view name, Parse parse)
    -> decltype(parse(std::string_view{})) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return parse(text);
}

// Whole numbers of a range that fits the type.
template <class Number>
Result<Number> number_field(JsonObject& object, std::string_view name, std::int64_t min,
                            std::int64_t max) {
  CERTRELAY_TRY(const auto value, object.integer(name));
  if (value < min || value > max) return Error{ErrorCode::kLimitExceeded, "message: number"};
  return static_cast<Number>(value);
}
// 0 to 2^53, what I-JSON can carry (RFC 7493 §2.2).
inline constexpr std::int64_t kJsonIntegerMax = std::int64_t{1} << 53;

inline Result<std::uint64_t> count_field(JsonObject& in, std::string_view name) {
  return number_field<std::uint64_t>(in, name, 0, kJsonIntegerMax);
}

// Each element of a list, in order; more than `max` is kLimitExceeded.
template <class T, class Read>
Result<std::vector<T>> list_field(JsonObject& object, std::string_view name, std::size_t max,
                                  Read read) {
  CERTRELAY_TRY(const auto* array, object.array(name));
  if (array->size() > max) return Error{ErrorCode::kLimitExceeded, "message: list"};
  std::vector<T> out;
  out.reserve(array->size());
  for (const auto& element : *array) {
    CERTRELAY_TRY(auto value, read(element));
    out.push_back(std::move(value));
  }
  return out;
}

// As list_field, of objects: `read` sees each and must consume it whole.
template <class T, class Read>
Result<std::vector<T>> objects_field(JsonObject& object, std::string_view name, std::size_t max,
                                     Read read) {
  return list_field<T>(object, name, max, [&](const boost::json::value& element) -> Result<T> {
    CERTRELAY_TRY(auto inner, JsonObject::from(element));
    CERTRELAY_TRY(auto value, read(inner));
    CERTRELAY_TRY(inner.expect_no_more());
    return value;
  });
}

template <class T, class Write>
boost::json::array to_array_of(const std::vector<T>& list, Write write) {
  boost::json::array out;
  out.reserve(list.size());
  for (const auto& element : list) out.emplace_back(write(element));
  return out;
}

// Well-formed UTF-8 without control characters (a screen shows it), `min` to `max` bytes.
// Errors: kInvalidUtf8, kMalformed, kLimitExceeded.
Result<void> check_text(std::string_view text, std::size_t min, std::size_t max);

Result<void> check_count(std::size_t count, std::size_t min, std::size_t max);

// kDuplicateValue when two elements have the same key. Lists are short: no set is built.
template <class T, class Key>
Result<void> check_unique(const std::vector<T>& list, Key key) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (key(list[i]) == key(list[j])) {
        return Error{ErrorCode::kDuplicateValue, "message: value twice"};
      }
    }
  }
  return ok();
}

// Reads a whole body with `read`, which gets the outermost object, then checks the result.
template <class T, class Read>
Result<T> decode_body(ByteView body, std::size_t bytes_max, Read read) {
  CERTRELAY_TRY(const auto value, parse_body(body, bytes_max));
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  CERTRELAY_TRY(auto message, read(object));
  CERTRELAY_TRY(object.expect_no_more());
  return message;
}

}  // namespace certrelay
