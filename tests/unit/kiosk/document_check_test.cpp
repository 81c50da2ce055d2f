// Goal: a document of somebody else, or with a page too few or of another transaction, is refused.
#include "firmware/kiosk/document_check.hpp"

#include <gtest/gtest.h>

#include "tests/support/render_samples.hpp"
#include "tests/support/small_pdf.hpp"

namespace certrelay {
namespace {

TransactionId transaction() {
  return TransactionId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e45").value();
}

MemberHandle handle(std::uint8_t number) {
  MemberHandle out{};
  out.fill(number);
  return out;
}

std::string tag(std::uint8_t number) { return subject_tag(transaction(), handle(number)); }

std::string mark(const std::string& tag_text) {
  return "/CertrelaySubject <</Tag (" + tag_text + ")>> DP\n";
}

IssuanceHeaders headers(int sheets) {
  return {DocumentId::parse("20261122-00000001-AB12").value(), {1, 0}, sheets, 300};
}

ErrorCode refusal(const std::string& pdf, int sheets, const std::vector<std::string>& tags) {
  const auto result = check_document(pdf, headers(sheets), tags);
  return result ? ErrorCode::kNone : result.error().code;
}

TEST(DocumentCheck, AcceptsOnePersonATagInPrintedOrder) {
  const std::string pdf = pdf_of_pages({mark(tag(1)) + mark(tag(2)) + "q Q", mark(tag(3)) + "q Q"});
  EXPECT_EQ(refusal(pdf, 2, {tag(1), tag(2), tag(3)}), ErrorCode::kNone);
}

// INV-3, INV-1
TEST(DocumentCheck, RefusesTagsOfAnotherPerson) {
  const std::string pdf = pdf_of_pages({mark(tag(1)) + mark(tag(2))});
  EXPECT_EQ(refusal(pdf, 1, {tag(1), tag(3)}), ErrorCode::kForeignDocument);
  EXPECT_EQ(refusal(pdf, 1, {tag(2), tag(1)}), ErrorCode::kForeignDocument);
  EXPECT_EQ(refusal(pdf, 1, {tag(1)}), ErrorCode::kForeignDocument);
  EXPECT_EQ(refusal(pdf, 1, {tag(1), tag(2), tag(3)}), ErrorCode::kForeignDocument);
}

// INV-4: page 2 of another document spliced in.
TEST(DocumentCheck, RefusesAPageOfAnotherTransaction) {
  const auto other = TransactionId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e46").value();
  const std::string pdf = pdf_of_pages({mark(tag(1)), mark(subject_tag(other, handle(2)))});
  EXPECT_EQ(refusal(pdf, 2, {tag(1), tag(2)}), ErrorCode::kForeignDocument);
}

TEST(DocumentCheck, RefusesAMissingOrSurplusPage) {
  const std::string pdf = pdf_of_pages({mark(tag(1))});
  EXPECT_EQ(refusal(pdf, 1, {tag(1)}), ErrorCode::kNone);
  EXPECT_EQ(refusal(pdf, 2, {tag(1)}), ErrorCode::kDocumentIncomplete);
  const std::string longer = pdf_of_pages({mark(tag(1)), mark(tag(2))});
  EXPECT_EQ(refusal(longer, 1, {tag(1), tag(2)}), ErrorCode::kDocumentIncomplete);
}

TEST(DocumentCheck, RefusesAPageWithoutATag) {
  EXPECT_EQ(refusal(pdf_of_pages({mark(tag(1)), "q Q"}), 2, {tag(1)}), ErrorCode::kForeignDocument);
  // Not among the first operators.
  EXPECT_EQ(refusal(pdf_of_pages({"q " + mark(tag(1)) + "Q"}), 1, {tag(1)}),
            ErrorCode::kForeignDocument);
  EXPECT_EQ(refusal(pdf_of_pages({"/CertrelaySubject <</Tag (short)>> DP"}), 1, {tag(1)}),
            ErrorCode::kForeignDocument);
}

TEST(DocumentCheck, RefusesWhatIsNoPdfOfOurForm) {
  const std::string good = pdf_of_pages({mark(tag(1))});
  EXPECT_EQ(refusal("", 1, {tag(1)}), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("%PDF-1.7\n", 1, {tag(1)}), ErrorCode::kMalformed);
  EXPECT_EQ(refusal(good.substr(0, good.size() / 2), 1, {tag(1)}), ErrorCode::kMalformed);
  std::string filtered = good;
  const std::string plain = "/Length ";
  filtered.replace(filtered.rfind(plain), plain.size(), "/Filter ");
  EXPECT_EQ(refusal(filtered, 1, {tag(1)}), ErrorCode::kMalformed);
}

TEST(DocumentCheck, ExpectsTheChosenInTheOrderOfTheList) {
  std::vector<InquiryMember> listed;
  for (std::uint8_t i = 1; i <= 3; ++i) {
    InquiryMember member{};
    member.handle = handle(i);
    member.issuable = true;
    listed.push_back(std::move(member));
  }
  const std::vector<std::string> expected{tag(1), tag(3)};
  EXPECT_EQ(expected_tags(transaction(), listed, {handle(3), handle(1)}), expected);
}

// The real page, by the writer that the vault uses: six persons, two sheets.
class RealDocument : public testing::Test {
 protected:
  RealDocument() : model_(sample_household_of(6)) {
    for (std::uint8_t i = 0; i < 6; ++i) {
      InquiryMember member{};
      member.handle = handle(static_cast<std::uint8_t>(i + 1));
      member.name = model_.persons[i].name;
      listed_.push_back(std::move(member));
      model_.persons[i].subject_tag = tag(static_cast<std::uint8_t>(i + 1));
      tags_.push_back(model_.persons[i].subject_tag);
    }
    pdf_ = render_certificate(model_, test_render_kit()).value();
    headers_ = {model_.document_id, {1, 0}, 2, 300};
  }

  ErrorCode printed() const {
    const auto result = check_printed(pdf_, headers_, transaction(), listed_);
    return result ? ErrorCode::kNone : result.error().code;
  }

  CertificateModel model_;
  std::vector<InquiryMember> listed_;
  std::vector<std::string> tags_;
  Bytes pdf_;
  IssuanceHeaders headers_ = headers(2);
};

TEST_F(RealDocument, CarriesItsTagsAndPrintsItsNames) {
  const auto checked = check_document(as_text(pdf_), headers_, tags_);
  EXPECT_TRUE(checked) << checked.error().where;
  EXPECT_EQ(printed(), ErrorCode::kNone);
}

TEST_F(RealDocument, IsRefusedWithAnotherNameUnderTheTag) {
  listed_[5].name = PersonalText("見本 別人");
  EXPECT_EQ(printed(), ErrorCode::kForeignDocument);
}

TEST_F(RealDocument, IsRefusedWithAnotherDocumentIdThanTheHeaders) {
  headers_ = {DocumentId::parse("20200101-00000001-AB12").value(), {1, 0}, 2, 300};
  EXPECT_EQ(printed(), ErrorCode::kDocumentIncomplete);
}

TEST(PrintedId, StandsOnEveryPageAndIsTheHeaders) {
  const std::string page = "住民票\n文書番号　20261122-00000001-AB12      1／1頁\n\f";
  const std::string other = "住民票\n文書番号　20261122-00000002-AB12      1／1頁\n\f";
  EXPECT_TRUE(check_printed_id(page, headers(1)));
  EXPECT_TRUE(check_printed_id(page + page, headers(2)));
  EXPECT_FALSE(check_printed_id(page, headers(2)));
  EXPECT_FALSE(check_printed_id(page + other, headers(2)));
  EXPECT_FALSE(check_printed_id("住民票\n\f", headers(1)));
  EXPECT_FALSE(check_printed_id("", headers(1)));
}

}  // namespace
}  // namespace certrelay
