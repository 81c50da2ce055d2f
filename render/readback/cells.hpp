// A page's text, sorted into the cells of its form by where it stands.
#pragma once

#include <array>

#include "render/readback/read_back.hpp"
#include "render/readback/rules.hpp"

namespace certrelay {

// The lines of a cell are joined as they stand.
struct CollectedBlock {
  std::array<std::string, kPrintedItems> items;
  std::vector<std::string> remarks;  // as many as the form has rows
};
struct CollectedPage {
  std::string address, head, sentence, issue_day, document, page_number;
  std::vector<CollectedBlock> blocks;  // as many as the form has
};

// Sorts the values of a page; which items a block has depends on its resident's kind, kAny for a
// block without one. Errors: kReadbackMismatch for a text outside every cell, or lines out of
// order.
Result<CollectedPage> collect_values(const std::vector<TextRun>& values,
                                     const std::vector<Resident>& residents,
                                     const ReadbackRules& rules);

// What the form itself prints in a block.
struct CollectedForm {
  struct Block {
    std::string kind_label;
    std::vector<std::string> remarks;  // its closing word, by rows
    std::size_t marks = 0;             // constant marks, each alone in a cell for one
  };
  std::vector<Block> blocks;
  std::string turned;  // the large words under everything
};
// Errors: kReadbackMismatch when the form prints into a value's cell, or anything but its mark, or
// a mark twice, into a cell for one.
Result<CollectedForm> collect_form(const std::vector<TextRun>& form,
                                   const std::vector<Resident>& residents,
                                   const ReadbackRules& rules);

// How many marks of its own the form prints in a block of that kind; none where nobody stands.
std::size_t marks_of(Resident resident, const ReadbackRules& rules);

}  // namespace certrelay
