#include "render/pdf/seal_code.hpp"

#include <qrencode.h>

#include <memory>

#include "protocol/base/bytes.hpp"
#include "render/pdf/content.hpp"

namespace certrelay {
namespace {

constexpr int kVersionMax = 20;  // 97 modules
constexpr int kQuiet = 4;        // modules round the symbol

struct FreeInput {
  void operator()(QRinput* input) const { QRinput_free(input); }
};
struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using CodePtr = std::unique_ptr<QRcode, FreeCode>;

// Null where the text does not fit.
CodePtr encode(std::string_view text, QRecLevel level) {
  const std::unique_ptr<QRinput, FreeInput> input(QRinput_new2(0, level));
  if (input == nullptr) return nullptr;
  const auto bytes = as_bytes(text);
  if (QRinput_append(input.get(), QR_MODE_AN, static_cast<int>(bytes.size()), bytes.data()) != 0) {
    return nullptr;
  }
  CodePtr code(QRcode_encodeInput(input.get()));
  if (code == nullptr || code->version > kVersionMax) return nullptr;
  return code;
}

// The modules' bits, 1 dark, rows padded to whole bytes, as hexadecimal digits.
std::string samples(const QRcode& code) {
  const auto width = static_cast<std::size_t>(code.width);
  Bytes rows(width * ((width + 7) / 8), 0);
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      if ((code.data[y * width + x] & 1) == 0) continue;
      auto& byte = rows[y * ((width + 7) / 8) + x / 8];
      byte = static_cast<std::uint8_t>(byte | 0x80U >> x % 8);
    }
  }
  return to_hex(rows);
}

}  // namespace

Result<std::string> code_operators(std::string_view text, const CodeBox& box) {
  auto code = encode(text, QR_ECLEVEL_M);
  if (code == nullptr) code = encode(text, QR_ECLEVEL_L);
  if (code == nullptr) return Error{ErrorCode::kDocumentSealFailed, "seal: too long to print"};
  const Micrometres modules = code->width;
  const auto inner = box.edge * modules / (modules + 2 * kQuiet);
  const auto margin = (box.edge - inner) / 2;
  std::string out = "q ";
  const auto number = [&out](Micrometres length) {
    append_thousandths(out, to_millipoints(length));
    out += ' ';
  };
  number(inner);
  out += "0 0 ";
  number(inner);
  number(box.left + margin);
  number(kPageHeight - box.top - margin - inner);
  const auto width = std::to_string(modules);
  out += "cm\nBI /W " + width + " /H " + width + " /BPC 1 /IM true /D [1 0] /F /AHx ID\n";
  return out + samples(*code) + ">\nEI Q\n";
}

}  // namespace certrelay
