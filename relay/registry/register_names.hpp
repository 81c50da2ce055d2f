// What the files in the register's folder are called. FORMAT.md, "Files".
#pragma once

#include <cstddef>
#include <string_view>

namespace certrelay {

inline constexpr std::string_view kCurrentFile = "CURRENT";
inline constexpr std::string_view kGenerationPrefix = "gen-";
inline constexpr std::string_view kKeysPrefix = "keys-";
inline constexpr std::string_view kOverlayPrefix = "over-";
inline constexpr std::string_view kAddedEnd = ".keys";
inline constexpr std::string_view kFreshEnd = ".new";
inline constexpr std::size_t kCurrentBytesMax = 4096;

}  // namespace certrelay
