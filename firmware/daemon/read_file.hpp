#pragma once

#include <string>

#include "protocol/base/bytes.hpp"

namespace certrelay {

inline constexpr std::size_t kPemFileBytesMax = std::size_t{1024} * 1024;
inline constexpr std::size_t kCrlFileBytesMax = std::size_t{256} * 1024 * 1024;

// A whole file that the configuration names under `key`. Throws StartFailure: not there, not
// readable, larger than `bytes_max`.
Bytes read_configured(const std::string& key, const std::string& path, std::size_t bytes_max);
std::string read_configured_text(const std::string& key, const std::string& path,
                                 std::size_t bytes_max = kPemFileBytesMax);

}  // namespace certrelay
