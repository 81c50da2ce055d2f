#include "render/form/seal_image.hpp"

#include <string>

namespace certrelay {
namespace {

constexpr std::size_t kWidthMin = 200;
constexpr std::size_t kWidthMax = 2'000;
constexpr Error kBad{ErrorCode::kTemplateInvalid, "template: seal image"};

}  // namespace

Result<PreparedImage> read_seal_image(ByteView pbm) {
  // "P4\nWIDTH HEIGHT\n"
  const auto text = as_text(pbm);
  const auto head = text.find('\n', 3);
  if (!text.starts_with("P4\n") || head == std::string_view::npos) return kBad;
  const auto size = text.substr(3, head - 3);
  for (std::size_t width = kWidthMin; width <= kWidthMax; ++width) {
    const auto digits = std::to_string(width);
    if (size != digits + " " + digits) continue;
    Bytes rows(pbm.begin() + static_cast<std::ptrdiff_t>(head) + 1, pbm.end());
    if (rows.size() != (width + 7) / 8 * width) return kBad;
    CERTRELAY_TRY(auto stream, prepare_stream(as_text(rows)));
    return PreparedImage{std::move(stream.zlib), width};
  }
  return kBad;
}

}  // namespace certrelay
