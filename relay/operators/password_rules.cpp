#include "relay/operators/password_rules.hpp"

#include <algorithm>
#include <set>

namespace certrelay {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

Result<void> check_new_password(const Password& password, const OperatorName& name) {
  const auto text = password.reveal();
  const auto other = name.text();
  const std::set<char> letters(text.begin(), text.end());
  const auto same = [](char a, char b) { return lower(a) == b; };  // names have no upper case
  const bool named = !std::ranges::search(text, other, same).empty();
  if (text.size() < kNewPasswordBytesMin || letters.size() < kNewPasswordLettersMin || named) {
    return Error{ErrorCode::kPasswordUnfit, "password: rules"};
  }
  return ok();
}

}  // namespace certrelay
