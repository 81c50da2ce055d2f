#include "render/readback/code_check.hpp"

#include <algorithm>

#include "protocol/seal/printed_seal.hpp"

namespace certrelay {
namespace {

constexpr Error kMismatch{ErrorCode::kReadbackMismatch, "readback: printed seal"};

bool lies_in(const ReadCode& code, const ReadbackRect& rect) {
  return code.left_um >= rect.left && code.left_um + code.edge_um <= rect.right &&
         code.bottom_um <= rect.bottom && code.bottom_um - code.edge_um >= rect.top;
}

Result<std::string> words_of(const ExpectedPerson& person, PrintedItem item,
                             const ReadbackRules& rules) {
  const auto found =
      std::ranges::find(person.items, item, &decltype(person.items)::value_type::first);
  if (found == person.items.end()) return kMismatch;
  const auto& value = found->second;
  switch (value.kind) {
    case ExpectedValue::Kind::kText:
      return std::string(value.text.reveal());
    case ExpectedValue::Kind::kJapaneseDate:
      return expected_date_words(value.date, false, rules);
    case ExpectedValue::Kind::kWesternDate:
      return expected_date_words(value.date, true, rules);
    default:
      return kMismatch;  // no name and no birth date is ever left out
  }
}

}  // namespace

Result<void> check_code(const ReadPage& page, std::size_t number, std::size_t pages,
                        const ExpectedDocument& expected, std::span<const ExpectedPerson> persons,
                        const ReadbackRules& rules) {
  if (page.code.has_value() != expected.seal.has_value()) return kMismatch;
  if (!page.code) return ok();
  if (!rules.code || !lies_in(*page.code, *rules.code)) return kMismatch;
  const auto read = decode_printed_seal(page.code->text);
  if (!read) return kMismatch;
  const auto& seal = read.value().seal;
  if (seal.kind != expected.seal->kind || seal.municipality != expected.seal->municipality ||
      seal.demo != expected.demo || seal.issue_day != expected.issue_day ||
      seal.document != expected.document_id || seal.page != number + 1 || seal.pages != pages ||
      seal.persons.size() != persons.size()) {
    return kMismatch;
  }
  for (std::size_t i = 0; i < persons.size(); ++i) {
    CERTRELAY_TRY(const auto name, words_of(persons[i], PrintedItem::kName, rules));
    CERTRELAY_TRY(const auto birth, words_of(persons[i], PrintedItem::kBirthDate, rules));
    if (seal.persons[i].name.reveal() != name || seal.persons[i].birth.reveal() != birth) {
      return kMismatch;
    }
  }
  return ok();
}

}  // namespace certrelay
