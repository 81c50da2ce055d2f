#pragma once

#include "protocol/ids/password.hpp"
#include "protocol/record/entry_text.hpp"

namespace certrelay {

inline constexpr std::size_t kNewPasswordBytesMin = 12;
inline constexpr std::size_t kNewPasswordLettersMin = 5;  // different ones

// Whether it may be set: long enough, of enough different characters, without the person's name.
// Errors: kPasswordUnfit.
Result<void> check_new_password(const Password& password, const OperatorName& name);

}  // namespace certrelay
