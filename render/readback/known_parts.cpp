#include "render/readback/known_parts.hpp"

#include <algorithm>

#include "render/readback/document_reader.hpp"

namespace certrelay {
namespace {

Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

Result<KnownParts> KnownParts::of(std::span<const Bytes> documents, const Outlines& outlines) {
  KnownParts out;
  for (const auto& pdf : documents) {
    CERTRELAY_TRY(out.add(pdf, outlines));
  }
  return out;
}

Result<void> KnownParts::add(ByteView pdf, const Outlines& outlines) {
  CERTRELAY_TRY(const auto file, PdfFile::open(pdf));
  DocumentReader reader(file, &outlines, this);
  CERTRELAY_TRY(const auto read, reader.read());
  static_cast<void>(read);                                              // the caller's to judge
  if (!fonts_.empty() && !reader.fonts().form_is_known()) return ok();  // says it in other fonts
  for (const auto& [name, parts] : reader.fonts().parts()) {
    if (!name.starts_with(kFormFontPrefix)) continue;
    fonts_.emplace(name, Font{.base_font = std::string(parts.embedded.base_font),
                              .zlib = copy_of(parts.embedded.zlib),
                              .to_unicode = copy_of(parts.to_unicode),
                              .texts = *reader.fonts().maps().find(name)->second});
  }
  for (const auto& [number, content] : reader.form_streams()) {
    CERTRELAY_TRY(const auto stream, file.stream(number));
    if (!is_deflated(stream)) continue;  // the same bytes would say another thing
    streams_[stream.data.size()].emplace_back(copy_of(stream.data), content);
  }
  return ok();
}

bool KnownParts::Font::is(const FontParts& parts) const {
  return parts.embedded.base_font == base_font &&
         std::ranges::equal(parts.to_unicode, to_unicode) &&
         std::ranges::equal(parts.embedded.zlib, zlib);
}

const UnicodeMap* KnownParts::font(std::string_view name, const FontParts& parts) const {
  const auto known = fonts_.find(name);
  return known != fonts_.end() && known->second.is(parts) ? &known->second.texts : nullptr;
}

const ReadContent* KnownParts::stream(ByteView filtered) const {
  const auto of_length = streams_.find(filtered.size());
  if (of_length == streams_.end()) return nullptr;
  for (const auto& [bytes, content] : of_length->second) {
    if (std::ranges::equal(filtered, bytes)) return &content;
  }
  return nullptr;
}

}  // namespace certrelay
