#include "relay/identity/name_match.hpp"

#include <algorithm>
#include <string>

#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kUtf8String = 0x0C;
constexpr std::uint8_t kNumericString = 0x12;
constexpr std::uint8_t kPrintableString = 0x13;
constexpr std::uint8_t kTeletexString = 0x14;
constexpr std::uint8_t kIa5String = 0x16;
constexpr std::uint8_t kUniversalString = 0x1C;
constexpr std::uint8_t kBmpString = 0x1E;

std::uint32_t wide_at(ByteView content, std::size_t at, std::size_t octets) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < octets; ++i) value = value << 8 | content[at + i];
  return value;
}

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// BMPString: sixteen bits a character. A surrogate stands for nothing unless it has its other half,
// which is how programs write what lies beyond.
bool is_bmp_text(ByteView content) {
  if (content.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < content.size(); at += 2) {
    const auto unit = wide_at(content, at, 2);
    if (is_low_surrogate(unit)) return false;
    if (!is_high_surrogate(unit)) continue;
    at += 2;
    if (at == content.size() || !is_low_surrogate(wide_at(content, at, 2))) return false;
  }
  return true;
}

// UniversalString: a code point in each four octets.
bool is_universal_text(ByteView content) {
  if (content.size() % 4 != 0) return false;
  for (std::size_t at = 0; at < content.size(); at += 4) {
    const auto point = wide_at(content, at, 4);
    if (point > 0x10FFFF || is_high_surrogate(point) || is_low_surrogate(point)) return false;
  }
  return true;
}

// ASCII letters in lower case, white space trimmed and its runs made one space.
std::string folded(ByteView value) {
  std::string out;
  bool gap = false;
  for (const auto octet : value) {
    const char c = static_cast<char>(octet);
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      gap = !out.empty();
      continue;
    }
    if (gap) out.push_back(' ');
    gap = false;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

bool is_common_text(std::uint8_t tag) {
  return tag == kUtf8String || tag == kPrintableString || tag == kIa5String;
}

// Length before content, so that no two rows of parts read alike.
void append_part(std::string& out, char kind, std::string_view part) {
  out.push_back(kind);
  out += std::to_string(part.size());
  out.push_back(':');
  out += part;
}

// AttributeTypeAndValue { type OID, value }.
bool append_attribute(std::string& out, const DerValue& attribute) {
  DerReader in(attribute.content, ErrorCode::kCertificateMalformed);
  DerValue type, value;
  if (attribute.tag != der_tag::kSequence || !in.read(type) || !in.read(value) || !in.at_end()) {
    return false;
  }
  append_part(out, 'o', as_text(type.whole));
  if (is_common_text(value.tag)) {
    append_part(out, 't', folded(value.content));
  } else {
    append_part(out, 'v', as_text(value.whole));
  }
  return true;
}

// False for what is no Name. A SET is in DER's order, so its attributes are taken as they come.
bool append_name(std::string& out, ByteView whole) {
  constexpr auto kCode = ErrorCode::kCertificateMalformed;
  DerReader outer(whole, kCode);
  DerValue name;
  if (!outer.next_is(der_tag::kSequence) || !outer.read(name) || !outer.at_end()) return false;
  DerReader sets(name.content, kCode);
  while (!sets.at_end()) {
    DerValue set;
    if (!sets.next_is(der_tag::kSet) || !sets.read(set)) return false;
    out.push_back('s');
    DerReader attributes(set.content, kCode);
    while (!attributes.at_end()) {
      DerValue attribute;
      if (!attributes.read(attribute) || !append_attribute(out, attribute)) return false;
    }
  }
  return true;
}

}  // namespace

bool is_valid_text(const DerValue& value) {
  switch (value.tag) {
    case kUtf8String:
      return is_strict_utf8(as_text(value.content));
    case kPrintableString:
    case kIa5String:
    case kNumericString:
      return std::all_of(value.content.begin(), value.content.end(),
                         [](std::uint8_t octet) { return octet > 0 && octet < 0x80; });
    case kTeletexString:
      return true;
    case kUniversalString:
      return is_universal_text(value.content);
    case kBmpString:
      return is_bmp_text(value.content);
    default:
      return false;
  }
}

Result<void> check_name(ByteView content, ErrorCode code) {
  DerReader sets(content, code);
  while (!sets.at_end()) {
    CERTRELAY_TRY(auto attributes, sets.enter(der_tag::kSet));
    if (attributes.at_end()) return sets.error("name: empty set");
    while (!attributes.at_end()) {
      CERTRELAY_TRY(auto attribute, attributes.enter(der_tag::kSequence));
      CERTRELAY_TRY(attribute.expect_oid());
      CERTRELAY_TRY(const auto value, attribute.any());
      if (!is_valid_text(value)) return sets.error("name: text");
      CERTRELAY_TRY(attribute.expect_end());
    }
  }
  return ok();
}

std::string name_key(ByteView whole, NameMatching how) {
  std::string out = "n";
  if (how == NameMatching::kRfc5280 && append_name(out, whole)) return out;
  return "b" + std::string(as_text(whole));  // matches nothing but its own bytes
}

bool names_match(ByteView a, ByteView b, NameMatching how) {
  if (same_bytes(a, b)) return true;
  return how != NameMatching::kExact && name_key(a, how) == name_key(b, how);
}

}  // namespace certrelay
