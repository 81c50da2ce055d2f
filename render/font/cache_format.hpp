// Sizes and offsets of the glyph cache's bytes; render/font/FORMAT.md is their description.
#pragma once

#include <cstddef>
#include <string_view>

namespace certrelay {

inline constexpr std::string_view kGlyphCacheMagic = "CRGLYPH2";
inline constexpr std::size_t kCacheHeaderBytes = 132;
inline constexpr std::size_t kCacheNameBytes = 64;
inline constexpr std::size_t kCacheSequenceBytes = 12;
inline constexpr std::size_t kCacheGlyphBytes = 28;
inline constexpr std::size_t kCacheDigestBytes = 32;

}  // namespace certrelay
