// Lines of an export, in any order and shape: refused or verified, never a crash.
#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/record/export.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = certrelay::as_text(certrelay::ByteView(data, size));
  certrelay::ExportVerifier verifier;
  bool fine = true;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    if (const auto parsed = certrelay::parse_export_line(line)) {
      const auto again =
          certrelay::parse_export_line(certrelay::encode_export_line(parsed.value()));
      CERTRELAY_CHECK(again.has_value() && again.value() == parsed.value());
    }
    fine = verifier.take(line).has_value() && fine;
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  CERTRELAY_CHECK(fine || !verifier.expect_end().has_value());
  return 0;
}
