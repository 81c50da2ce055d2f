// A raw scan for texts in every form in which a careless program could have left them.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay::testing {

// One text in one form: UTF-8, UTF-16 in both orders, CP932, EUC-JP, hexadecimal, base64 at each of
// its three alignments.
struct ScanNeedle {
  std::string form;
  std::string bytes;
};
std::vector<ScanNeedle> needles_of(const std::string& utf8);
// Bytes that are no text, such as a serial: as they are, in hexadecimal and in base64.
std::vector<ScanNeedle> needles_of(ByteView bytes);

// The forms of `needles` that occur in `haystack`.
std::vector<std::string> found_in(const std::string& haystack,
                                  const std::vector<ScanNeedle>& needles);

}  // namespace certrelay::testing
