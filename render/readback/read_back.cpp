#include "render/readback/read_back.hpp"

#include <algorithm>

#include "render/readback/file.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPagesMax = 20;  // a household of twenty, one person on each

Error unreadable(std::string_view where) { return Error{ErrorCode::kPdfUnreadable, where}; }

bool has_only(const PdfDictionary& dictionary, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(dictionary, [&](const auto& entry) {
    return std::ranges::find(names, entry.first) != names.end();
  });
}

bool is_name(const PdfDictionary& dictionary, std::string_view key, std::string_view expected) {
  const auto* name = as<PdfName>(find_entry(dictionary, key));
  return name != nullptr && name->text == expected;
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
  explicit Reader(const PdfFile& file) : file_(&file) {}

  Result<ReadPage> page(const PdfDictionary& page) {
    if (!is_name(page, "Type", "Page") ||
        !has_only(page, {"Type", "Parent", "MediaBox", "Resources", "Contents"})) {
      return unreadable("readback: page");
    }
    CERTRELAY_TRY(load_fonts(find_entry(page, "Resources")));
    const auto* contents = as<PdfArray>(find_entry(page, "Contents"));
    if (contents == nullptr || contents->size() < 2) return unreadable("readback: contents");
    ReadPage out;
    for (std::size_t i = 0; i < contents->size(); ++i) {
      const auto* reference = as<PdfReference>(&(*contents)[i]);
      if (reference == nullptr) return unreadable("readback: contents");
      const auto role = i == 0                      ? StreamRole::kTags
                        : i + 1 == contents->size() ? StreamRole::kValues
                                                    : StreamRole::kForm;
      CERTRELAY_TRY(add_stream(reference->number, role, out));
    }
    return out;
  }

 private:
  Result<void> add_stream(std::size_t number, StreamRole role, ReadPage& page) {
    if (role == StreamRole::kForm) {
      // Pages share the form's streams; each is read once.
      auto known = form_.find(number);
      if (known == form_.end()) {
        CERTRELAY_TRY(const auto stream, file_->stream(number));
        CERTRELAY_TRY(const auto operators, decode_stream(stream));
        CERTRELAY_TRY(auto content, read_content(operators, role, fonts_));
        known = form_.emplace(number, std::move(content)).first;
      }
      const auto& runs = known->second.runs;
      page.form.insert(page.form.end(), runs.begin(), runs.end());
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
    if (!has_only(dictionary, {"Font"})) return unreadable("readback: resources");
    CERTRELAY_TRY(const auto fonts, file_->dictionary_of(find_entry(dictionary, "Font")));
    for (const auto& [name, value] : fonts) {
      CERTRELAY_TRY(auto map, font_map(&value));
      fonts_.emplace(name, std::move(map));
    }
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
  std::size_t resources_ = 0;
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
  Reader reader(file);
  for (const auto& kid : *kids) {
    CERTRELAY_TRY(const auto dictionary, file.dictionary_of(&kid));
    CERTRELAY_TRY(auto page, reader.page(dictionary));
    out.pages.push_back(std::move(page));
  }
  return out;
}

}  // namespace certrelay
