#include "render/readback/signed_file.hpp"

#include <algorithm>
#include <map>

#include "render/readback/file.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kSectionsMax = 2;
constexpr std::size_t kEntryBytes = 20;

bool has_exactly(const PdfDictionary& dictionary, std::initializer_list<std::string_view> names) {
  return dictionary.size() == names.size() &&
         std::ranges::all_of(names, [&](auto name) { return find_entry(dictionary, name); });
}

Result<std::size_t> whole(const PdfValue* value) {
  const auto* number = as<PdfNumber>(value);
  if (number == nullptr || !number->whole() || number->millionths < 0) {
    return unreadable("readback: signature: number");
  }
  return static_cast<std::size_t>(number->integer());
}

Result<std::size_t> whole(PdfLexer& lexer) {
  CERTRELAY_TRY(const auto number, lexer.number());
  const PdfValue value(number);
  return whole(&value);
}

// The update's own table: object number -> offset, and its trailer.
struct Update {
  std::map<std::size_t, std::size_t> offsets;
  PdfDictionary trailer;
  std::size_t xref = 0;
};

Result<Update> read_update(ByteView pdf) {
  Update out;
  CERTRELAY_TRY(out.xref, find_xref(as_text(pdf)));
  if (out.xref >= pdf.size()) return unreadable("readback: signature: startxref");
  PdfLexer lexer(pdf, out.xref);
  if (!lexer.accept("xref")) return unreadable("readback: signature: xref");
  for (std::size_t section = 0; section < kSectionsMax; ++section) {
    CERTRELAY_TRY(const auto first, whole(lexer));
    // Only a whole certificate's own table begins with object 0.
    if (first == 0) return Error{ErrorCode::kDocumentUnsigned, "readback: no signature"};
    CERTRELAY_TRY(const auto count, whole(lexer));
    for (std::size_t i = 0; i < count && i < kSectionsMax; ++i) {
      CERTRELAY_TRY(const auto offset, whole(lexer));
      if (lexer.keyword() != "00000" || lexer.keyword() != "n") {
        return unreadable("readback: signature: xref");
      }
      if (!out.offsets.emplace(first + i, offset).second) {
        return unreadable("readback: signature: xref");
      }
    }
  }
  if (out.offsets.size() != 3 || !lexer.accept("trailer")) {
    return unreadable("readback: signature: xref");
  }
  CERTRELAY_TRY(auto trailer, lexer.value(true));
  auto* dictionary = std::get_if<PdfDictionary>(&trailer);
  if (dictionary == nullptr || !lexer.accept("startxref")) {
    return unreadable("readback: signature: trailer");
  }
  out.trailer = std::move(*dictionary);
  return out;
}

// Reads the three objects, which follow each other without a gap: nothing hides between them.
class UpdateReader {
 public:
  UpdateReader(ByteView pdf, Update update) : pdf_(pdf), update_(std::move(update)) {
    at_ = update_.xref;
    for (const auto& [number, offset] : update_.offsets) at_ = std::min(at_, offset);
  }

  Result<SignedFile> read() {
    SignedFile out;
    out.certificate = pdf_.first(at_);
    CERTRELAY_TRY(const auto file, PdfFile::open(out.certificate));
    CERTRELAY_TRY(check_trailer(file));
    CERTRELAY_TRY(const auto field, catalog(file));
    CERTRELAY_TRY(const auto signature, widget(field));
    CERTRELAY_TRY(read_signature(signature, out));
    if (at_ != update_.xref) return unreadable("readback: signature: more than three objects");
    return out;
  }

 private:
  // The object `number`, which must be the next in the file.
  Result<PdfDictionary> next(std::size_t number) {
    const auto found = update_.offsets.find(number);
    if (found == update_.offsets.end() || found->second != at_) {
      return unreadable("readback: signature: object");
    }
    PdfLexer lexer(pdf_, at_);
    CERTRELAY_TRY(const auto stated, whole(lexer));
    CERTRELAY_TRY(const auto generation, whole(lexer));
    if (stated != number || generation != 0 || !lexer.accept("obj")) {
      return unreadable("readback: signature: object");
    }
    CERTRELAY_TRY(auto value, lexer.value(true));
    auto* dictionary = std::get_if<PdfDictionary>(&value);
    if (dictionary == nullptr || !lexer.accept("endobj")) {
      return unreadable("readback: signature: object");
    }
    lexer.skip_space();
    at_ = lexer.position();
    return std::move(*dictionary);
  }

  Result<void> check_trailer(const PdfFile& file) const {
    const auto& own = file.trailer();
    CERTRELAY_TRY(const auto previous, whole(find_entry(update_.trailer, "Prev")));
    CERTRELAY_TRY(const auto stated, find_xref(as_text(pdf_.first(at_))));
    const auto* root = as<PdfReference>(find_entry(update_.trailer, "Root"));
    const auto* own_root = as<PdfReference>(find_entry(own, "Root"));
    if (previous != stated || root == nullptr || own_root == nullptr ||
        root->number != own_root->number ||
        !has_exactly(update_.trailer, {"Root", "Info", "ID", "Size", "Prev"})) {
      return unreadable("readback: signature: trailer");
    }
    return ok();
  }

  // As it was, with one field. Returns the field's number.
  Result<std::size_t> catalog(const PdfFile& file) {
    const auto root = as<PdfReference>(find_entry(file.trailer(), "Root"))->number;
    CERTRELAY_TRY(const auto before, file.dictionary(root));
    CERTRELAY_TRY(const auto after, next(root));
    const auto* pages = as<PdfReference>(find_entry(after, "Pages"));
    const auto* pages_before = as<PdfReference>(find_entry(before, "Pages"));
    const auto* form = as<PdfDictionary>(find_entry(after, "AcroForm"));
    if (!has_exactly(after, {"Type", "Pages", "Lang", "AcroForm"}) || pages == nullptr ||
        pages_before == nullptr || pages->number != pages_before->number || form == nullptr ||
        !has_exactly(*form, {"Fields", "SigFlags"})) {
      return unreadable("readback: signature: catalog");
    }
    const auto* fields = as<PdfArray>(find_entry(*form, "Fields"));
    const auto* field =
        fields == nullptr || fields->size() != 1 ? nullptr : as<PdfReference>(&(*fields)[0]);
    if (field == nullptr) return unreadable("readback: signature: fields");
    return field->number;
  }

  // Invisible, and no more than a signature's. Returns the signature's number.
  Result<std::size_t> widget(std::size_t number) {
    CERTRELAY_TRY(const auto field, next(number));
    const auto* rect = as<PdfArray>(find_entry(field, "Rect"));
    const auto is_zero = [](const PdfValue& value) {
      const auto* edge = as<PdfNumber>(&value);
      return edge != nullptr && edge->millionths == 0;
    };
    const auto* signature = as<PdfReference>(find_entry(field, "V"));
    if (!has_exactly(field, {"Type", "Subtype", "FT", "T", "Rect", "F", "V"}) ||
        !is_name(field, "FT", "Sig") || rect == nullptr || rect->size() != 4 ||
        !std::ranges::all_of(*rect, is_zero) || signature == nullptr) {
      return unreadable("readback: signature: field");
    }
    return signature->number;
  }

  Result<void> read_signature(std::size_t number, SignedFile& out) {
    CERTRELAY_TRY(const auto signature, next(number));
    const auto* range = as<PdfArray>(find_entry(signature, "ByteRange"));
    const auto* contents = as<PdfString>(find_entry(signature, "Contents"));
    if (!has_exactly(signature, {"Type", "Filter", "SubFilter", "M", "ByteRange", "Contents"}) ||
        !is_name(signature, "SubFilter", "ETSI.CAdES.detached") || range == nullptr ||
        range->size() != 4 || contents == nullptr || !contents->hex) {
      return unreadable("readback: signature: dictionary");
    }
    std::array<std::size_t, 4> edges{};
    for (std::size_t i = 0; i < edges.size(); ++i) {
      CERTRELAY_TRY(edges.at(i), whole(&(*range)[i]));
    }
    const auto* begin = reinterpret_cast<const std::uint8_t*>(contents->raw.data());
    const auto gap = static_cast<std::size_t>(begin - pdf_.data()) - 1;
    const auto after = gap + contents->raw.size() + 2;
    if (edges != std::array<std::size_t, 4>{0, gap, after, pdf_.size() - after}) {
      return unreadable("readback: signature: does not cover all bytes");
    }
    out.covered = {pdf_.first(gap), pdf_.subspan(after)};
    return read_cms(contents->bytes(), out);
  }

  // One DER value of definite length, then zeros.
  static Result<void> read_cms(Bytes padded, SignedFile& out) {
    if (padded.size() < 4 || padded[0] != 0x30 || padded[1] != 0x82) {
      return unreadable("readback: signature: CMS");
    }
    const auto size = 4 + (static_cast<std::size_t>(padded[2]) << 8 | padded[3]);
    if (size > padded.size() ||
        std::any_of(padded.begin() + static_cast<std::ptrdiff_t>(size), padded.end(),
                    [](std::uint8_t octet) { return octet != 0; })) {
      return unreadable("readback: signature: CMS");
    }
    padded.resize(size);
    out.cms = std::move(padded);
    return ok();
  }

  ByteView pdf_;
  Update update_;
  std::size_t at_;  // in the file; at first the lowest object of the update
};

}  // namespace

Digest SignedFile::digest() const { return Sha256().add(covered[0]).add(covered[1]).finish(); }

Result<SignedFile> read_signed_file(ByteView pdf) {
  CERTRELAY_TRY(auto update, read_update(pdf));
  return UpdateReader(pdf, std::move(update)).read();
}

Result<ByteView> without_signature(ByteView pdf) {
  const auto file = read_signed_file(pdf);
  if (file) return file.value().certificate;
  if (file.error().code == ErrorCode::kDocumentUnsigned) return pdf;
  return file.error();
}

}  // namespace certrelay
