#include "render/readback/check.hpp"

#include <algorithm>

#include "render/readback/cells.hpp"
#include "render/readback/code_check.hpp"

namespace certrelay {
namespace {

Result<void> require(bool holds, std::string_view where) {
  if (!holds) return Error{ErrorCode::kReadbackMismatch, where};
  return ok();
}

Result<std::string> words_of(const ExpectedValue& value, const ReadbackRules& rules) {
  switch (value.kind) {
    case ExpectedValue::Kind::kText:
      return std::string(value.text.reveal());
    case ExpectedValue::Kind::kJapaneseDate:
      return expected_date_words(value.date, false, rules);
    case ExpectedValue::Kind::kWesternDate:
      return expected_date_words(value.date, true, rules);
    case ExpectedValue::Kind::kOmitted:
      return rules.omitted_mark;
    case ExpectedValue::Kind::kUnknown:
      return rules.unknown_mark;
  }
  return Error{ErrorCode::kReadbackMismatch, "readback: expectation"};
}

bool belongs_to(PrintedItem item, bool foreign) {
  if (item <= PrintedItem::kPreviousAddress) return true;
  return (item >= PrintedItem::kAliasKana) == foreign;
}

Result<void> check_person(const CollectedBlock& block, const ExpectedPerson& person,
                          const ReadbackRules& rules) {
  std::array<bool, kPrintedItems> listed{};
  for (const auto& [item, value] : person.items) {
    const auto at = static_cast<std::size_t>(item);
    CERTRELAY_TRY(require(at < kPrintedItems && !listed.at(at) && belongs_to(item, person.foreign),
                          "readback: expectation"));
    listed.at(at) = true;
    CERTRELAY_TRY(const auto words, words_of(value, rules));
    CERTRELAY_TRY(require(block.items.at(at) == words, "readback: a value differs"));
  }
  for (std::size_t at = 0; at < kPrintedItems; ++at) {
    CERTRELAY_TRY(require(listed.at(at) || block.items.at(at).empty(),
                          "readback: a value that nobody expects"));
  }
  CERTRELAY_TRY(require(person.remarks.size() <= block.remarks.size(), "readback: remarks"));
  for (std::size_t row = 0; row < block.remarks.size(); ++row) {
    std::string words;
    if (row < person.remarks.size()) {
      for (const auto& part : person.remarks[row]) {
        CERTRELAY_TRY(const auto part_words, words_of(part, rules));
        if (!words.empty()) words += "　";
        words += part_words;
      }
    }
    CERTRELAY_TRY(require(block.remarks.at(row) == words, "readback: remarks"));
  }
  return ok();
}

Result<void> check_empty_block(const CollectedBlock& block) {
  const auto blank = [](const std::string& text) { return text.empty(); };
  return require(
      std::ranges::all_of(block.items, blank) && std::ranges::all_of(block.remarks, blank),
      "readback: text in an empty block");
}

class PageChecker {
 public:
  PageChecker(const ExpectedDocument& expected, const ReadbackRules& rules, std::size_t page,
              std::size_t pages)
      : expected_(&expected), rules_(&rules), page_(page), pages_(pages) {
    const std::size_t first = page * rules.blocks;
    count_ = std::min(rules.blocks, expected.persons.size() - first);
    persons_ = std::span(expected.persons).subspan(first, count_);
    residents_.resize(rules.blocks, Resident::kAny);
    for (std::size_t i = 0; i < count_; ++i) {
      residents_[i] = persons_[i].foreign ? Resident::kForeign : Resident::kJapanese;
    }
  }

  Result<void> check(const ReadPage& page) {
    CERTRELAY_TRY(check_tags(page));
    CERTRELAY_TRY(check_form(page));
    CERTRELAY_TRY(check_code(page, page_, pages_, *expected_, persons_, *rules_));
    CERTRELAY_TRY(const auto collected, collect_values(page.values, residents_, *rules_));
    CERTRELAY_TRY(check_header_and_footer(collected));
    for (std::size_t i = 0; i < rules_->blocks; ++i) {
      const auto& block = collected.blocks.at(i);
      CERTRELAY_TRY(i < count_ ? check_person(block, persons_[i], *rules_)
                               : check_empty_block(block));
    }
    return ok();
  }

 private:
  Result<void> check_tags(const ReadPage& page) {
    const bool equal =
        std::ranges::equal(page.subject_tags, persons_, {}, {}, &ExpectedPerson::subject_tag);
    return require(equal, "readback: subject tags");
  }

  Result<void> check_form(const ReadPage& page) {
    CERTRELAY_TRY(const auto form, collect_form(page.form, residents_, *rules_));
    const auto& ground = expected_->demo ? rules_->demo_word : std::string();
    CERTRELAY_TRY(require(form.turned == ground, "readback: 見本"));
    for (std::size_t i = 0; i < rules_->blocks; ++i) {
      const auto& block = form.blocks.at(i);
      const bool foreign = residents_[i] == Resident::kForeign;
      CERTRELAY_TRY(
          require(block.kind_label == (foreign ? rules_->foreign_label : rules_->japanese_label),
                  "readback: labels of another kind of resident"));
      CERTRELAY_TRY(
          require(block.marks == marks_of(residents_[i], *rules_), "readback: constant marks"));
      CERTRELAY_TRY(check_closing(block, i));
    }
    return ok();
  }

  // The closing word stands in the row after the last of 備考, and nowhere else.
  Result<void> check_closing(const CollectedForm::Block& block, std::size_t at) {
    for (std::size_t row = 0; row < block.remarks.size(); ++row) {
      const bool here = at < count_ && row == persons_[at].remarks.size();
      const auto& word = here ? rules_->closing : std::string();
      CERTRELAY_TRY(require(block.remarks[row] == word, "readback: the end of the remarks"));
    }
    return ok();
  }

  Result<void> check_header_and_footer(const CollectedPage& page) {
    CERTRELAY_TRY(require(page.address == expected_->address.reveal(), "readback: address"));
    CERTRELAY_TRY(const auto head, words_of(expected_->head_of_household, *rules_));
    CERTRELAY_TRY(require(page.head == head, "readback: head of household"));
    const auto& sentence =
        expected_->whole_household ? rules_->whole_sentence : rules_->part_sentence;
    CERTRELAY_TRY(require(page.sentence == sentence, "readback: sentence"));
    const std::chrono::year_month_day day(expected_->issue_day);
    CERTRELAY_TRY(const auto words, expected_date_words({static_cast<int>(day.year()),
                                                         static_cast<unsigned>(day.month()),
                                                         static_cast<unsigned>(day.day()),
                                                         {}},
                                                        false, *rules_));
    CERTRELAY_TRY(require(page.issue_day == words, "readback: date of issue"));
    std::string document = rules_->document_label + "　";
    if (expected_->demo) document += rules_->demo_word + "-";
    document += expected_->document_id.text();
    CERTRELAY_TRY(require(page.document == document, "readback: document id"));  // INV-4
    return require(page.page_number == std::to_string(page_ + 1) + "／" + std::to_string(pages_) +
                                           rules_->page_suffix,
                   "readback: page number");
  }

  const ExpectedDocument* expected_;
  const ReadbackRules* rules_;
  std::size_t page_;
  std::size_t pages_;
  std::size_t count_;
  std::span<const ExpectedPerson> persons_;
  std::vector<Resident> residents_;  // of each block; kAny: none
};

}  // namespace

Result<void> check_readback(const ReadDocument& document, const ExpectedDocument& expected,
                            const ReadbackRules& rules) {
  const std::size_t pages = (expected.persons.size() + rules.blocks - 1) / rules.blocks;
  CERTRELAY_TRY(require(pages > 0 && document.pages.size() == pages, "readback: number of pages"));
  CERTRELAY_TRY(require(std::ranges::equal(document.id, expected.random_id), "readback: ID"));
  CERTRELAY_TRY(require(document.seal_image == rules.seal_image, "readback: the seal's image"));
  for (std::size_t page = 0; page < pages; ++page) {
    const std::size_t images = rules.seal_image ? 1 : 0;
    CERTRELAY_TRY(require(document.pages[page].images == images, "readback: the seal's image"));
    CERTRELAY_TRY(PageChecker(expected, rules, page, pages).check(document.pages[page]));
  }
  return ok();
}

}  // namespace certrelay
