#include "render/readback/read_back.hpp"

#include <algorithm>

#include "render/readback/code_stream.hpp"
#include "render/readback/file.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kFormRunsUsual = 256;
constexpr std::size_t kPagesMax = 20;  // a household of twenty, one person on each

bool has_only(const PdfDictionary& dictionary, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(dictionary, [&](const auto& entry) {
    return std::ranges::find(names, entry.first) != names.end();
  });
}

Result<Bytes> read_id(const PdfDictionary& trailer) {
  const auto* parts = as<PdfArray>(find_entry(trailer, "ID"));
  if (parts == nullptr || parts->size() != 2) return unreadable("readback: ID");
  const auto* first = as<PdfString>(&(*parts)[0]);
  const auto* second = as<PdfString>(&(*parts)[1]);
  if (first == nullptr || second == nullptr || first->bytes() != second->bytes()) {
    return unreadable("readback: ID");
  }
  return first->bytes();
}

class Reader {
 public:
  Reader(const PdfFile& file, bool single_page) : file_(&file), single_page_(single_page) {}

  Result<ReadPage> page(const PdfDictionary& page) {
    if (!is_name(page, "Type", "Page") ||
        !has_only(page, {"Type", "Parent", "MediaBox", "Resources", "Contents"})) {
      return unreadable("readback: page");
    }
    CERTRELAY_TRY(load_fonts(find_entry(page, "Resources")));
    const auto* contents = as<PdfArray>(find_entry(page, "Contents"));
    if (contents == nullptr || contents->size() < 2) return unreadable("readback: contents");
    std::vector<std::size_t> streams;
    for (const auto& content : *contents) {
      const auto* reference = as<PdfReference>(&content);
      if (reference == nullptr) return unreadable("readback: contents");
      streams.push_back(reference->number);
    }
    ReadPage out;
    out.form.reserve(kFormRunsUsual);
    CERTRELAY_TRY(const bool code, take_code(streams.back(), out));
    if (code) streams.pop_back();
    for (std::size_t i = 0; i < streams.size(); ++i) {
      const auto role = i == 0                    ? StreamRole::kTags
                        : i + 1 == streams.size() ? StreamRole::kValues
                                                  : StreamRole::kForm;
      CERTRELAY_TRY(add_stream(streams[i], role, out));
    }
    return out;
  }

  const std::optional<Digest>& seal_image() const { return seal_image_; }

 private:
  // The stream behind the values, where there is one: values begin with BT.
  Result<bool> take_code(std::size_t number, ReadPage& page) const {
    CERTRELAY_TRY(const auto stream, file_->stream(number));
    if (is_filtered(stream) || PdfLexer(stream.data).peek() != 'q') return false;
    CERTRELAY_TRY(page.code, read_code_stream(stream.data));
    return true;
  }

  Result<void> add_stream(std::size_t number, StreamRole role, ReadPage& page) {
    if (role == StreamRole::kForm) {
      // Pages share the form's streams; each is read once.
      auto known = form_.find(number);
      if (known == form_.end()) {
        CERTRELAY_TRY(const auto stream, file_->stream(number));
        CERTRELAY_TRY(const auto operators, decode_stream(stream));
        CERTRELAY_TRY(auto content, read_content(operators, role, fonts_));
        known = form_.emplace(number, std::move(content)).first;
      } else if (single_page_) {
        return unreadable("readback: a stream twice on a page");
      }
      page.images += known->second.images;
      auto& runs = known->second.runs;
      if (single_page_) {  // nobody asks for the stream again
        std::move(runs.begin(), runs.end(), std::back_inserter(page.form));
      } else {
        page.form.insert(page.form.end(), runs.begin(), runs.end());
      }
      return ok();
    }
    CERTRELAY_TRY(const auto stream, file_->stream(number));
    if (is_filtered(stream)) return unreadable("readback: filtered stream");
    CERTRELAY_TRY(auto content, read_content(stream.data, role, fonts_));
    if (role == StreamRole::kTags) {
      page.subject_tags = std::move(content.subject_tags);
    } else {
      page.values = std::move(content.runs);
    }
    return ok();
  }

  Result<void> load_fonts(const PdfValue* resources) {
    // All pages name one object, which is read once.
    const auto* reference = as<PdfReference>(resources);
    if (reference == nullptr) return unreadable("readback: resources");
    if (resources_ == reference->number) return ok();
    if (resources_ != 0) return unreadable("readback: pages differ in resources");
    resources_ = reference->number;
    CERTRELAY_TRY(const auto dictionary, file_->dictionary(reference->number));
    if (!has_only(dictionary, {"Font", "XObject"})) return unreadable("readback: resources");
    if (const auto* images = find_entry(dictionary, "XObject")) {
      CERTRELAY_TRY(load_image(images));
    }
    CERTRELAY_TRY(const auto fonts, file_->dictionary_of(find_entry(dictionary, "Font")));
    for (const auto& [name, value] : fonts) {
      CERTRELAY_TRY(auto map, font_map(&value));
      fonts_.emplace(name, std::move(map));
    }
    return ok();
  }

  // The one image that a form may have: a mask, named S0.
  Result<void> load_image(const PdfValue* images) {
    CERTRELAY_TRY(const auto names, file_->dictionary_of(images));
    const auto* reference = as<PdfReference>(find_entry(names, "S0"));
    if (!has_only(names, {"S0"}) || reference == nullptr) return unreadable("readback: image");
    CERTRELAY_TRY(const auto stream, file_->stream(reference->number));
    if (!is_name(stream.dictionary, "Subtype", "Image") ||
        as<PdfTrue>(find_entry(stream.dictionary, "ImageMask")) == nullptr ||
        !has_only(stream.dictionary, {"Type", "Subtype", "ImageMask", "Decode", "BitsPerComponent",
                                      "Width", "Height", "Filter", "Length"})) {
      return unreadable("readback: image");
    }
    seal_image_ = sha256(stream.data);
    return ok();
  }

  Result<UnicodeMap> font_map(const PdfValue* value) const {
    CERTRELAY_TRY(const auto font, file_->dictionary_of(value));
    const auto* descendants = as<PdfArray>(find_entry(font, "DescendantFonts"));
    const auto* to_unicode = as<PdfReference>(find_entry(font, "ToUnicode"));
    if (!is_name(font, "Subtype", "Type0") || !is_name(font, "Encoding", "Identity-H") ||
        descendants == nullptr || descendants->size() != 1 || to_unicode == nullptr) {
      return unreadable("readback: font");
    }
    CERTRELAY_TRY(const auto cid_font, file_->dictionary_of(&(*descendants)[0]));
    if (!is_name(cid_font, "Subtype", "CIDFontType2") ||
        !is_name(cid_font, "CIDToGIDMap", "Identity")) {
      return unreadable("readback: font");
    }
    CERTRELAY_TRY(const auto descriptor,
                  file_->dictionary_of(find_entry(cid_font, "FontDescriptor")));
    if (as<PdfReference>(find_entry(descriptor, "FontFile2")) == nullptr) {
      return unreadable("readback: font is not embedded");
    }
    CERTRELAY_TRY(const auto stream, file_->stream(to_unicode->number));
    if (is_filtered(stream)) return unreadable("readback: ToUnicode");
    return read_unicode_map(stream.data);
  }

  const PdfFile* file_;
  bool single_page_;
  std::size_t resources_ = 0;
  std::optional<Digest> seal_image_;
  FontMaps fonts_;
  std::map<std::size_t, ReadContent> form_;
};

}  // namespace

Result<ReadDocument> read_back(ByteView pdf) {
  CERTRELAY_TRY(const auto file, PdfFile::open(pdf));
  ReadDocument out;
  CERTRELAY_TRY(out.id, read_id(file.trailer()));
  CERTRELAY_TRY(const auto catalog, file.dictionary_of(find_entry(file.trailer(), "Root")));
  if (!has_only(catalog, {"Type", "Pages", "Lang"})) return unreadable("readback: catalog");
  CERTRELAY_TRY(const auto tree, file.dictionary_of(find_entry(catalog, "Pages")));
  const auto* kids = as<PdfArray>(find_entry(tree, "Kids"));
  if (kids == nullptr || kids->empty() || kids->size() > kPagesMax) {
    return unreadable("readback: pages");
  }
  Reader reader(file, kids->size() == 1);
  for (const auto& kid : *kids) {
    CERTRELAY_TRY(const auto dictionary, file.dictionary_of(&kid));
    CERTRELAY_TRY(auto page, reader.page(dictionary));
    out.pages.push_back(std::move(page));
  }
  out.seal_image = reader.seal_image();
  return out;
}

}  // namespace certrelay
