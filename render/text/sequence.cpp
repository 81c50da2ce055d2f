#include "render/text/sequence.hpp"

#include "protocol/base/utf8.hpp"

namespace certrelay {

bool is_variation_selector(char32_t point) {
  return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
}

Result<std::vector<Sequence>> split_sequences(std::string_view text) {
  CERTRELAY_TRY(const auto points, decode_utf8(text));
  std::vector<Sequence> out;
  out.reserve(points.size());
  for (const char32_t point : points) {
    const bool joins = is_variation_selector(point) && !out.empty() && out.back().selector == 0 &&
                       !is_variation_selector(out.back().base);
    if (joins) {
      out.back().selector = point;
    } else {
      out.push_back({point, 0});
    }
  }
  return out;
}

}  // namespace certrelay
