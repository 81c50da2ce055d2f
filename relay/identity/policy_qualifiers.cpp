#include "relay/identity/policy_qualifiers.hpp"

#include <algorithm>

#include "relay/identity/any_value.hpp"
#include "relay/identity/name_match.hpp"
#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kIa5Text = 0x16, kVisibleText = 0x1A, kUtf8Text = 0x0C, kBmpText = 0x1E;

bool is_visible(ByteView text) {
  return std::all_of(text.begin(), text.end(),
                     [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7F; });
}

// DisplayText. Its 200 characters are not counted: §4.2.1.4 asks readers to take longer ones.
Result<void> read_display_text(DerReader& in) {
  CERTRELAY_TRY(const auto text, in.any());
  const bool known = text.tag == kIa5Text || text.tag == kUtf8Text || text.tag == kBmpText;
  if (known ? is_valid_text(text) : text.tag == kVisibleText && is_visible(text.content)) {
    return ok();
  }
  return in.error("policy qualifier: text");
}

// NoticeReference { organization, noticeNumbers SEQUENCE OF INTEGER }.
Result<void> read_notice_reference(DerReader in) {
  CERTRELAY_TRY(read_display_text(in));
  CERTRELAY_TRY(auto numbers, in.enter(der_tag::kSequence));
  while (!numbers.at_end()) {
    CERTRELAY_TRY(const auto number, numbers.expect(der_tag::kInteger));
    if (!is_der_integer(number.content)) return in.error("policy qualifier: number");
  }
  return in.expect_end();
}

// UserNotice { noticeRef OPTIONAL, explicitText OPTIONAL }.
Result<void> read_user_notice(DerReader& in) {
  CERTRELAY_TRY(auto notice, in.enter(der_tag::kSequence));
  if (notice.next_is(der_tag::kSequence)) {
    CERTRELAY_TRY(const auto reference, notice.enter(der_tag::kSequence));
    CERTRELAY_TRY(read_notice_reference(reference));
  }
  if (notice.at_end()) return ok();
  CERTRELAY_TRY(read_display_text(notice));
  return notice.expect_end();
}

Result<void> read_practice_pointer(DerReader& in) {
  CERTRELAY_TRY(const auto text, in.expect(kIa5Text));
  if (!is_valid_text(text)) return in.error("policy qualifier: pointer");
  return ok();
}

}  // namespace

Result<void> check_policy_qualifiers(DerReader in, bool critical) {
  CERTRELAY_TRY(auto list, in.enter(der_tag::kSequence));
  CERTRELAY_TRY(in.expect_end());
  if (list.at_end()) return list.error("policy qualifiers: empty");
  while (!list.at_end()) {
    CERTRELAY_TRY(auto one, list.enter(der_tag::kSequence));
    CERTRELAY_TRY(const auto kind, one.expect_oid());
    if (as_text(kind) == oid::kPracticePointer) {
      CERTRELAY_TRY(read_practice_pointer(one));
    } else if (as_text(kind) == oid::kUserNotice) {
      CERTRELAY_TRY(read_user_notice(one));
    } else if (critical) {
      return Error{ErrorCode::kCertificateExtensionUnknown, "policy qualifier: unknown"};
    } else {
      CERTRELAY_TRY(const auto own, one.any());
      CERTRELAY_TRY(check_any_value(own, one.code()));
    }
    CERTRELAY_TRY(one.expect_end());
  }
  return ok();
}

}  // namespace certrelay
