#include "relay/identity/name_match.hpp"

#include <string>

namespace certrelay {
namespace {

constexpr std::uint8_t kUtf8String = 0x0C;
constexpr std::uint8_t kPrintableString = 0x13;
constexpr std::uint8_t kIa5String = 0x16;

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

bool names_match(ByteView a, ByteView b, NameMatching how) {
  if (same_bytes(a, b)) return true;
  if (how == NameMatching::kExact) return false;
  return each_matches(a, b, [](DerValue one, DerValue other) {
    return one.tag == der_tag::kSequence && other.tag == der_tag::kSequence &&
           each_matches(one.content, other.content, relative_names_match);
  });
}

}  // namespace certrelay
