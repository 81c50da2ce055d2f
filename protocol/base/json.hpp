// Strict I-JSON (RFC 7493) over Boost.JSON: what every message of this repository is read with.
//
// Boost.JSON, like every library, keeps the last of two members of one name; here that is an error,
// as are fractions, numbers beyond 2^53, NUL in a string, depth and size past the limits. A schema
// is closed: JsonObject refuses the members that nobody asked for.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

struct JsonLimits {
  std::size_t bytes_max = std::size_t{64} * 1024;
  std::size_t depth_max = 8;
};

// Errors: kMalformed, kLimitExceeded, kDuplicateName, kInvalidUtf8.
Result<boost::json::value> parse_strict_json(std::string_view text, JsonLimits limits = {});

// Reads one object of a closed schema: each member once, then expect_no_more(). Views the value,
// which must outlive it. Errors of every getter: kMissingMember, kWrongType.
class JsonObject {
 public:
  // kWrongType unless `value` is an object.
  static Result<JsonObject> from(const boost::json::value& value);

  Result<std::string_view> string(std::string_view name);
  Result<std::int64_t> integer(
      std::string_view name);  // any value of a strict document: |n| <= 2^53
  Result<bool> boolean(std::string_view name);
  Result<JsonObject> object(std::string_view name);
  Result<const boost::json::array*> array(std::string_view name);
  // Null when the member is absent; a member that is JSON null is kWrongType everywhere.
  const boost::json::value* optional(std::string_view name);
  bool has(std::string_view name) const;
  // kUnknownMember when the object has a member that none of the calls above asked for.
  Result<void> expect_no_more() const;

 private:
  explicit JsonObject(const boost::json::object& object) : object_(&object) {}
  Result<const boost::json::value*> required(std::string_view name);
  const boost::json::object* object_;
  std::set<std::string_view> seen_;
};

// UTF-8 text of a value, no white space, members in the order they were inserted.
std::string to_json_text(const boost::json::value& value);

}  // namespace certrelay
