#include "protocol/ids/password.hpp"

#include <algorithm>

namespace certrelay {

Result<Password> Password::parse(std::string_view text) {
  const bool fits = !text.empty() && text.size() <= kPasswordBytesMax &&
                    std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (!fits) return Error{ErrorCode::kMalformed, "password"};
  return Password(Bytes(text.begin(), text.end()));
}

}  // namespace certrelay
