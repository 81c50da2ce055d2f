#include "relay/identity/any_value.hpp"

#include <algorithm>

#include "relay/identity/name_match.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kVisibleString = 0x1A, kGeneralString = 0x1B;

bool is_ascii(ByteView content) {
  return std::all_of(content.begin(), content.end(), [](auto octet) { return octet < 0x80; });
}

Result<void> check_parts(ByteView content, ErrorCode code, int depth) {
  if (depth == 0) return Error{code, "der: too deep"};
  DerReader in(content, code);
  while (!in.at_end()) {
    CERTRELAY_TRY(const auto part, in.any());
    CERTRELAY_TRY(check_any_value(part, code, depth - 1));
  }
  return ok();
}

// One of the universal class that is not constructed.
bool is_primitive_form(const DerValue& value, ErrorCode code) {
  const auto content = value.content;
  switch (value.tag) {
    case der_tag::kBoolean:
      return der_boolean(content, code).has_value();
    case der_tag::kInteger:
    case der_tag::kEnumerated:
      return is_der_integer(content);
    case der_tag::kBitString:
      return is_bit_string(content);
    case der_tag::kOctetString:
      return true;
    case der_tag::kNull:
      return content.empty();
    case der_tag::kOid:
      return check_oid(content, code).has_value();
    case der_tag::kUtcTime:
    case der_tag::kGeneralizedTime:
      return has_time_form(value.tag, content);
    case kVisibleString:
    case kGeneralString:
      return is_ascii(content);
    default:
      return is_valid_text(value);
  }
}

}  // namespace

Result<void> check_any_value(const DerValue& value, ErrorCode code, int depth) {
  const bool universal = (value.tag & 0xC0) == 0;
  const bool constructed = (value.tag & 0x20) != 0;
  const bool row = value.tag == der_tag::kSequence || value.tag == der_tag::kSet;
  if (universal && !row) {
    return is_primitive_form(value, code) ? ok() : Result<void>(Error{code, "der: form"});
  }
  return constructed ? check_parts(value.content, code, depth) : ok();
}

}  // namespace certrelay
