#include "protocol/wire/subject_tag.hpp"

#include "protocol/base/sha256.hpp"

namespace certrelay {
namespace {
constexpr char kLabelText[] = "certrelay subject v1";
// sizeof counts the terminating NUL, which is part of the label.
constexpr std::string_view kLabel(kLabelText, sizeof kLabelText);
}  // namespace

std::string subject_tag(const TransactionId& transaction, const MemberHandle& handle) {
  return to_base64url(Sha256().add(kLabel).add(transaction.bytes()).add(handle).finish());
}

}  // namespace certrelay
