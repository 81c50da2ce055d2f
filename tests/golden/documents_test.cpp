// Goal: strangers accept what we sealed and signed, and refuse what somebody changed. Method:
// pdfsig, qpdf, mutool, pdftotext and zbarimg over a signed certificate with its printed seal.
#include <gtest/gtest.h>

#include <fstream>

#include "firmware/ctl/document_check.hpp"
#include "relay/issuance/document_sealer.hpp"
#include "render/readback/check.hpp"
#include "render/readback/signed_file.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/signing_files.hpp"

namespace certrelay {
namespace {

using testing::run_command;
using testing::SigningFiles;

const UtcTime kNow = parse_rfc3339("2026-11-22T10:00:00+09:00").value();

class Documents : public ::testing::Test {
 protected:
  Documents()
      : verifier_(DocumentVerifier::from_pem(files_.certificate()).value()),
        sealer_({.municipality = MunicipalityCode::parse("392901").value(),
                 .printed_seal = true,
                 .signature = true},
                DocumentKey::from_pem(files_.certificate(), files_.key(), SigningFiles::kPassPhrase)
                    .value(),
                DocumentVerifier::from_pem(files_.certificate()).value()) {}

  // Rendered with its seals; not yet signed.
  Bytes sealed(CertificateModel model) {
    const auto* form = test_render_kit().form(model.kind);
    EXPECT_TRUE(sealer_.add_seals(model, form->form.form(), kNow));
    return render_certificate(model, test_render_kit()).value();
  }
  std::string write(const std::string& name, ByteView bytes) const {
    auto path = files_.folder() / name;
    std::ofstream out(path, std::ios::binary);
    out.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    return path;
  }
  // pdfsig with our certificate among its trusted ones; it wants an NSS folder.
  std::string pdfsig(const std::string& path) const {
    return run_command("pdfsig -nocert " + path).text;
  }

  const SigningFiles files_;
  const DocumentVerifier verifier_;
  const DocumentSealer sealer_;
};

TEST_F(Documents, TheUnsignedBytesStayAsTheyAre) {
  const auto pdf = sealed(sample_household_of(6));
  const auto signed_pdf = sealer_.sign(pdf, kNow).value();
  const auto file = read_signed_file(signed_pdf).value();
  EXPECT_TRUE(std::ranges::equal(file.certificate, pdf));
  EXPECT_EQ(check_signed_pdf(signed_pdf, verifier_).value(), sample_household().document_id);
  // Whoever wants a certificate as it is printed does not take a signed one for it.
  EXPECT_EQ(read_back(signed_pdf).error().code, ErrorCode::kPdfUnreadable);
  EXPECT_LE(signed_pdf.size() - pdf.size(), 8U * 1024);
}

TEST_F(Documents, StrangersFindNothingInASignedFile) {
  const auto path = write("signed.pdf", sealer_.sign(sealed(sample_household()), kNow).value());
  const auto qpdf = run_command("qpdf --check " + path);
  EXPECT_EQ(qpdf.status, 0) << qpdf.text;
  const auto mutool = run_command("mutool draw -q -r 20 -o /dev/null " + path);
  EXPECT_EQ(mutool.status, 0);
  // Debian's build says so of every file.
  EXPECT_EQ(mutool.text, "warning: ICC support is not available\n");
  const auto said = pdfsig(path);
  EXPECT_NE(said.find("Signature is Valid"), std::string::npos) << said;
  EXPECT_NE(said.find("ETSI.CAdES.detached"), std::string::npos) << said;
  EXPECT_NE(said.find("Total document signed"), std::string::npos) << said;
}

TEST_F(Documents, AFlippedByteIsADigestMismatch) {
  const auto pdf = sealer_.sign(sealed(sample_household()), kNow).value();
  const auto at = as_text(pdf).find("/CertrelaySubject <</Tag (");
  auto changed = pdf;
  changed.at(at + 30) ^= 1;
  const auto said = pdfsig(write("changed.pdf", changed));
  EXPECT_NE(said.find("Digest Mismatch"), std::string::npos) << said;
  EXPECT_EQ(check_signed_pdf(changed, verifier_).error().code, ErrorCode::kDocumentAltered);
  for (const std::size_t place : {std::size_t{5000}, pdf.size() / 2, pdf.size() - 12}) {
    auto other = pdf;
    other.at(place) ^= 1;
    EXPECT_FALSE(check_signed_pdf(other, verifier_)) << place;
  }
}

TEST_F(Documents, AnUpdateBehindTheSignatureIsRefused) {
  auto pdf = sealer_.sign(sealed(sample_household()), kNow).value();
  const std::string_view more =
      "\n9 0 obj\n<</Type /Page>>\nendobj\nxref\n9 1\n0000000000 00000 n\r\ntrailer\n<<>>\n"
      "startxref\n10\n%%EOF\n";
  pdf.insert(pdf.end(), more.begin(), more.end());
  EXPECT_EQ(check_signed_pdf(pdf, verifier_).error().code, ErrorCode::kPdfUnreadable);
}

TEST_F(Documents, ThePrintedSealIsScannedFromThePicture) {
  const auto model = sample_household_of(6);
  const auto path = write("page.pdf", sealed(model));
  const auto stem = files_.folder() / "page";
  ASSERT_EQ(run_command("pdftoppm -r 600 -gray -png " + path + " " + stem).status, 0);
  for (const unsigned page : {1U, 2U}) {
    const auto scanned = run_command("(zbarimg --quiet --raw --nodbus -Sdisable -Sqrcode.enable " +
                                     stem + "-" + std::to_string(page) + ".png 2> /dev/null)");
    const auto seal = check_printed_seal(scanned.text, verifier_);
    ASSERT_TRUE(seal) << scanned.text;
    EXPECT_EQ(seal.value().page, page);
    EXPECT_EQ(seal.value().pages, 2U);
    EXPECT_EQ(seal.value().document, model.document_id);
    const std::size_t first = (page - 1) * 4;
    ASSERT_EQ(seal.value().persons.size(), page == 1 ? 4U : 2U);
    for (std::size_t i = 0; i < seal.value().persons.size(); ++i) {
      EXPECT_EQ(seal.value().persons[i].name, model.persons[first + i].name);
    }
    EXPECT_EQ(seal.value().persons[0].birth.reveal(), "昭和５８年　７月　９日");
    EXPECT_EQ(seal.value().persons[1].birth.reveal(), "１９８５年　４月１２日");
  }
}

TEST_F(Documents, AnAlteredSealIsRefused) {
  auto model = sample_household_of(1);
  const auto pdf = sealed(model);
  const auto text = read_back(pdf).value().pages.at(0).code->text;
  ASSERT_TRUE(check_printed_seal(text, verifier_));
  for (std::size_t at = 5; at < text.size(); ++at) {
    auto changed = text;
    changed[at] = changed[at] == 'K' ? 'L' : 'K';
    EXPECT_FALSE(check_printed_seal(changed, verifier_)) << at;
  }
  const SigningFiles other;
  const auto stranger = DocumentVerifier::from_pem(other.certificate()).value();
  EXPECT_EQ(check_printed_seal(text, stranger).error().code, ErrorCode::kDocumentUnsigned);
}

// INV-3, INV-4: a seal of another page, document or person never leaves.
TEST_F(Documents, ASealThatSaysSomethingElseThanItsPageIsFound) {
  auto model = sample_household_of(6);
  const auto* form = test_render_kit().form(model.kind);
  ASSERT_TRUE(sealer_.add_seals(model, form->form.form(), kNow));
  auto expected = expectation_of(model);
  expected.seal = sealer_.expected_seal(model.kind);
  const auto checked = [&](const CertificateModel& printed) {
    const auto pdf = render_certificate(printed, test_render_kit()).value();
    return check_readback(read_back(pdf).value(), expected, test_readback_rules()).has_value();
  };
  EXPECT_TRUE(checked(model));
  auto swapped = model;
  std::swap(swapped.seals[0], swapped.seals[1]);
  EXPECT_FALSE(checked(swapped));
  auto without = model;
  without.seals.clear();
  EXPECT_FALSE(checked(without));
  auto another = sample_household_of(6);
  another.persons[2].name = PersonalText("別の　見本");
  ASSERT_TRUE(sealer_.add_seals(another, form->form.form(), kNow));
  auto foreign = model;
  foreign.seals = another.seals;
  EXPECT_FALSE(checked(foreign));
  expected.seal.reset();
  EXPECT_FALSE(checked(model));
}

// Names that leave no room for a readable code: nothing is issued rather than a smaller one.
TEST_F(Documents, ASealThatHasNoRoomRefuses) {
  auto model = sample_household_of(4);
  std::string name;
  for (int i = 0; i < 60; ++i) name += "葛";
  for (auto& person : model.persons) person.name = PersonalText(name);
  const auto* form = test_render_kit().form(model.kind);
  ASSERT_TRUE(sealer_.add_seals(model, form->form.form(), kNow));
  const auto pdf = render_certificate(model, test_render_kit());
  EXPECT_EQ(pdf.error().code, ErrorCode::kDocumentSealFailed);
}

}  // namespace
}  // namespace certrelay
