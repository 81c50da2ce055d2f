#include "render/readback/document_reader.hpp"

#include <algorithm>

#include "render/readback/code_stream.hpp"

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

// Object numbers; each once.
Result<std::vector<std::size_t>> content_streams(const PdfDictionary& page) {
  const auto* contents = as<PdfArray>(find_entry(page, "Contents"));
  if (contents == nullptr || contents->size() < 2) return unreadable("readback: contents");
  std::vector<std::size_t> out;
  for (const auto& content : *contents) {
    const auto* reference = as<PdfReference>(&content);
    if (reference == nullptr) return unreadable("readback: contents");
    if (std::ranges::find(out, reference->number) != out.end()) {
      return unreadable("readback: a stream twice on a page");
    }
    out.push_back(reference->number);
  }
  return out;
}

}  // namespace

Result<ReadDocument> DocumentReader::read() {
  ReadDocument out;
  CERTRELAY_TRY(out.id, read_id(file_->trailer()));
  CERTRELAY_TRY(const auto catalog, file_->dictionary_of(find_entry(file_->trailer(), "Root")));
  if (!has_only(catalog, {"Type", "Pages", "Lang"})) return unreadable("readback: catalog");
  CERTRELAY_TRY(const auto tree, file_->dictionary_of(find_entry(catalog, "Pages")));
  const auto* kids = as<PdfArray>(find_entry(tree, "Kids"));
  if (kids == nullptr || kids->empty() || kids->size() > kPagesMax) {
    return unreadable("readback: pages");
  }
  for (const auto& kid : *kids) {
    CERTRELAY_TRY(const auto dictionary, file_->dictionary_of(&kid));
    CERTRELAY_TRY(auto page, read_page(dictionary));
    out.pages.push_back(std::move(page));
  }
  out.seal_image = seal_image_;
  return out;
}

Result<ReadPage> DocumentReader::read_page(const PdfDictionary& page) {
  if (!is_name(page, "Type", "Page") ||
      !has_only(page, {"Type", "Parent", "MediaBox", "Resources", "Contents"})) {
    return unreadable("readback: page");
  }
  CERTRELAY_TRY(load_resources(find_entry(page, "Resources")));
  CERTRELAY_TRY(auto streams, content_streams(page));
  ReadPage out;
  out.form.reserve(kFormRunsUsual);
  CERTRELAY_TRY(const bool code, take_code(streams.back(), out));
  if (code) streams.pop_back();
  if (streams.size() < 2) return unreadable("readback: contents");
  CERTRELAY_TRY(add_own(streams.front(), StreamRole::kTags, out));
  CERTRELAY_TRY(add_own(streams.back(), StreamRole::kValues, out));
  for (std::size_t i = 1; i + 1 < streams.size(); ++i) {
    CERTRELAY_TRY(add_form(streams[i], out));
  }
  return out;
}

Result<bool> DocumentReader::take_code(std::size_t number, ReadPage& page) const {
  CERTRELAY_TRY(const auto stream, file_->stream(number));
  if (is_filtered(stream) || PdfLexer(stream.data).peek() != 'q') return false;
  CERTRELAY_TRY(page.code, read_code_stream(stream.data));
  return true;
}

Result<void> DocumentReader::add_form(std::size_t number, ReadPage& page) {
  const ReadContent* content = nullptr;
  if (const auto before = form_.find(number); before != form_.end()) {
    content = &before->second;
  } else {
    CERTRELAY_TRY(const auto stream, file_->stream(number));
    if (fonts_->form_is_known() && is_deflated(stream)) content = known_->stream(stream.data);
    if (content == nullptr) {
      CERTRELAY_TRY(const auto operators, decode_stream(stream));
      CERTRELAY_TRY(auto own, read_content(operators, StreamRole::kForm, fonts_->maps()));
      content = &form_.emplace(number, std::move(own)).first->second;
    }
  }
  page.images += content->images;
  page.form.insert(page.form.end(), content->runs.begin(), content->runs.end());
  return ok();
}

Result<void> DocumentReader::add_own(std::size_t number, StreamRole role, ReadPage& page) const {
  CERTRELAY_TRY(const auto stream, file_->stream(number));
  if (is_filtered(stream)) return unreadable("readback: filtered stream");
  CERTRELAY_TRY(auto content, read_content(stream.data, role, fonts_->maps()));
  if (role == StreamRole::kTags) {
    page.subject_tags = std::move(content.subject_tags);
  } else {
    page.values = std::move(content.runs);
  }
  return ok();
}

Result<void> DocumentReader::load_resources(const PdfValue* resources) {
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
  CERTRELAY_TRY(fonts_, DocumentFonts::read(*file_, fonts, outlines_, known_));
  return ok();
}

Result<void> DocumentReader::load_image(const PdfValue* images) {
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

}  // namespace certrelay
