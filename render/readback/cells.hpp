// The cells of the household form as positions on the page: the reader's own map.
#pragma once

#include <array>
#include <optional>

#include "render/readback/expected.hpp"
#include "render/readback/read_back.hpp"

namespace certrelay {

inline constexpr std::size_t kBlocksAPage = 4;

// A page's text, collected by cell; the lines of a cell are joined as they stand.
struct CollectedBlock {
  std::array<std::string, kPrintedItems> items;
  std::array<std::string, 2> remarks;
};
struct CollectedPage {
  std::string address, head, sentence, issue_day, document, page_number;
  std::array<CollectedBlock, kBlocksAPage> blocks;
};

// Sorts the values of a page into the cells; which items a block has depends on its resident's
// kind. Errors: kReadbackMismatch for a text outside every cell, or lines out of order.
Result<CollectedPage> collect_values(const std::vector<TextRun>& values,
                                     const std::array<bool, kBlocksAPage>& foreign);

// What the form itself prints in a block: the label of row 7, and how often it marks a value cell.
struct CollectedForm {
  struct Block {
    std::string row7_label;
    std::size_t marks = 0;  // constant marks in value cells
  };
  std::array<Block, kBlocksAPage> blocks;
  std::string turned;  // the large words under everything
};
// Errors: kReadbackMismatch when the form prints anything but `mark` in a value cell.
Result<CollectedForm> collect_form(const std::vector<TextRun>& form, std::string_view mark);

}  // namespace certrelay
