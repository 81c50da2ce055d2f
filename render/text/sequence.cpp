#include "render/text/sequence.hpp"

#include "protocol/base/utf8.hpp"

namespace certrelay {

namespace {

bool joins(char32_t point) { return is_variation_selector(point) || is_combining_mark(point); }

}  // namespace

Result<std::vector<Sequence>> split_sequences(std::string_view text) {
  CERTRELAY_TRY(const auto points, decode_utf8(text));
  std::vector<Sequence> out;
  out.reserve(points.size());
  for (const char32_t point : points) {
    const bool has_base = !out.empty() && out.back().selector == 0 && !joins(out.back().base);
    if (joins(point) && has_base) {
      out.back().selector = point;
    } else {
      out.push_back({point, 0});
    }
  }
  return out;
}

}  // namespace certrelay
