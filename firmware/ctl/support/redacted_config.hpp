#pragma once

#include <string>

namespace certrelay {

// The configuration as a vendor may see it (R37): every key, and of the values only numbers, flags
// and the few texts that say how the relay behaves. What is not on the list is hidden: no path,
// address, name, pin or pass phrase. Throws StartFailure (not TOML).
std::string redacted_configuration(const std::string& text, const std::string& path);

}  // namespace certrelay
