// Goal: a kiosk of a city that signs its certificates takes a signed one as it takes any other, and
// nothing else that lies behind a certificate. Method: the writer and the signer that the vault
// uses.
#include <gtest/gtest.h>

#include <algorithm>

#include "firmware/kiosk/document_check.hpp"
#include "relay/issuance/document_sealer.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/signing_files.hpp"

namespace certrelay {
namespace {

using testing::SigningFiles;

const UtcTime kNow = parse_rfc3339("2026-11-22T10:00:00+09:00").value();

class SignedDocument : public ::testing::Test {
 protected:
  SignedDocument() {
    for (std::size_t i = 0; i < model_.persons.size(); ++i) {
      InquiryMember member{};
      member.handle.fill(static_cast<std::uint8_t>(i + 1));
      member.name = model_.persons[i].name;
      model_.persons[i].subject_tag = subject_tag(transaction_, member.handle);
      tags_.push_back(model_.persons[i].subject_tag);
      listed_.push_back(std::move(member));
    }
    const SigningFiles files;
    const DocumentSealer sealer(
        {.municipality = MunicipalityCode::parse("392901").value(),
         .printed_seal = true,
         .signature = true},
        DocumentKey::from_pem(files.certificate(), files.key(), SigningFiles::kPassPhrase).value(),
        DocumentVerifier::from_pem(files.certificate()).value());
    const auto& kit = test_render_kit();
    EXPECT_TRUE(sealer.add_seals(model_, kit.form(model_.kind)->form.form(), kNow));
    pdf_ = sealer.sign(render_certificate(model_, kit).value(), kNow).value();
  }

  ErrorCode taken(ByteView pdf) const {
    const IssuanceHeaders headers{model_.document_id, {1, 0}, 2, 300};
    if (const auto whose = check_document(as_text(pdf), headers, tags_); !whose) {
      return whose.error().code;
    }
    const auto printed = check_printed(pdf, headers, transaction_, listed_);
    return printed ? ErrorCode::kNone : printed.error().code;
  }

  const TransactionId transaction_ =
      TransactionId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e45").value();
  CertificateModel model_ = sample_household_of(6);
  std::vector<InquiryMember> listed_;
  std::vector<std::string> tags_;
  Bytes pdf_;
};

TEST_F(SignedDocument, IsTakenAsAnyOther) { EXPECT_EQ(taken(pdf_), ErrorCode::kNone); }

TEST_F(SignedDocument, IsRefusedWithAnotherName) {
  listed_[5].name = PersonalText("見本 別人");
  EXPECT_EQ(taken(pdf_), ErrorCode::kForeignDocument);
}

TEST_F(SignedDocument, IsRefusedWithAnotherUpdateThanOneSignature) {
  std::string twice(as_text(pdf_));
  const auto update = twice.substr(twice.rfind("\nxref"));
  twice += update;
  EXPECT_EQ(taken(as_bytes(twice)), ErrorCode::kPdfUnreadable);
  // A page in place of the signature's field.
  std::string page(as_text(pdf_));
  const std::string_view field = "/Subtype /Widget";
  ASSERT_NE(page.rfind(field), std::string::npos);
  page.replace(page.rfind(field), field.size(), "/Contents 9 0 R ");
  EXPECT_EQ(taken(as_bytes(page)), ErrorCode::kPdfUnreadable);
}

}  // namespace
}  // namespace certrelay
