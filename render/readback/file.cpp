#include "render/readback/file.hpp"

#include <zlib.h>

namespace certrelay {
namespace {

constexpr std::size_t kObjectsMax = 1000;
constexpr std::size_t kStreamBytesMax = 1024 * 1024;

Result<std::size_t> decimal(std::string_view text) {
  std::size_t value = 0;
  if (text.empty() || text.size() > 10) return unreadable("readback: xref");
  for (const char c : text) {
    if (c < '0' || c > '9') return unreadable("readback: xref");
    value = value * 10 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

// ISO 32000-1, 7.5.4: entries of exactly 20 bytes, "nnnnnnnnnn ggggg n".
Result<std::vector<std::size_t>> read_entries(std::string_view text, std::size_t count) {
  if (count == 0 || count > kObjectsMax || text.size() < count * 20) {
    return unreadable("readback: xref");
  }
  std::vector<std::size_t> offsets(count, 0);
  for (std::size_t i = 1; i < count; ++i) {
    const auto entry = text.substr(i * 20, 20);
    if (entry.substr(10, 8) != " 00000 n") return unreadable("readback: xref entry");
    CERTRELAY_TRY(offsets[i], decimal(entry.substr(0, 10)));
  }
  return offsets;
}

}  // namespace

Result<std::size_t> find_xref(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (!text.ends_with("%%EOF")) return unreadable("readback: end of file");
  text.remove_suffix(5);
  const auto start = text.rfind("startxref");
  if (start == std::string_view::npos) {
    return unreadable("readback: startxref");
  }
  auto number = text.substr(start + 9);
  constexpr std::string_view kSpace = " \r\n";
  const auto first = number.find_first_not_of(kSpace);
  const auto last = number.find_last_not_of(kSpace);
  if (first == std::string_view::npos) return unreadable("readback: startxref");
  return decimal(number.substr(first, last - first + 1));
}

Result<PdfFile> PdfFile::open(ByteView bytes) {
  const auto text = as_text(bytes);
  if (!text.starts_with("%PDF-1.7\n")) return unreadable("readback: header");
  CERTRELAY_TRY(const auto start, find_xref(text));
  if (start >= bytes.size()) return unreadable("readback: startxref");
  PdfLexer lexer(bytes, start);
  if (!lexer.accept("xref")) return unreadable("readback: xref");
  CERTRELAY_TRY(const auto first, decimal(lexer.keyword()));
  CERTRELAY_TRY(const auto count, decimal(lexer.keyword()));
  lexer.skip_space();
  if (first != 0) return unreadable("readback: xref");
  PdfFile file;
  file.bytes_ = bytes;
  CERTRELAY_TRY(file.offsets_, read_entries(text.substr(lexer.position()), count));
  PdfLexer rest(bytes, lexer.position() + count * 20);
  if (!rest.accept("trailer")) return unreadable("readback: trailer");
  CERTRELAY_TRY(auto trailer, rest.value(true));
  auto* dictionary = std::get_if<PdfDictionary>(&trailer);
  if (dictionary == nullptr || !rest.accept("startxref")) return unreadable("readback: trailer");
  for (const auto* absent : {"Prev", "Encrypt", "XRefStm"}) {
    if (find_entry(*dictionary, absent) != nullptr) return unreadable("readback: trailer");
  }
  file.trailer_ = std::move(*dictionary);
  return file;
}

Result<PdfLexer> PdfFile::at(std::size_t number) const {
  if (number == 0 || number >= offsets_.size() || offsets_[number] >= bytes_.size()) {
    return unreadable("readback: object number");
  }
  PdfLexer lexer(bytes_, offsets_[number]);
  const auto stated = decimal(lexer.keyword());
  if (!stated || stated.value() != number || lexer.keyword() != "0" || !lexer.accept("obj")) {
    return unreadable("readback: object head");
  }
  return lexer;
}

Result<PdfValue> PdfFile::object(std::size_t number) const {
  CERTRELAY_TRY(auto lexer, at(number));
  CERTRELAY_TRY(auto value, lexer.value(true));
  if (!lexer.accept("endobj")) return unreadable("readback: object end");
  return value;
}

Result<PdfDictionary> PdfFile::dictionary(std::size_t number) const {
  CERTRELAY_TRY(auto value, object(number));
  auto* dictionary = std::get_if<PdfDictionary>(&value);
  if (dictionary == nullptr) return unreadable("readback: not a dictionary");
  return std::move(*dictionary);
}

Result<PdfDictionary> PdfFile::dictionary_of(const PdfValue* value) const {
  if (const auto* reference = as<PdfReference>(value)) return dictionary(reference->number);
  const auto* direct = as<PdfDictionary>(value);
  if (direct == nullptr) return unreadable("readback: not a dictionary");
  return *direct;
}

Result<std::size_t> PdfFile::length_of(const PdfDictionary& dictionary) const {
  const auto* value = find_entry(dictionary, "Length");
  PdfValue resolved;
  if (const auto* reference = as<PdfReference>(value)) {
    CERTRELAY_TRY(resolved, object(reference->number));
    value = &resolved;
  }
  const auto* number = as<PdfNumber>(value);
  if (number == nullptr || !number->whole() || number->millionths < 0) {
    return unreadable("readback: stream length");
  }
  return static_cast<std::size_t>(number->integer());
}

Result<PdfStream> PdfFile::stream(std::size_t number) const {
  CERTRELAY_TRY(auto lexer, at(number));
  CERTRELAY_TRY(auto value, lexer.value(true));
  auto* dictionary = std::get_if<PdfDictionary>(&value);
  if (dictionary == nullptr || !lexer.accept("stream")) return unreadable("readback: no stream");
  std::size_t start = lexer.position();
  const auto text = as_text(bytes_);
  if (!text.substr(start).starts_with("\r\n")) return unreadable("readback: stream head");
  start += 2;
  CERTRELAY_TRY(const auto length, length_of(*dictionary));
  if (length > bytes_.size() - start) return unreadable("readback: stream length");
  PdfLexer after(bytes_, start + length);
  if (!after.accept("endstream") || !after.accept("endobj")) {
    return unreadable("readback: stream end");
  }
  return PdfStream{std::move(*dictionary), bytes_.subspan(start, length)};
}

bool is_filtered(const PdfStream& stream) {
  return find_entry(stream.dictionary, "Filter") != nullptr;
}

bool is_deflated(const PdfStream& stream) {
  return is_name(stream.dictionary, "Filter", "FlateDecode") &&
         find_entry(stream.dictionary, "DecodeParms") == nullptr;
}

Result<Bytes> decode_stream(const PdfStream& stream) {
  if (!is_filtered(stream)) return Bytes(stream.data.begin(), stream.data.end());
  if (!is_deflated(stream)) return unreadable("readback: filter");
  z_stream z{};
  if (inflateInit(&z) != Z_OK) return Error{ErrorCode::kInternal, "readback: inflate"};
  Bytes out(std::min(kStreamBytesMax, stream.data.size() * 6 + 64));
  z.next_in = const_cast<Bytef*>(stream.data.data());  // zlib reads only
  z.avail_in = static_cast<uInt>(stream.data.size());
  int status = Z_OK;
  while (status == Z_OK) {
    if (z.total_out == out.size()) {
      if (out.size() == kStreamBytesMax) break;
      out.resize(std::min(kStreamBytesMax, out.size() * 2));
    }
    z.next_out = out.data() + z.total_out;
    z.avail_out = static_cast<uInt>(out.size() - z.total_out);
    status = inflate(&z, Z_NO_FLUSH);
  }
  const bool whole = status == Z_STREAM_END && z.avail_in == 0;
  out.resize(z.total_out);
  inflateEnd(&z);
  if (!whole) return unreadable("readback: inflate");
  return out;
}

}  // namespace certrelay
