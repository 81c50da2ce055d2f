#include "protocol/extract/name_images.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

// Signature, length and type of the first chunk (PNG, third edition, §5.2 and §11.2.1).
constexpr std::array<std::uint8_t, 16> kPngHead{0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A,
                                                0,    0,   0,   13,  'I',  'H',  'D',  'R'};
constexpr std::uint32_t kHeight = 48;
constexpr std::uint32_t kWidthMax = 4096;
constexpr std::uint8_t kBitDepth = 1;
constexpr std::uint8_t kGrey = 0;

}  // namespace

bool is_name_image(ByteView png) {
  if (png.size() < kPngHead.size() || png.size() > kNameImageBytesMax ||
      !std::equal(kPngHead.begin(), kPngHead.end(), png.begin())) {
    return false;
  }
  ByteReader reader(png.subspan(kPngHead.size()));
  const auto width = reader.u32();
  const auto height = reader.u32();
  const auto depth = reader.u8();
  const auto colour = reader.u8();
  return colour.has_value() && width.value() >= 1 && width.value() <= kWidthMax &&
         height.value() == kHeight && depth.value() == kBitDepth && colour.value() == kGrey;
}

Result<void> NameImages::read(const Manifest& manifest, ExtractFiles& files,
                              Diagnostics& diagnostics) {
  for (const auto& file : manifest.files) {
    if (!file.name.starts_with(kImageFolder)) continue;
    CERTRELAY_TRY(auto plain, files.open(file.name));
    CheckedSource source(std::move(plain), file, diagnostics);
    Bytes png(file.bytes);
    std::size_t have = 0;
    for (std::size_t count = 1; count > 0; have += count) {
      // At the end still one byte is asked for: the end is where the digest is compared.
      std::uint8_t beyond = 0;
      const auto rest = std::span(png).subspan(have);
      CERTRELAY_TRY(count, source.read(rest.empty() ? std::span(&beyond, 1) : rest));
    }
    if (!is_name_image(png)) {
      diagnostics.reject(
          {file.name, 0, {}, "image-form", "高さ48ピクセル・1ビットのPNGにしてください。"});
    }
    images_.emplace(file.name.substr(kImageFolder.size()), Image{std::move(png)});
  }
  return ok();
}

const Bytes* NameImages::take(std::string_view name) {
  const auto found = images_.find(name);
  if (found == images_.end()) return nullptr;
  found->second.taken = true;
  return &found->second.png;
}

void NameImages::report_rest(Diagnostics& diagnostics) const {
  for (const auto& [name, image] : images_) {
    if (image.taken) continue;
    diagnostics.reject({std::string(kImageFolder) + name,
                        0,
                        {},
                        "image-for-nobody",
                        "persons.csvのどの行からも参照されていない画像です。"});
  }
}

}  // namespace certrelay
