// Any text in any of the form's cells: refused, or laid out so that the lines joined are the text.
#include <cstddef>
#include <cstdint>

#include "protocol/base/check.hpp"
#include "render/render.hpp"
#include "tests/support/render_samples.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& grid =
      certrelay::test_render_kit().form(certrelay::CertificateKind::kJuminhyo)->form.form().grid;
  const auto& cells = grid.foreign.cells;
  const certrelay::ByteView bytes(data + 1, size - 1);
  const auto box = certrelay::below(cells.at(data[0] % cells.size()).box, grid.block_top(0));
  const auto fitted = certrelay::fit_text(certrelay::test_render_kit().fonts(),
                                          certrelay::as_text(bytes), box, "fuzz");
  if (!fitted) return 0;
  std::size_t next = 0;
  for (const auto& line : fitted.value().lines) {
    CERTRELAY_CHECK(line.first == next && line.last > line.first);
    CERTRELAY_CHECK(line.baseline > box.top && line.baseline < box.bottom);
    next = line.last;
  }
  CERTRELAY_CHECK(next == fitted.value().text.glyphs.size());
  CERTRELAY_CHECK(fitted.value().size >= certrelay::kSmallestSize);
  return 0;
}
