#include "relay/identity/general_names.hpp"

#include <algorithm>

#include "relay/identity/any_value.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kDirectoryName = 0xA4;

// OtherName { type-id, value [0] EXPLICIT }: one DER value of whatever type.
Result<void> check_other_name(DerReader in) {
  CERTRELAY_TRY(in.expect_oid());
  CERTRELAY_TRY(auto value, in.enter(0xA0));
  CERTRELAY_TRY(const auto inner, value.any());
  CERTRELAY_TRY(check_any_value(inner, value.code()));
  CERTRELAY_TRY(value.expect_end());
  return in.expect_end();
}

// EDIPartyName { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString }, a
// choice behind each tag.
Result<void> check_party_name(DerReader in) {
  for (const std::uint8_t tag : {std::uint8_t{0xA0}, std::uint8_t{0xA1}}) {
    if (tag == 0xA0 && !in.next_is(tag)) continue;
    CERTRELAY_TRY(auto choice, in.enter(tag));
    CERTRELAY_TRY(const auto name, choice.any());
    if (!is_valid_text(name)) return in.error("names: party");
    CERTRELAY_TRY(choice.expect_end());
  }
  return in.expect_end();
}

}  // namespace

Result<void> check_general_name(const DerValue& name, ErrorCode code) {
  const auto content = name.content;
  switch (name.tag) {
    case 0x81:  // rfc822Name
    case 0x82:  // dNSName
    case 0x86:  // uniformResourceIdentifier
      if (std::all_of(content.begin(), content.end(), [](auto octet) { return octet < 0x80; })) {
        return ok();
      }
      break;
    case 0x87:  // iPAddress
      if (content.size() == 4 || content.size() == 16) return ok();
      break;
    case kDirectoryName: {
      DerReader in(content, code);
      CERTRELAY_TRY(const auto inner, in.expect(der_tag::kSequence));
      CERTRELAY_TRY(in.expect_end());
      return check_name(inner.content, code);
    }
    case 0x88:  // registeredID
      return check_oid(content, code);
    case 0xA0:
      return check_other_name(DerReader(content, code));
    case 0xA3:  // x400Address
      return check_any_value(name, code);
    case 0xA5:
      return check_party_name(DerReader(content, code));
    default:
      break;
  }
  return Error{code, "names: form"};
}

std::optional<ByteView> directory_name(ByteView whole) {
  DerReader outer(whole, ErrorCode::kMalformed);
  DerValue name, inner;
  if (!outer.read(name) || !outer.at_end() || name.tag != kDirectoryName) return {};
  DerReader in(name.content, ErrorCode::kMalformed);
  if (!in.read(inner) || !in.at_end()) return {};
  return inner.whole;
}

bool general_names_match(ByteView a, ByteView b, NameMatching how) {
  if (same_bytes(a, b)) return true;
  const auto left = directory_name(a);
  const auto right = directory_name(b);
  return left && right && names_match(*left, *right, how);
}

}  // namespace certrelay
