#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "render/text/font_list.hpp"

namespace certrelay {

inline constexpr std::size_t kNameImageHeight = 48;       // px
inline constexpr std::size_t kNameImageWidthMax = 4'096;  // px

// Draws names with the pinned fonts. One thread at a time.
class NameImager {
 public:
  // `fonts` decides which font prints a sequence, and that none does; `files` are the same fonts'
  // files in the same order. All must outlive it. Errors: kFontUnsupported.
  static Result<NameImager> open(const FontList& fonts, std::span<const ByteView> files);
  NameImager(NameImager&&) noexcept;
  NameImager& operator=(NameImager&&) noexcept;
  ~NameImager();

  // A PNG of one bit a pixel, 48 px high, at most kNameImageBytesMax. Never a substitute, never
  // cut. Errors: kInvalidUtf8, kGlyphMissing, as the page refuses; kTextTooLong (no room within the
  // limits, or no character at all); kInternal.
  Result<Bytes> draw(std::string_view name);

 private:
  struct State;
  explicit NameImager(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace certrelay
