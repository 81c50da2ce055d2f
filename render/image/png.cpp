#include "render/image/png.hpp"

#include <zlib.h>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

// Length, type, data, CRC over type and data.
void put_chunk(ByteWriter& out, std::string_view type, ByteView data) {
  out.u32(static_cast<std::uint32_t>(data.size()));
  Bytes body(type.begin(), type.end());
  body.insert(body.end(), data.begin(), data.end());
  out.raw(body);
  out.u32(static_cast<std::uint32_t>(
      crc32(crc32(0, nullptr, 0), body.data(), static_cast<uInt>(body.size()))));
}

// Each row: filter type 0, then whole bytes; white is 1.
Bytes rows_of(const BitImage& image) {
  const auto row = (image.width + 7) / 8;
  Bytes out;
  out.reserve((row + 1) * image.height);
  for (std::size_t y = 0; y < image.height; ++y) {
    out.push_back(0);
    for (std::size_t x = 0; x < row * 8; x += 8) {
      unsigned byte = 0;
      for (std::size_t bit = 0; bit < 8 && x + bit < image.width; ++bit) {
        if (!image.black[y * image.width + x + bit]) byte |= 0x80U >> bit;
      }
      out.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  return out;
}

}  // namespace

Result<Bytes> encode_png(const BitImage& image) {
  CERTRELAY_CHECK(image.width > 0 && image.black.size() == image.width * image.height);
  const auto rows = rows_of(image);
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  Bytes packed(size);
  if (compress2(packed.data(), &size, rows.data(), static_cast<uLong>(rows.size()),
                Z_BEST_COMPRESSION) != Z_OK) {
    return Error{ErrorCode::kInternal, "png: deflate"};
  }
  packed.resize(size);
  ByteWriter head;
  head.u32(static_cast<std::uint32_t>(image.width));
  head.u32(static_cast<std::uint32_t>(image.height));
  for (const int value : {1, 0, 0, 0, 0}) head.u8(static_cast<std::uint8_t>(value));  // 1 bit, grey
  ByteWriter out;
  out.raw(ByteView(kSignature));
  put_chunk(out, "IHDR", head.view());
  put_chunk(out, "IDAT", packed);
  put_chunk(out, "IEND", {});
  return std::move(out).take();
}

}  // namespace certrelay
