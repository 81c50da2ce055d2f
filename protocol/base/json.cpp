#include "protocol/base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serializer.hpp>
#include <vector>

#include "protocol/base/spent_stack.hpp"

namespace certrelay {
namespace {

namespace json = boost::json;

constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;

// Sees every token before the value is built, and stops at the first that I-JSON forbids.
struct StrictHandler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using ec = json::error_code;

  std::vector<std::set<std::string, std::less<>>> names;
  std::string text;
  ErrorCode found = ErrorCode::kMalformed;

  bool refuse(ErrorCode code, ec& error) {
    found = code;
    error = json::error::exception;
    return false;
  }
  bool part(json::string_view piece, ec& error) {
    text.append(piece.data(), piece.size());
    if (piece.find('\0') != json::string_view::npos) return refuse(ErrorCode::kInvalidUtf8, error);
    return true;
  }
  bool integer_in_range(std::int64_t value, ec& error) {
    const bool fits = value >= -kIntegerMax && value <= kIntegerMax;
    return fits || refuse(ErrorCode::kMalformed, error);
  }

  bool on_document_begin(ec&) { return true; }
  bool on_document_end(ec&) { return true; }
  bool on_object_begin(ec&) {
    names.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, ec&) {
    names.pop_back();
    return true;
  }
  bool on_array_begin(ec&) { return true; }
  bool on_array_end(std::size_t, ec&) { return true; }
  bool on_key_part(json::string_view piece, std::size_t, ec& error) { return part(piece, error); }
  bool on_key(json::string_view piece, std::size_t, ec& error) {
    if (!part(piece, error)) return false;
    const bool fresh = names.back().insert(text).second;
    text.clear();
    return fresh || refuse(ErrorCode::kDuplicateName, error);
  }
  bool on_string_part(json::string_view piece, std::size_t, ec& error) {
    return part(piece, error);
  }
  bool on_string(json::string_view piece, std::size_t, ec& error) {
    const bool fine = part(piece, error);
    text.clear();
    return fine;
  }
  bool on_number_part(json::string_view, ec&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, ec& error) {
    return integer_in_range(value, error);
  }
  bool on_uint64(std::uint64_t, json::string_view, ec& error) {
    return refuse(ErrorCode::kMalformed, error);  // only reached beyond the range of int64
  }
  bool on_double(double, json::string_view, ec& error) {
    return refuse(ErrorCode::kMalformed, error);
  }
  bool on_bool(bool, ec&) { return true; }
  bool on_null(ec&) { return true; }
  bool on_comment_part(json::string_view, ec&) { return true; }
  bool on_comment(json::string_view, ec&) { return true; }
};

Result<json::value> parse(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes_max) return Error{ErrorCode::kLimitExceeded, "json: size"};
  json::parse_options options;
  options.max_depth = limits.depth_max;
  json::basic_parser<StrictHandler> strict(options);
  json::error_code error;
  const auto used = strict.write_some(false, text.data(), text.size(), error);
  if (error) {
    const bool deep = error == json::error::too_deep;
    const auto code = deep ? ErrorCode::kLimitExceeded : strict.handler().found;
    return Error{code, "json: not strict I-JSON"};
  }
  if (used != text.size()) return Error{ErrorCode::kTrailingBytes, "json: trailing bytes"};
  json::parser parser({}, options);
  parser.write(text, error);
  if (error) return Error{ErrorCode::kMalformed, "json: parse"};
  return parser.release();
}

}  // namespace

Result<json::value> parse_strict_json(std::string_view text, JsonLimits limits) {
  auto value = parse(text, limits);
  // The parsers put the characters of texts with escapes on the stack.
  if (text.find('\\') != std::string_view::npos) wipe_spent_stack();
  return value;
}

Result<JsonObject> JsonObject::from(const json::value& value) {
  if (!value.is_object()) return Error{ErrorCode::kWrongType, "json: object expected"};
  return JsonObject(value.get_object());
}

const json::value* JsonObject::optional(std::string_view name) {
  seen_.insert(name);
  return object_->if_contains(name);
}

bool JsonObject::has(std::string_view name) const { return object_->contains(name); }

Result<const json::value*> JsonObject::required(std::string_view name) {
  const auto* value = optional(name);
  if (value == nullptr) return Error{ErrorCode::kMissingMember, "json: member missing"};
  return value;
}

Result<std::string_view> JsonObject::string(std::string_view name) {
  CERTRELAY_TRY(const auto* value, required(name));
  if (!value->is_string()) return Error{ErrorCode::kWrongType, "json: string expected"};
  return std::string_view(value->get_string());
}

Result<std::int64_t> JsonObject::integer(std::string_view name) {
  CERTRELAY_TRY(const auto* value, required(name));
  if (!value->is_int64()) return Error{ErrorCode::kWrongType, "json: integer expected"};
  return value->get_int64();
}

Result<bool> JsonObject::boolean(std::string_view name) {
  CERTRELAY_TRY(const auto* value, required(name));
  if (!value->is_bool()) return Error{ErrorCode::kWrongType, "json: boolean expected"};
  return value->get_bool();
}

Result<JsonObject> JsonObject::object(std::string_view name) {
  CERTRELAY_TRY(const auto* value, required(name));
  return from(*value);
}

Result<const json::array*> JsonObject::array(std::string_view name) {
  CERTRELAY_TRY(const auto* value, required(name));
  if (!value->is_array()) return Error{ErrorCode::kWrongType, "json: array expected"};
  return &value->get_array();
}

Result<void> JsonObject::expect_no_more() const {
  for (const auto& member : *object_) {
    if (!seen_.contains(std::string_view(member.key()))) {
      return Error{ErrorCode::kUnknownMember, "json: unknown member"};
    }
  }
  return ok();
}

// json::serialize would put the first 4,096 bytes of the text on the stack, and leave them there.
std::string to_json_text(const json::value& value) {
  constexpr std::size_t kFirst = 1024;
  std::string out(kFirst, '\0');
  std::size_t used = 0;
  json::serializer serializer;
  serializer.reset(&value);
  while (true) {
    used += serializer.read(out.data() + used, out.size() - used).size();
    if (serializer.done()) break;
    out.resize(out.size() * 2);
  }
  out.resize(used);
  return out;
}

}  // namespace certrelay
