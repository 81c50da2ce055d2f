#pragma once

#include <iosfwd>
#include <string>

#include "firmware/ctl/card_case.hpp"

namespace certrelay {

// The next line without its line feed, of which no more than `bytes_max` octets and one are kept:
// what is longer is read to its end and forgotten. False at the end of the input.
bool read_card_line(std::istream& in, std::string& line, std::size_t bytes_max);

// Judges every line that is not empty and writes its answer at once. A line of more than
// `line_bytes_max` octets is no case, and the next one is judged. 0 when every line was a case,
// whatever its verdict; 1 otherwise.
int verify_card_lines(std::istream& in, std::ostream& out,
                      std::size_t line_bytes_max = kCardLineBytesMax);

}  // namespace certrelay
