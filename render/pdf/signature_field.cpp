#include "render/pdf/signature_field.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>

namespace certrelay {
namespace {

const Error kNotOurs{ErrorCode::kInternal, "pdf: signature field"};

// The number behind `key`, which occurs once in `text`.
Result<std::size_t> number_after(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return kNotOurs;
  auto rest = text.substr(at + key.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size()));
  std::size_t value = 0;
  if (std::from_chars(rest.data(), rest.data() + rest.size(), value).ec != std::errc()) {
    return kNotOurs;
  }
  return value;
}

// What stands between the outer << and >> of the first dictionary at `text`.
Result<std::string_view> dictionary_body(std::string_view text) {
  const auto begin = text.find("<<");
  const auto end = text.find("\n>>");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return kNotOurs;
  }
  return text.substr(begin + 2, end - begin - 2);
}

// The parts of the file that an update repeats.
struct Tail {
  std::size_t xref;          // offset of the section
  std::size_t size;          // objects, as the trailer says
  std::size_t root;          // number of the catalog
  std::string_view catalog;  // its entries
  std::string entries;       // of the trailer, without Size
};

Result<Tail> read_tail(std::string_view pdf) {
  Tail out{};
  const auto start = pdf.rfind("startxref");
  const auto trailer = pdf.rfind("trailer\n");
  if (start == std::string_view::npos || trailer == std::string_view::npos) return kNotOurs;
  CERTRELAY_TRY(out.xref, number_after(pdf.substr(start), "startxref"));
  CERTRELAY_TRY(const auto body, dictionary_body(pdf.substr(trailer)));
  CERTRELAY_TRY(out.size, number_after(body, "/Size"));
  CERTRELAY_TRY(out.root, number_after(body, "/Root"));
  const auto size_at = body.find("/Size");
  const auto after = std::min(body.find('\n', size_at), body.size());
  out.entries = std::string(body.substr(0, size_at)) + std::string(body.substr(after));
  // "xref\n0 N\n", then entries of 20 bytes.
  const auto first = pdf.find('\n', out.xref + 5);
  if (first == std::string_view::npos || first + 1 + 20 * (out.root + 1) > pdf.size()) {
    return kNotOurs;
  }
  CERTRELAY_TRY(const auto at, number_after(pdf.substr(first + 1 + 20 * out.root, 10), ""));
  if (at >= pdf.size()) return kNotOurs;
  CERTRELAY_TRY(out.catalog, dictionary_body(pdf.substr(at)));
  return out;
}

std::string pdf_time(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[32];
  std::snprintf(text, sizeof text, "(D:%04d%02u%02u%02d%02d%02dZ)", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::string padded(std::size_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%010zu", number);
  return text;
}

std::string reference(std::size_t object) { return std::to_string(object) + " 0 R"; }

// Writes the update; offsets count from the file's beginning.
class UpdateWriter {
 public:
  UpdateWriter(ByteView pdf, Tail tail) : out_{{pdf.begin(), pdf.end()}}, tail_(std::move(tail)) {}

  SignablePdf write(UtcTime signed_at, std::size_t signature_bytes_max) && {
    const auto field = tail_.size;
    const auto signature = tail_.size + 1;
    begin(tail_.root);
    add("<<" + std::string(tail_.catalog) + "\n/AcroForm <</Fields [" + reference(field) +
        "] /SigFlags 3>>\n>>\nendobj\n");
    const auto catalog_at = started_;
    begin(field);
    // Hidden, printed with the page, locked (12.5.3): nothing is drawn, and no page changes.
    add("<</Type /Annot /Subtype /Widget /FT /Sig /T (certrelay) /Rect [0 0 0 0] /F 132 /V " +
        reference(signature) + ">>\nendobj\n");
    const auto field_at = started_;
    begin(signature);
    add("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M " +
        pdf_time(signed_at) + "\n/ByteRange [0 ");
    const auto range_at = out_.bytes.size();
    add(std::string(kRangeDigits, ' ') + "]\n/Contents ");
    out_.gap_begin = out_.bytes.size();
    add("<" + std::string(2 * signature_bytes_max, '0') + ">");
    out_.gap_end = out_.bytes.size();
    add(">>\nendobj\n");
    const auto signature_at = started_;
    finish(catalog_at, field_at, signature_at);
    put_range(range_at);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kRangeDigits = 32;  // three numbers of ten digits

  void add(std::string_view text) { out_.bytes.insert(out_.bytes.end(), text.begin(), text.end()); }
  void begin(std::size_t object) {
    started_ = out_.bytes.size();
    add(std::to_string(object) + " 0 obj\n");
  }
  void finish(std::size_t catalog_at, std::size_t field_at, std::size_t signature_at) {
    const auto xref = out_.bytes.size();
    add("xref\n" + std::to_string(tail_.root) + " 1\n" + padded(catalog_at) + " 00000 n\r\n" +
        std::to_string(tail_.size) + " 2\n" + padded(field_at) + " 00000 n\r\n" +
        padded(signature_at) + " 00000 n\r\n");
    add("trailer\n<<" + tail_.entries + "\n/Size " + std::to_string(tail_.size + 2) + "\n/Prev " +
        std::to_string(tail_.xref) + "\n>>\nstartxref\n" + std::to_string(xref) + "\n%%EOF\n");
  }
  void put_range(std::size_t at) {
    const auto text = std::to_string(out_.gap_begin) + " " + std::to_string(out_.gap_end) + " " +
                      std::to_string(out_.bytes.size() - out_.gap_end);
    std::copy(text.begin(), text.end(), out_.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }

  SignablePdf out_;
  Tail tail_;
  std::size_t started_ = 0;  // of the object being written
};

}  // namespace

Digest SignablePdf::digest() const {
  const ByteView all(bytes);
  return Sha256().add(all.first(gap_begin)).add(all.subspan(gap_end)).finish();
}

Result<SignablePdf> add_signature_field(ByteView pdf, UtcTime signed_at,
                                        std::size_t signature_bytes_max) {
  CERTRELAY_TRY(auto tail, read_tail(as_text(pdf)));
  return UpdateWriter(pdf, std::move(tail)).write(signed_at, signature_bytes_max);
}

Result<Bytes> put_signature(SignablePdf file, ByteView cms) {
  const auto hex = to_hex(cms);
  if (hex.size() + 2 > file.gap_end - file.gap_begin) return kNotOurs;
  std::copy(hex.begin(), hex.end(),
            file.bytes.begin() + static_cast<std::ptrdiff_t>(file.gap_begin) + 1);
  return std::move(file.bytes);
}

}  // namespace certrelay
