#include "render/image/name_image.hpp"

#include <ft2build.h>
#include <hb.h>
#include FT_FREETYPE_H

#include <vector>

#include "protocol/ids/values.hpp"
#include "render/image/png.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kWhere = "name_image";
constexpr Error kTooLong{ErrorCode::kTextTooLong, kWhere};
constexpr Error kLibrary{ErrorCode::kInternal, kWhere};
constexpr Error kUnsupported{ErrorCode::kFontUnsupported, kWhere};
// The em's size in px: the largest at which every glyph lies within the height.
constexpr int kLargestEm = 44;
constexpr int kSmallestEm = 32;
constexpr int kMargin = 2;  // px at both ends

struct FreeFace {
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
struct FreeLibrary {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};
using FacePtr = std::unique_ptr<FT_FaceRec_, FreeFace>;
using LibraryPtr = std::unique_ptr<FT_LibraryRec_, FreeLibrary>;

// The font's own glyph of a sequence that its cache has; 0: none after all.
FT_UInt glyph_of(FT_Face face, Sequence sequence) {
  if (sequence.selector == 0) return FT_Get_Char_Index(face, sequence.base);
  if (is_variation_selector(sequence.selector)) {
    return FT_Face_GetCharVariantIndex(face, sequence.base, sequence.selector);
  }
  // A combining mark: the glyph of the composed character, as the cache has it.
  hb_codepoint_t composed = 0;
  if (hb_unicode_compose(hb_unicode_funcs_get_default(), sequence.base, sequence.selector,
                         &composed) == 0) {
    return 0;
  }
  return FT_Get_Char_Index(face, composed);
}

// Where a bitmap stands from the line's beginning and baseline, y upwards.
struct Placed {
  int left, top;
  std::size_t width, height;
  std::vector<bool> black;
};

}  // namespace

struct NameImager::State {
  explicit State(const FontList& list) : fonts(&list) {}

  // All glyphs of a line at one size. Errors: kLibrary.
  struct Line {
    std::vector<Placed> glyphs;
    int width = 0;
    bool fits = true;  // in the height
  };
  Result<Line> set(const GlyphText& text, int em) {
    Line out;
    const int baseline = baseline_of(em);
    for (std::size_t i = 0; i < text.glyphs.size(); ++i) {
      const auto face = faces.at(text.glyphs[i].font).get();
      const auto glyph = glyph_of(face, text.sequences[i]);
      if (glyph == 0 || FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(em)) != 0 ||
          FT_Load_Glyph(face, glyph, FT_LOAD_RENDER | FT_LOAD_TARGET_MONO | FT_LOAD_NO_BITMAP) !=
              0) {
        return kLibrary;
      }
      const auto& slot = *face->glyph;
      const int above = slot.bitmap_top;
      const int below = static_cast<int>(slot.bitmap.rows) - above;
      out.fits =
          out.fits && above <= baseline && below <= static_cast<int>(kNameImageHeight) - baseline;
      out.glyphs.push_back(take(slot, out.width));
      out.width += static_cast<int>((slot.advance.x + 32) >> 6);
    }
    return out;
  }

  // The em box in the middle of the height, a baseline at 0.88 of it as the pinned fonts have.
  static int baseline_of(int em) {
    return (static_cast<int>(kNameImageHeight) - em) / 2 + em * 88 / 100;
  }

  static Placed take(const FT_GlyphSlotRec_& slot, int at) {
    const auto& bitmap = slot.bitmap;
    Placed out{at + slot.bitmap_left, slot.bitmap_top, bitmap.width, bitmap.rows, {}};
    out.black.resize(out.width * out.height);
    for (std::size_t y = 0; y < out.height; ++y) {
      const auto* row = bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch;
      for (std::size_t x = 0; x < out.width; ++x) {
        out.black[y * out.width + x] = (row[x / 8] >> (7 - x % 8) & 1) != 0;
      }
    }
    return out;
  }

  const FontList* fonts;
  LibraryPtr library;
  std::vector<FacePtr> faces;
};

NameImager::NameImager(std::unique_ptr<State> state) : state_(std::move(state)) {}
NameImager::NameImager(NameImager&&) noexcept = default;
NameImager& NameImager::operator=(NameImager&&) noexcept = default;
NameImager::~NameImager() = default;

Result<NameImager> NameImager::open(const FontList& fonts, std::span<const ByteView> files) {
  if (files.size() != fonts.size()) return kUnsupported;
  auto state = std::make_unique<State>(fonts);
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return kLibrary;
  state->library.reset(library);
  for (const auto file : files) {
    FT_Face face = nullptr;
    if (FT_New_Memory_Face(library, file.data(), static_cast<FT_Long>(file.size()), 0, &face) !=
        0) {
      return kUnsupported;
    }
    state->faces.emplace_back(face);
  }
  return NameImager(std::move(state));
}

Result<Bytes> NameImager::draw(std::string_view name) {
  CERTRELAY_TRY(const auto text, to_glyphs(*state_->fonts, name, kWhere));
  if (text.glyphs.empty()) return kTooLong;
  State::Line line;
  int em = kLargestEm;
  for (;; em -= 2) {
    if (em < kSmallestEm) return kTooLong;
    CERTRELAY_TRY(line, state_->set(text, em));
    if (line.fits) break;
  }
  // A glyph may begin before its origin or end behind its advance.
  int left = 0, right = line.width;
  for (const auto& glyph : line.glyphs) {
    left = std::min(left, glyph.left);
    right = std::max(right, glyph.left + static_cast<int>(glyph.width));
  }
  const auto width = static_cast<std::size_t>(right - left + 2 * kMargin);
  if (width > kNameImageWidthMax) return kTooLong;
  BitImage image{width, kNameImageHeight, std::vector<bool>(width * kNameImageHeight)};
  for (const auto& glyph : line.glyphs) {
    const auto x0 = static_cast<std::size_t>(glyph.left - left + kMargin);
    const auto y0 = static_cast<std::size_t>(State::baseline_of(em) - glyph.top);
    for (std::size_t y = 0; y < glyph.height; ++y) {
      for (std::size_t x = 0; x < glyph.width; ++x) {
        if (glyph.black[y * glyph.width + x]) image.black.at((y0 + y) * width + x0 + x) = true;
      }
    }
  }
  CERTRELAY_TRY(auto png, encode_png(image));
  if (png.size() > kNameImageBytesMax) return kTooLong;
  return png;
}

}  // namespace certrelay
