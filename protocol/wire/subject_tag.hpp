#pragma once

#include <string>

#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

inline constexpr std::size_t kSubjectTagSize = 43;

// What stands on the page for one person (INV-3): base64url without padding of SHA-256 over a
// label, the transaction and the handle of that inquiry. 43 characters, no personal data; the
// center computes what it expects, so a page of another transaction fails by arithmetic.
std::string subject_tag(const TransactionId& transaction, const MemberHandle& handle);

}  // namespace certrelay
