#pragma once

#include <string>
#include <string_view>

namespace certrelay {

// A basic string of TOML 1.0: quotes and backslashes escaped. Precondition: no control characters.
inline std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace certrelay
