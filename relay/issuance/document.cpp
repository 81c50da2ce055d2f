// From a selection to bytes that may leave: rendered, read back, durable.
#include <algorithm>
#include <cstdio>

#include "protocol/base/check.hpp"
#include "relay/issuance/certificate_model.hpp"
#include "relay/issuance/document_sealer.hpp"
#include "relay/issuance/expected_document.hpp"
#include "relay/issuance/household_look_up.hpp"
#include "relay/issuance/tokens.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "render/render.hpp"

namespace certrelay {
namespace {

std::int64_t fee_yen(const Fee& fee, int copies, std::size_t sheets) {
  const auto units = fee.unit == FeeUnit::kPerCopy ? 1 : static_cast<std::int64_t>(sheets);
  return fee.unit_price_yen * units * copies;
}

// Apart from select.cpp's: by the records that were read again, not by what was chosen.
Result<void> reread_numbers(const RegisterSnapshot& snapshot,
                            const std::vector<SelectedCertificate::Member>& chosen,
                            HouseholdView& reread) {
  for (auto& record : reread.members) {
    const bool asked = std::any_of(chosen.begin(), chosen.end(), [&](const auto& member) {
      return member.person == record.person;
    });
    if (!asked) continue;
    CERTRELAY_TRY(record.individual_number, snapshot.individual_number(record.person));
  }
  return ok();
}

}  // namespace

CrlNumber crl_number_text(std::uint64_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(number));
  return CrlNumber::parse(text).value();
}

Result<CheckedDocument> CheckedDocument::render(SelectedCertificate selected, const RenderKit& kit,
                                                const DocumentMarks& marks,
                                                const DocumentSealer* sealer, UtcTime now) {
  const auto* form = kit.form(selected.head_.kind);
  auto model = certificate_model(selected, marks);
  if (sealer != nullptr && form != nullptr) {
    CERTRELAY_TRY(sealer->add_seals(model, form->form.form(), now));
  }
  CERTRELAY_TRY(auto pdf, render_certificate(model, kit));

  // The second path: from the card, not from what was rendered.
  CERTRELAY_TRY(const auto linked, selected.snapshot_->find_card(selected.card_));
  if (linked.person != selected.person_) {
    return Error{ErrorCode::kDocumentNotAsked, "document: the card's link"};
  }
  CERTRELAY_TRY(auto reread, selected.snapshot_->household_of(linked.person));
  if (selected.individual_number()) {
    CERTRELAY_TRY(reread_numbers(*selected.snapshot_, selected.members_, reread));
  }
  CERTRELAY_TRY(auto expected, expected_document(reread, selected, marks));
  if (sealer != nullptr) expected.seal = sealer->expected_seal(selected.head_.kind);
  CERTRELAY_CHECK(form != nullptr);  // it was rendered on it
  CERTRELAY_TRY(const auto printed, read_back(pdf, kit.outlines(), &form->known));
  CERTRELAY_TRY(check_readback(printed, expected, form->rules));
  if (sealer != nullptr) {
    CERTRELAY_TRY(sealer->check_seals(printed));
    CERTRELAY_TRY(pdf, sealer->sign(std::move(pdf), now));
  }

  std::vector<SubjectPseudonym> subjects;
  for (const auto& member : selected.members_) {
    // As the second path has it: expected_document() has found the member there.
    const auto* subject = subject_in(reread, member.person);
    CERTRELAY_CHECK(subject != nullptr);
    subjects.push_back(*subject);
  }
  const auto sheets = printed.pages.size();
  IssuanceHeaders headers{marks.id, selected.snapshot_->version(), static_cast<int>(sheets),
                          fee_yen(selected.fee_, selected.copies_, sheets)};
  return CheckedDocument(std::move(selected.head_), std::move(headers),
                         selected.view_.household.household, selected.crl_number_, selected.copies_,
                         selected.fee_.purpose, selected.individual_number_, std::move(subjects),
                         std::move(pdf));
}

Entry CheckedDocument::intent() const {
  Entry entry;
  entry.kind = EntryKind::kProvisionIntent;
  entry.role = Role::kCenter;
  entry.peer = head_.peer;
  entry.kiosk = head_.kiosk;
  entry.transaction = head_.id;
  entry.certificate_kind = head_.kind;
  entry.register_version = headers_.register_version;
  entry.crl_number = crl_number_text(crl_number_);
  entry.document = headers_.document_id;
  entry.document_sha256 = sha256(pdf_);
  entry.sheets = static_cast<std::uint16_t>(headers_.sheets);
  entry.copies = static_cast<std::uint16_t>(copies_);
  entry.fee_yen = static_cast<std::uint32_t>(headers_.fee_yen);
  entry.purpose = purpose_;
  entry.subjects = subjects_;
  if (numbers_) entry.flags |= kEntryNumber;
  return entry;
}

boost::asio::awaitable<Result<CommittedDocument>> CommittedDocument::commit(
    CheckedDocument document, LedgerPort& ledger, bool demo, LedgerPort::Guard guard) {
  auto entry = document.intent();
  if (demo) entry.flags |= kEntryDemo;
  const auto digest = entry.document_sha256.value();
  CERTRELAY_CO_TRY(const auto sequence, co_await ledger.append(std::move(entry), std::move(guard)));
  co_return CommittedDocument(std::move(document), sequence, digest);
}

}  // namespace certrelay
