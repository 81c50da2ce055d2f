// Goal: a certificate that is sealed and signed still leaves only after its readback, and the
// ledger names the very bytes. Method: the real issuance with a key of the test's own.
#include <gtest/gtest.h>

#include "firmware/ctl/document_check.hpp"
#include "firmware/ctl/document_state.hpp"
#include "relay/issuance/document_sealer.hpp"
#include "render/readback/signed_file.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/signing_files.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;
using testing::SigningFiles;

class SealedDocument : public ::testing::Test {
 protected:
  DocumentSealer sealer(bool printed_seal, bool signature) const {
    return {
        {.municipality = MunicipalityCode::parse("392901").value(),
         .printed_seal = printed_seal,
         .signature = signature},
        DocumentKey::from_pem(files.certificate(), files.key(), SigningFiles::kPassPhrase).value(),
        DocumentVerifier::from_pem(files.certificate()).value()};
  }
  static HttpAnswer issue(IssuanceWorld& world, unsigned household) {
    const auto id = world.fresh_id();
    const auto inquiry = world.inquire(id, sample_serial(household));
    EXPECT_EQ(inquiry.status, 200) << as_text(inquiry.body);
    return world.issue(id, IssuanceWorld::take_all(inquiry));
  }

  const SigningFiles files;
};

TEST_F(SealedDocument, LedgerNamesTheSignedBytes) {  // R14, R41
  const auto both = sealer(true, true);
  IssuanceWorld world(1, {.sealer = &both});
  const auto answer = issue(world, 3);
  ASSERT_EQ(answer.status, 200) << as_text(answer.body);
  EXPECT_EQ(world.ledger.last().document_sha256, sha256(answer.body));
  const auto verifier = DocumentVerifier::from_pem(files.certificate()).value();
  const auto document = check_signed_pdf(answer.body, verifier);
  ASSERT_TRUE(document);
  EXPECT_EQ(document.value(), world.ledger.last().document);
  const auto file = read_signed_file(answer.body).value();
  const auto page = read_back(file.certificate).value().pages.at(0);
  ASSERT_TRUE(page.code);
  const auto seal = check_printed_seal(page.code->text, verifier);
  ASSERT_TRUE(seal);
  EXPECT_EQ(seal.value().document, document.value());
  EXPECT_EQ(seal.value().persons.size(), page.subject_tags.size());
}

TEST_F(SealedDocument, NothingIsAddedThatIsSwitchedOff) {
  const auto signature_alone = sealer(false, true);
  IssuanceWorld signing(1, {.sealer = &signature_alone});
  const auto signed_alone = issue(signing, 1).body;
  const auto file = read_signed_file(signed_alone).value();
  EXPECT_FALSE(read_back(file.certificate).value().pages.at(0).code);
  const auto seal_alone = sealer(true, false);
  IssuanceWorld sealing(1, {.sealer = &seal_alone});
  const auto pdf = issue(sealing, 1).body;
  EXPECT_TRUE(read_back(pdf).value().pages.at(0).code);
  EXPECT_EQ(read_signed_file(pdf).error().code, ErrorCode::kDocumentUnsigned);
}

TEST_F(SealedDocument, AnExpiredCertificateIssuesNothing) {
  const SigningFiles old(30);
  for (const bool printed : {false, true}) {
    const DocumentSealer expired(
        {.municipality = MunicipalityCode::parse("392901").value(),
         .printed_seal = printed,
         .signature = !printed},
        DocumentKey::from_pem(old.certificate(), old.key(), SigningFiles::kPassPhrase).value(),
        DocumentVerifier::from_pem(old.certificate()).value());
    IssuanceWorld world(1, {.sealer = &expired});
    const auto answer = issue(world, 1);
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(world.ledger.last().reason, ErrorCode::kDocumentSealFailed);
    EXPECT_FALSE(world.alarm.latched());
  }
}

// Goal: INV-3 for the seal too. A key whose verifier is another's signs seals that do not hold.
TEST_F(SealedDocument, ASealThatDoesNotVerifyLatchesTheAlarm) {
  const SigningFiles other;
  const DocumentSealer mixed(
      {.municipality = MunicipalityCode::parse("392901").value(),
       .printed_seal = true,
       .signature = false},
      DocumentKey::from_pem(files.certificate(), files.key(), SigningFiles::kPassPhrase).value(),
      DocumentVerifier::from_pem(other.certificate()).value());
  IssuanceWorld world(1, {.sealer = &mixed});
  EXPECT_EQ(issue(world, 1).status, 503);
  EXPECT_TRUE(world.alarm.latched());
}

TEST_F(SealedDocument, WhatBecameOfItIsTheLedgersToSay) {
  const auto both = sealer(true, true);
  IssuanceWorld world(1, {.sealer = &both});
  const auto answer = issue(world, 3);
  const auto intent = world.ledger.last();
  const auto& document = *intent.document;
  const auto ask = [&](const std::optional<Digest>& file) {
    return state_of(world.ledger.entries, document, file, world.clock.utc_now());
  };
  EXPECT_EQ(ask({}), DocumentState::kUnresolved);
  EXPECT_EQ(ask(sha256("another file")), DocumentState::kUnknown);
  auto event = intent;
  event.kind = EntryKind::kEvent;
  event.event = RecordedEvent::kPrinted;
  world.ledger.entries.push_back(event);
  EXPECT_EQ(ask(sha256(answer.body)), DocumentState::kPrinted);
  world.ledger.entries.back().event = RecordedEvent::kJammed;
  EXPECT_EQ(ask({}), DocumentState::kVoided);
  EXPECT_EQ(state_of({}, document, {}, world.clock.utc_now()), DocumentState::kUnknown);
  // A question about it names it too.
  Entry question;
  question.kind = EntryKind::kOperatorAction;
  question.document = document;
  EXPECT_FALSE(issues(question, document));
  EXPECT_TRUE(issues(intent, document));
}

}  // namespace
}  // namespace certrelay
