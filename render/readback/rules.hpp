// What the reader knows of a form by itself: its words and where its cells lie. Written down a
// second time on purpose, apart from render/form, so that one wrong table cannot agree with itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/register_date.hpp"
#include "protocol/base/sha256.hpp"
#include "render/readback/expected.hpp"

namespace certrelay {

// An era by the number of its first day, YYYYMMDD: 20190501.
struct ReadbackEra {
  int first_day;
  std::string name;
};

// Micrometres; a text belongs to it when its origin lies in [left, right) × [top, bottom).
struct ReadbackRect {
  std::int64_t left, top, right, bottom;
};

enum class Resident : std::uint8_t { kAny, kJapanese, kForeign };

// A cell of a block, from the block's top. Without item: the form's own mark stands there.
struct ReadbackCell {
  std::optional<PrintedItem> item;
  Resident resident;
  ReadbackRect rect;
};

// 備考: equal rows of a block.
struct ReadbackRemarks {
  std::int64_t left, right, top, row;
  std::size_t rows;
};

struct ReadbackRules {
  std::string omitted_mark, unknown_mark, whole_sentence, part_sentence, document_label,
      page_suffix, demo_word;
  std::string closing;  // 以下余白 in the row after the last of 備考; empty: the form has none
  std::size_t blocks;   // on a page
  std::int64_t first_block, block_height;
  ReadbackRect address, head, sentence, issue_day, document, page_number;  // of the page
  std::optional<ReadbackRect> code;  // the printed seal lies within; absent: it has no place
  std::vector<ReadbackCell> cells;
  ReadbackRemarks remarks;
  // The label that tells a Japanese resident's block from a foreign resident's.
  ReadbackRect kind_label;
  std::string japanese_label, foreign_label;
  std::vector<ReadbackEra> eras;
  // SHA-256 of the seal's image as it lies in the file; none: no image. Not of the TOML: it is what
  // was pinned and prepared at start.
  std::optional<Digest> seal_image;
};

// TOML, closed schema (FORMAT.md). Errors: kTemplateInvalid.
Result<ReadbackRules> parse_readback_rules(std::string_view toml);

// household.toml, individual.toml and record.toml, as they were built in: what the forms of those
// names in render/form must say.
std::string_view default_household_rules();
std::string_view default_individual_rules();
std::string_view default_record_rules();

// The words that a date of the register must have on the page. Display text wins.
// Errors: kReadbackMismatch when no words can be right.
Result<std::string> expected_date_words(const RegisterDate& date, bool western,
                                        const ReadbackRules& rules);

}  // namespace certrelay
