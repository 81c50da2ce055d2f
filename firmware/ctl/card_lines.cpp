#include "firmware/ctl/card_lines.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <ostream>

namespace certrelay {

bool read_card_line(std::istream& in, std::string& line, std::size_t bytes_max) {
  // Blocks end at a line feed too: whoever waits for each answer need not fill one.
  std::array<char, 4096> block{};
  line.clear();
  bool begun = false;
  while (in.getline(block.data(), block.size()) || in.gcount() > 0) {
    begun = true;
    const bool cut = in.fail();  // the block is full and the line goes on
    const bool at_end = in.eof();
    const auto given = static_cast<std::size_t>(in.gcount()) - (cut || at_end ? 0U : 1U);
    line.append(block.data(), std::min(given, bytes_max + 1 - line.size()));
    if (!cut) break;
    in.clear();
  }
  return begun;
}

int verify_card_lines(std::istream& in, std::ostream& out, std::size_t line_bytes_max) {
  int exit_code = 0;
  std::string line;
  while (read_card_line(in, line, line_bytes_max)) {
    if (line.empty()) continue;
    const auto verdict = judge_card_line(line, line_bytes_max);
    if (!verdict.understood) exit_code = 1;
    out << verdict.line << '\n' << std::flush;  // a caller may wait for each answer
  }
  return exit_code;
}

}  // namespace certrelay
