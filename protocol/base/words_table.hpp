// Words for codes, in both languages; the one way such a table is read.
#pragma once

#include <array>
#include <string_view>

namespace certrelay {

template <class Code>
struct WordsRow {
  Code code;
  std::string_view japanese;
  std::string_view english;
};

// Null where the table has no such code.
template <class Code, std::size_t N>
constexpr const WordsRow<Code>* words_row(const std::array<WordsRow<Code>, N>& rows, Code code) {
  for (const auto& row : rows) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace certrelay
