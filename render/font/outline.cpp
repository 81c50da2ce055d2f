#include "render/font/outline.hpp"

#include <algorithm>
#include <limits>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr Error kUnsupportedOutline{ErrorCode::kFontUnsupported, "font: outline"};

// OpenType, table glyf, simple glyph flags.
constexpr std::uint8_t kOnCurve = 0x01;
constexpr std::uint8_t kXShort = 0x02;
constexpr std::uint8_t kYShort = 0x04;
constexpr std::uint8_t kRepeat = 0x08;
constexpr std::uint8_t kXSameOrPositive = 0x10;
constexpr std::uint8_t kYSameOrPositive = 0x20;

// Writes one delta in its shortest form; the flag's bits say which.
std::uint8_t put_delta(ByteWriter& out, long delta, std::uint8_t is_short, std::uint8_t same) {
  if (delta == 0) return same;
  if (delta >= -255 && delta <= 255) {
    out.u8(static_cast<std::uint8_t>(delta < 0 ? -delta : delta));
    return static_cast<std::uint8_t>(is_short | (delta > 0 ? same : 0));
  }
  out.u16(static_cast<std::uint16_t>(delta));
  return 0;
}

void put_flags(ByteWriter& out, const Bytes& flags) {
  for (std::size_t i = 0; i < flags.size();) {
    std::size_t run = 1;
    while (i + run < flags.size() && run < 256 && flags[i + run] == flags[i]) ++run;
    out.u8(static_cast<std::uint8_t>(flags[i] | (run > 1 ? kRepeat : 0)));
    if (run > 1) out.u8(static_cast<std::uint8_t>(run - 1));
    i += run;
  }
}

bool is_16_bit(long value) {
  return value >= std::numeric_limits<std::int16_t>::min() &&
         value <= std::numeric_limits<std::int16_t>::max();
}

struct Box {
  long x_min = 0, y_min = 0, x_max = 0, y_max = 0;
};

Box box_of(std::span<const FT_Vector> points) {
  Box box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const auto& point : points) {
    box = {std::min(box.x_min, point.x), std::min(box.y_min, point.y), std::max(box.x_max, point.x),
           std::max(box.y_max, point.y)};
  }
  return box;
}

void put_header(ByteWriter& out, const FT_Outline& outline, const Box& box) {
  out.u16(static_cast<std::uint16_t>(outline.n_contours));
  for (const long side : {box.x_min, box.y_min, box.x_max, box.y_max}) {
    out.u16(static_cast<std::uint16_t>(side));
  }
  for (int i = 0; i < outline.n_contours; ++i) {
    out.u16(static_cast<std::uint16_t>(outline.contours[i]));
  }
  out.u16(0);  // no instructions
}

}  // namespace

Result<Bytes> encode_glyf(const FT_Outline& outline) {
  if (outline.n_contours <= 0 || outline.n_points <= 0) return Bytes{};
  const auto count = static_cast<std::size_t>(outline.n_points);
  const std::span points(outline.points, count);
  const Box box = box_of(points);
  for (const long side : {box.x_min, box.y_min, box.x_max, box.y_max}) {
    if (!is_16_bit(side)) return kUnsupportedOutline;
  }
  ByteWriter xs;
  ByteWriter ys;
  Bytes flags;
  FT_Vector last{0, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const auto tag = FT_CURVE_TAG(outline.tags[i]);
    if (tag == FT_CURVE_TAG_CUBIC) return kUnsupportedOutline;
    const long dx = points[i].x - last.x;
    const long dy = points[i].y - last.y;
    if (!is_16_bit(dx) || !is_16_bit(dy)) return kUnsupportedOutline;
    auto flag = static_cast<std::uint8_t>(tag == FT_CURVE_TAG_ON ? kOnCurve : 0);
    flag |= put_delta(xs, dx, kXShort, kXSameOrPositive);
    flag |= put_delta(ys, dy, kYShort, kYSameOrPositive);
    flags.push_back(flag);
    last = points[i];
  }
  ByteWriter out;
  put_header(out, outline, box);
  put_flags(out, flags);
  out.raw(xs.view());
  out.raw(ys.view());
  while (out.size() % 4 != 0) out.u8(0);
  return std::move(out).take();
}

}  // namespace certrelay
