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

// AttributeTypeAndValue { type OID, value }.
bool attributes_match(DerValue a, DerValue b) {
  constexpr auto kCode = ErrorCode::kCertificateMalformed;
  DerReader left(a.content, kCode);
  DerReader right(b.content, kCode);
  DerValue type_a, type_b, value_a, value_b;
  if (a.tag != der_tag::kSequence || b.tag != der_tag::kSequence || !left.read(type_a) ||
      !right.read(type_b) || !left.read(value_a) || !right.read(value_b) || !left.at_end() ||
      !right.at_end() || !same_bytes(type_a.whole, type_b.whole)) {
    return false;
  }
  if (is_common_text(value_a.tag) && is_common_text(value_b.tag)) {
    return folded(value_a.content) == folded(value_b.content);
  }
  return same_bytes(value_a.whole, value_b.whole);
}

// The elements of a and b, pairwise; a SET is in DER's order, so pairs stay pairs.
template <class Match>
bool each_matches(ByteView a, ByteView b, Match match) {
  DerReader left(a, ErrorCode::kCertificateMalformed);
  DerReader right(b, ErrorCode::kCertificateMalformed);
  while (!left.at_end() && !right.at_end()) {
    DerValue one_a, one_b;
    if (!left.read(one_a) || !right.read(one_b) || !match(one_a, one_b)) return false;
  }
  return left.at_end() && right.at_end();
}

bool relative_names_match(DerValue a, DerValue b) {
  return a.tag == der_tag::kSet && b.tag == der_tag::kSet &&
         each_matches(a.content, b.content, attributes_match);
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

bool names_match(ByteView a, ByteView b, NameMatching how) {
  if (same_bytes(a, b)) return true;
  if (how == NameMatching::kExact) return false;
  return each_matches(a, b, [](DerValue one, DerValue other) {
    return one.tag == der_tag::kSequence && other.tag == der_tag::kSequence &&
           each_matches(one.content, other.content, relative_names_match);
  });
}

}  // namespace certrelay
