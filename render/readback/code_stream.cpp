#include "render/readback/code_stream.hpp"

#include <array>

#include "render/readback/code_symbol.hpp"
#include "render/readback/page_units.hpp"

namespace certrelay {
namespace {

const Error kBadCodeStream{ErrorCode::kPdfUnreadable, "readback: code stream"};
constexpr std::size_t kWidthMax = 97;

// Rows of whole bytes, the rest of the last zero.
Result<ModuleGrid> grid_of(const Bytes& samples, std::size_t width) {
  const auto row = (width + 7) / 8;
  if (samples.size() != row * width) return kBadCodeStream;
  ModuleGrid out{.width = width, .dark = std::vector<bool>(width * width)};
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < row * 8; ++x) {
      const bool dark = (samples[y * row + x / 8] >> (7 - x % 8) & 1) != 0;
      if (x < width) {
        out.dark[y * width + x] = dark;
      } else if (dark) {
        return kBadCodeStream;
      }
    }
  }
  return out;
}

// Consumes the words in their order.
bool accept_all(PdfLexer& lexer, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    if (!lexer.accept(word)) return false;
  }
  return true;
}

}  // namespace

Result<ReadCode> read_code_stream(ByteView operators) {
  PdfLexer lexer(operators);
  if (!lexer.accept("q")) return kBadCodeStream;
  std::array<PdfNumber, 6> matrix{};
  for (auto& number : matrix) {
    CERTRELAY_TRY(number, lexer.number());
  }
  const auto edge = matrix[0].millionths;
  if (edge <= 0 || matrix[1].millionths != 0 || matrix[2].millionths != 0 ||
      matrix[3].millionths != edge || !accept_all(lexer, {"cm", "BI", "/W"})) {
    return kBadCodeStream;
  }
  CERTRELAY_TRY(const auto width, lexer.number());
  if (!lexer.accept("/H")) return kBadCodeStream;
  CERTRELAY_TRY(const auto height, lexer.number());
  if (!width.whole() || width.integer() <= 0 || width.millionths != height.millionths ||
      static_cast<std::size_t>(width.integer()) > kWidthMax ||
      !accept_all(lexer, {"/BPC", "1", "/IM", "true", "/D", "[", "1", "0", "]", "/F", "/AHx"}) ||
      !lexer.accept("ID")) {
    return kBadCodeStream;
  }
  // The samples' digits end with ">", as a string's do; only their beginning is not marked.
  const auto rest = as_text(operators).substr(lexer.position());
  const auto end = rest.find('>');
  if (rest.empty() || rest.front() != '\n' || end == std::string_view::npos) return kBadCodeStream;
  CERTRELAY_TRY(const auto samples, from_hex(rest.substr(1, end - 1)));
  PdfLexer tail(operators, lexer.position() + end + 1);
  if (!accept_all(tail, {"EI", "Q"}) || !tail.at_end()) return kBadCodeStream;
  CERTRELAY_TRY(const auto grid, grid_of(samples, static_cast<std::size_t>(width.integer())));
  ReadCode out;
  CERTRELAY_TRY(out.text, read_code(grid));
  out.left_um = to_um(matrix[4]);
  out.bottom_um = kPageHeightUm - to_um(matrix[5]);
  out.edge_um = to_um(matrix[0]);
  return out;
}

}  // namespace certrelay
