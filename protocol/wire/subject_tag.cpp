#include "protocol/wire/subject_tag.hpp"

#include "protocol/base/sha256.hpp"

namespace certrelay {
namespace {
constexpr char kSubjectLabelText[] = "certrelay subject v1";
// sizeof counts the terminating NUL, which is part of the label.
constexpr std::string_view kSubjectLabel(kSubjectLabelText, sizeof kSubjectLabelText);
}  // namespace

std::string subject_tag(const TransactionId& transaction, const MemberHandle& handle) {
  return to_base64url(Sha256().add(kSubjectLabel).add(transaction.bytes()).add(handle).finish());
}

}  // namespace certrelay
