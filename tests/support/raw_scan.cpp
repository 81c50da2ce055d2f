#include "tests/support/raw_scan.hpp"

#include <iconv.h>

#include <algorithm>

#include "protocol/base/check.hpp"

namespace certrelay::testing {
namespace {

// Empty where the encoding lacks a character.
std::string converted(const std::string& utf8, const char* encoding) {
  const ::iconv_t converter = ::iconv_open(encoding, "UTF-8");
  CERTRELAY_CHECK(converter != reinterpret_cast<::iconv_t>(-1));
  std::string in = utf8;
  std::string out(utf8.size() * 4, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  const bool whole = ::iconv(converter, &from, &left, &to, &room) == 0;
  ::iconv_close(converter);
  out.resize(whole ? out.size() - room : 0);
  return out;
}

// What base64 makes of the bytes wherever they stand in a longer text: the characters that depend
// on a neighbour are left out.
std::string aligned_base64(ByteView bytes, std::size_t shift) {
  Bytes shifted(shift);
  shifted.insert(shifted.end(), bytes.begin(), bytes.end());
  const std::size_t whole = shifted.size() / 3 * 3;
  const auto text = to_base64(ByteView(shifted).first(whole));
  return text.substr(shift == 0 ? 0 : 4);
}

void add_encoded(std::vector<ScanNeedle>& out, const std::string& form, ByteView bytes) {
  auto hex = to_hex(bytes);
  out.push_back({form + " hex", hex});
  std::transform(hex.begin(), hex.end(), hex.begin(),
                 [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  out.push_back({form + " HEX", hex});
  for (std::size_t shift = 0; shift < 3; ++shift) {
    out.push_back({form + " base64 " + std::to_string(shift), aligned_base64(bytes, shift)});
  }
}

}  // namespace

std::vector<ScanNeedle> needles_of(const std::string& utf8) {
  std::vector<ScanNeedle> out;
  for (const auto* encoding : {"UTF-8", "UTF-16LE", "UTF-16BE", "CP932", "EUC-JP"}) {
    const auto bytes = converted(utf8, encoding);
    if (bytes.empty()) continue;
    out.push_back({encoding, bytes});
    add_encoded(out, encoding, as_bytes(bytes));
  }
  return out;
}

std::vector<ScanNeedle> needles_of(ByteView bytes) {
  std::vector<ScanNeedle> out{{"raw", std::string(as_text(bytes))}};
  add_encoded(out, "raw", bytes);
  return out;
}

std::vector<std::string> found_in(const std::string& haystack,
                                  const std::vector<ScanNeedle>& needles) {
  std::vector<std::string> out;
  for (const auto& needle : needles) {
    CERTRELAY_CHECK(needle.bytes.size() >= 6);
    if (haystack.find(needle.bytes) != std::string::npos) out.push_back(needle.form);
  }
  return out;
}

}  // namespace certrelay::testing
