#include <gtest/gtest.h>

#include <functional>

#include "render/readback/check.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

Bytes rendered(const CertificateModel& model) {
  return render_certificate(model, test_render_kit()).value();
}

ErrorCode verdict(ByteView pdf, const ExpectedDocument& expected) {
  const auto document = read_back(pdf);
  if (!document) return document.error().code;
  const auto checked = check_readback(document.value(), expected, test_readback_rules());
  return checked ? ErrorCode::kNone : checked.error().code;
}

// What readback says when the register says `changed` and the page says something else.
ErrorCode verdict_of(const std::function<void(ExpectedDocument&)>& change) {
  const auto model = sample_household_of(5);
  auto expected = expectation_of(model);
  change(expected);
  return verdict(rendered(model), expected);
}

TEST(Readback, AcceptsWhatTheRegisterSays) {
  for (std::size_t persons = 1; persons <= 20; ++persons) {
    const auto model = sample_household_of(persons);
    EXPECT_EQ(verdict(rendered(model), expectation_of(model)), ErrorCode::kNone) << persons;
  }
}

TEST(Readback, AcceptsPartOfAHouseholdWithoutDemoMarks) {
  auto model = sample_household_of(2);
  model.demo = false;
  model.whole_household = false;
  model.head_of_household = TextCell::of(CellState::kOmitted);
  EXPECT_EQ(verdict(rendered(model), expectation_of(model)), ErrorCode::kNone);
}

TEST(Readback, ReadsEveryCodePoint) {  // R46
  const auto model = sample_household();
  const auto document = read_back(rendered(model)).value();
  std::string all;
  for (const auto& run : document.pages.at(0).values) all += run.text.reveal();
  for (const auto* name : {"𠮷野　浩一郎", "辻\U000E0102　葛\U000E0102葉髙﨑", "ヨシノ　ﾐﾅﾄ",
                           "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ"}) {
    EXPECT_NE(all.find(name), std::string::npos) << name;
  }
}

TEST(Readback, RefusesAnotherValueInAnyCell) {  // INV-3
  using Change = std::function<void(ExpectedDocument&)>;
  const auto other = ExpectedValue::of_text(PersonalText("別人"));
  const std::vector<Change> changes = {
      [](auto& e) { e.address = PersonalText("別の住所"); },
      [&](auto& e) { e.head_of_household = other; },
      [](auto& e) { e.whole_household = false; },
      [](auto& e) { e.demo = false; },
      [](auto& e) { e.issue_day += std::chrono::days(1); },
      [](auto& e) { e.random_id[3] ^= 1; },
      [](auto& e) { e.document_id = DocumentId::parse("20261122-00000043-7F3A").value(); },
      [](auto& e) { e.persons[0].subject_tag.back() = 'z'; },
      [](auto& e) { std::swap(e.persons[0], e.persons[2]); },
      [](auto& e) { e.persons.pop_back(); },
      [](auto& e) { e.persons.push_back(e.persons[0]); },
      [](auto& e) { e.persons[0].foreign = true; },
      [](auto& e) { e.persons[0].items.pop_back(); },
      [&](auto& e) { e.persons[0].items.emplace_back(PrintedItem::kFormerSurname, other); },
      [&](auto& e) { e.persons[0].items.emplace_back(PrintedItem::kName, other); },
      [](auto& e) { e.persons[1].remarks.pop_back(); },
      [&](auto& e) { e.persons[0].remarks.push_back({other}); },
  };
  EXPECT_EQ(verdict_of([](auto&) {}), ErrorCode::kNone);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(verdict_of(changes[i]), ErrorCode::kReadbackMismatch) << i;
  }
}

TEST(Readback, RefusesEachItemWhenItAloneDiffers) {  // INV-3
  const auto model = sample_household_of(5);
  const auto document = read_back(rendered(model)).value();
  const auto right = expectation_of(model);
  for (std::size_t person = 0; person < right.persons.size(); ++person) {
    for (std::size_t item = 0; item < right.persons[person].items.size(); ++item) {
      auto expected = right;
      expected.persons[person].items[item].second = ExpectedValue::of_text(PersonalText("別"));
      EXPECT_FALSE(check_readback(document, expected, test_readback_rules()))
          << person << ' ' << item;
    }
  }
}

TEST(Readback, RefusesAVariantWithoutItsSelector) {
  EXPECT_EQ(verdict_of([](auto& e) {
              e.persons[3].items[0].second =
                  ExpectedValue::of_text(PersonalText("辻　葛\U000E0102葉髙﨑"));
            }),
            ErrorCode::kReadbackMismatch);
}

// Where the file is not deflated: objects, the values' stream, the maps.
std::vector<std::size_t> plain_bytes(const Bytes& pdf, std::size_t step) {
  std::vector<std::size_t> out;
  const auto text = as_text(pdf);
  constexpr std::string_view kDeflated = "/FlateDecode";
  for (std::size_t at = 0; at < pdf.size();) {
    const auto deflated = text.find(kDeflated, at);
    const auto end = std::min(deflated, pdf.size());
    for (; at < end; at += step) out.push_back(at);
    if (deflated == std::string_view::npos) break;
    at = text.find("endstream", deflated);
  }
  return out;
}

// A changed byte is refused or changes nothing that a reader of text sees (white space, a name).
TEST(Readback, NoFlippedByteMakesAnotherTextPass) {  // INV-3
  const auto model = sample_household_of(1);
  const auto pdf = rendered(model);
  const auto expected = expectation_of(model);
  const auto original = read_back(pdf).value();
  std::size_t refused = 0;
  for (const auto at : plain_bytes(pdf, 61)) {
    Bytes mutated = pdf;
    mutated[at] ^= static_cast<std::uint8_t>(1U << (at % 7));
    if (verdict(mutated, expected) != ErrorCode::kNone) {
      ++refused;
      continue;
    }
    const auto document = read_back(mutated).value();
    const auto& values = document.pages.at(0).values;
    ASSERT_EQ(values.size(), original.pages[0].values.size()) << at;
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(values[i].text, original.pages[0].values[i].text) << at;
    }
  }
  EXPECT_GT(refused, 80U);
}

Bytes replaced(const Bytes& pdf, std::string_view from, std::string_view to) {
  std::string text(as_text(pdf));
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

TEST(Readback, RefusesASwappedPairInTheMap) {  // INV-3
  auto model = sample_household_of(1);
  model.persons[0].name = PersonalText("一二");
  const auto pdf = rendered(model);
  const auto expected = expectation_of(model);
  ASSERT_EQ(verdict(pdf, expected), ErrorCode::kNone);
  EXPECT_EQ(verdict(replaced(pdf, "> <4E8C>\n", "> <4E09>\n"), expected),
            ErrorCode::kReadbackMismatch);
}

TEST(Readback, RefusesOperatorsOutsideTheClosedList) {
  const auto model = sample_household_of(1);
  const auto pdf = rendered(model);
  const auto expected = expectation_of(model);
  // The same length, so that every offset stays right.
  EXPECT_EQ(verdict(replaced(pdf, "\nBT\n/V0", "\nET\n/V0"), expected), ErrorCode::kPdfUnreadable);
  EXPECT_EQ(verdict(replaced(pdf, " Tm\n", " cm\n"), expected), ErrorCode::kPdfUnreadable);
  EXPECT_EQ(verdict(replaced(pdf, "/Type /Page\n", "/Type /Pane\n"), expected),
            ErrorCode::kPdfUnreadable);
  EXPECT_EQ(verdict(replaced(pdf, "/CIDToGIDMap /Identity", "/CIDToGIDMap /Identify"), expected),
            ErrorCode::kPdfUnreadable);
}

TEST(Readback, RefusesAPageOfAnotherDocument) {  // INV-4
  const auto ours = sample_household_of(8);
  auto theirs = sample_household_of(8);
  theirs.document_id = DocumentId::parse("20261122-00000043-0001").value();
  theirs.persons[5].name = PersonalText("見本　花子");
  const auto expected = expectation_of(ours);
  auto document = read_back(rendered(ours)).value();
  const auto other = read_back(rendered(theirs)).value();
  ASSERT_TRUE(check_readback(document, expected, test_readback_rules()));
  auto spliced = document;
  spliced.pages[1] = other.pages[1];
  EXPECT_EQ(check_readback(spliced, expected, test_readback_rules()).error().code,
            ErrorCode::kReadbackMismatch);
  std::swap(document.pages[0], document.pages[1]);
  EXPECT_EQ(check_readback(document, expected, test_readback_rules()).error().code,
            ErrorCode::kReadbackMismatch);
  document.pages.pop_back();
  EXPECT_EQ(check_readback(document, expected, test_readback_rules()).error().code,
            ErrorCode::kReadbackMismatch);
}

// One page of a whole document changed in nothing else: which check would have let it pass?
TEST(Readback, EachBondOfAPageToItsDocumentHoldsByItself) {  // INV-4
  const auto ours = sample_household_of(8);
  auto theirs = ours;
  theirs.document_id = DocumentId::parse("20261122-00000043-0001").value();
  const auto expected = expectation_of(ours);
  const auto document = read_back(rendered(ours)).value();
  const auto fault_of = [&](const ReadDocument& changed) {
    const auto checked = check_readback(changed, expected, test_readback_rules());
    return checked ? std::string_view("none") : checked.error().where;
  };
  ASSERT_EQ(fault_of(document), "none");

  auto other_id = document;
  other_id.pages[1] = read_back(rendered(theirs)).value().pages[1];
  EXPECT_EQ(fault_of(other_id), "readback: document id");

  auto untagged = document;
  untagged.pages[1].subject_tags.clear();
  EXPECT_EQ(fault_of(untagged), "readback: subject tags");

  auto surplus = document;
  surplus.pages.push_back(document.pages[1]);
  EXPECT_EQ(fault_of(surplus), "readback: number of pages");

  auto misnumbered = document;
  int numbers = 0;
  for (auto& run : misnumbered.pages[1].values) {
    std::string text(run.text.reveal());
    if (const auto at = text.find("2／2"); at != std::string::npos) {
      run.text = PersonalText(text.replace(at, 1, "1"));
      ++numbers;
    }
  }
  EXPECT_EQ(numbers, 1);
  EXPECT_EQ(fault_of(misnumbered), "readback: page number");
}

TEST(Readback, RefusesTruncatedFilesAndEmptyOnes) {  // INV-7
  const auto pdf = rendered(sample_household_of(1));
  EXPECT_FALSE(read_back({}));
  for (std::size_t size = 0; size < pdf.size(); size += 997) {
    EXPECT_FALSE(read_back(ByteView(pdf).first(size))) << size;
  }
}

TEST(Readback, RefusesAnAppendedRevision) {
  auto pdf = rendered(sample_household_of(1));
  const std::string_view update = "xref\n0 0\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF\n";
  const auto bytes = as_bytes(update);
  pdf.insert(pdf.end(), bytes.begin(), bytes.end());
  EXPECT_EQ(read_back(pdf).error().code, ErrorCode::kPdfUnreadable);
}

}  // namespace
}  // namespace certrelay
