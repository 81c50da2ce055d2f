// What makes a mix-up a compile error: five move-only tokens, each made only by the step that
// proved something and consumed by the next.
//
//   OpenedTransaction -> IdentifiedApplicant -> SelectedCertificate -> CheckedDocument
//     -> CommittedDocument -> bytes
//
// There is no other way to a certificate's bytes: a document that was not selected by an identified
// applicant, read back from its finished bytes and made durable in the ledger cannot be written
// down (tests/unit/issuance/does_not_compile/ shows it).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "protocol/wire/card_payload.hpp"
#include "protocol/wire/fee.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "relay/env/entropy.hpp"
#include "relay/issuance/transaction_head.hpp"
#include "relay/ports/card_port.hpp"
#include "relay/ports/ledger_port.hpp"
#include "relay/ports/register_port.hpp"

namespace certrelay {

class DocumentSealer;
class RenderKit;
struct Era;

// Move-only, and an ignored one is a warning, which is an error here.
class MoveOnly {
 public:
  MoveOnly(const MoveOnly&) = delete;
  MoveOnly& operator=(const MoveOnly&) = delete;

 protected:
  MoveOnly() = default;
  MoveOnly(MoveOnly&&) noexcept = default;
  MoveOnly& operator=(MoveOnly&&) noexcept = default;
  ~MoveOnly() = default;
};

// A transaction under a fresh id, with the payload that its card must sign.
class [[nodiscard]] OpenedTransaction : MoveOnly {
 public:
  // `expires_at` is printed into the payload; the deadline itself runs on the steady clock.
  static OpenedTransaction open(TransactionHead head, MunicipalityCode municipality,
                                UtcTime expires_at, const CardChallenge& challenge);

  // Rebuilt from our own state, never from a request.
  ByteView signed_payload() const { return payload_; }
  const TransactionHead& head() const { return head_; }

 private:
  OpenedTransaction(TransactionHead head, Bytes payload)
      : head_(std::move(head)), payload_(std::move(payload)) {}
  TransactionHead head_;
  Bytes payload_;
};

// What a step has learned before it failed, for the entry of the refusal (R42).
struct StepTrace {
  std::optional<SubjectPseudonym> subject;  // none before identification
  std::optional<RegisterVersion> version;
  std::optional<std::uint64_t> crl_number;
};

// A list's number as the ledger writes it.
CrlNumber crl_number_text(std::uint64_t number);

struct ListedMember {
  MemberHandle handle;
  PersonId person;
  bool open;
};

// Somebody whose card signed this very payload, who is on the register, and for whom all gates of
// the household are open.
class [[nodiscard]] IdentifiedApplicant : MoveOnly {
 public:
  // Errors: the card's (100-199), kUnknownCard, kSerialOfAnotherIssuer, kUnknownPerson,
  // kLinkNotYetValid, check_gates()'s, kKindNotOffered.
  static Result<IdentifiedApplicant> identify(OpenedTransaction opened,
                                              const InquiryRequest& request, const CardPort& cards,
                                              std::shared_ptr<const RegisterSnapshot> snapshot,
                                              UtcTime now, Entropy& entropy, StepTrace& trace);

  // The 22 items for the screen, with a fresh nonce each call; call it once. Birth dates in the
  // words of the page (`eras`), so that screen and paper agree.
  Result<InquiryAnswer> answer(const std::vector<Era>& eras, Entropy& entropy) const;
  // Ties the selection to the very bytes that were answered.
  void bind(const Digest& answer_body) { answer_body_ = answer_body; }

  const TransactionHead& head() const { return head_; }
  RegisterVersion version() const { return snapshot_->version(); }
  const HouseholdId& household() const { return view_.household.household; }
  std::uint64_t crl_number() const { return crl_number_; }
  // One a member listed, in that order.
  const std::vector<SubjectPseudonym>& subjects() const { return view_.subjects; }
  // Whose data this transaction holds.
  const std::vector<ListedMember>& listed() const { return members_; }

 private:
  friend class SelectedCertificate;
  IdentifiedApplicant(TransactionHead head, VerifiedCard card, PersonId person,
                      std::shared_ptr<const RegisterSnapshot> snapshot, HouseholdView view,
                      std::vector<ListedMember> members, std::vector<Fee> fees, JstDay day)
      : head_(std::move(head)),
        card_(std::move(card.card)),
        crl_number_(card.crl_number),
        person_(std::move(person)),
        snapshot_(std::move(snapshot)),
        view_(std::move(view)),
        members_(std::move(members)),
        fees_(std::move(fees)),
        inquiry_day_(day) {}

  TransactionHead head_;
  CardKey card_;
  std::uint64_t crl_number_;
  PersonId person_;
  std::shared_ptr<const RegisterSnapshot> snapshot_;
  HouseholdView view_;
  std::vector<ListedMember> members_;
  std::vector<Fee> fees_;  // of the kind: the price shown holds for the transaction
  JstDay inquiry_day_;
  Digest answer_body_{};
};

// A choice that this applicant may make, on the register version that will be printed.
class [[nodiscard]] SelectedCertificate : MoveOnly {
 public:
  // `snapshot` is the register in force now. Errors: kInquiryDigestDiffers, kUnknownHandle,
  // kClosedHandle, kWrongPurpose, kWrongEntries, kNotSelectable, kHouseholdChanged, the gates' and
  // the register's.
  static Result<SelectedCertificate> select(IdentifiedApplicant applicant,
                                            const IssuanceRequest& request,
                                            std::shared_ptr<const RegisterSnapshot> snapshot,
                                            UtcTime now, StepTrace& trace);

  struct Member {
    MemberHandle handle;
    PersonId person;
  };
  const TransactionHead& head() const { return head_; }
  const std::vector<Member>& members() const { return members_; }
  const HouseholdView& view() const { return view_; }
  bool includes(std::string_view entry) const;
  // 個人番号 was asked for, and this kind offers it: the records in view() of the chosen members,
  // and of nobody else, have theirs.
  bool individual_number() const { return individual_number_; }
  // Every member of the household, closed ones included, was chosen.
  bool whole_household() const { return members_.size() == view_.members.size(); }

 private:
  friend class CheckedDocument;
  SelectedCertificate(TransactionHead head, CardKey card, std::uint64_t crl_number, PersonId person,
                      std::shared_ptr<const RegisterSnapshot> snapshot, HouseholdView view,
                      std::vector<Member> members, const IssuanceRequest& request, Fee fee)
      : head_(std::move(head)),
        card_(std::move(card)),
        crl_number_(crl_number),
        person_(std::move(person)),
        snapshot_(std::move(snapshot)),
        view_(std::move(view)),
        members_(std::move(members)),
        entries_(request.entries),
        individual_number_(request.individual_number),
        copies_(request.copies),
        fee_(std::move(fee)) {}

  TransactionHead head_;
  CardKey card_;
  std::uint64_t crl_number_;
  PersonId person_;
  std::shared_ptr<const RegisterSnapshot> snapshot_;
  HouseholdView view_;
  std::vector<Member> members_;  // in register order
  std::vector<SelectedEntry> entries_;
  bool individual_number_;
  int copies_;
  Fee fee_;
};

// What identifies a document besides its content.
struct DocumentMarks {
  DocumentId id;
  std::array<std::uint8_t, 16> random_id;  // for the PDF's /ID; stored nowhere else
  JstDay issue_day;
  bool demo;
};

// Finished bytes that were read back, page by page, and found to be exactly what was asked for.
class [[nodiscard]] CheckedDocument : MoveOnly {
 public:
  // Renders, then re-reads the register through the card's link and compares (INV-3, INV-4).
  // `sealer`: null where nothing is added; its signature comes behind the bytes that were read.
  // Errors: the render's (500-599), kDocumentNotAsked and the readback's: these latch the alarm.
  static Result<CheckedDocument> render(SelectedCertificate selected, const RenderKit& kit,
                                        const DocumentMarks& marks, const DocumentSealer* sealer,
                                        UtcTime now);

  const TransactionHead& head() const { return head_; }
  const IssuanceHeaders& headers() const { return headers_; }
  const HouseholdId& household() const { return household_; }
  // Everything the intent entry says of the document.
  Entry intent() const;

 private:
  friend class CommittedDocument;
  CheckedDocument(TransactionHead head, IssuanceHeaders headers, HouseholdId household,
                  std::uint64_t crl_number, int copies, PurposeCode purpose, bool numbers,
                  std::vector<SubjectPseudonym> subjects, Bytes pdf)
      : head_(std::move(head)),
        headers_(std::move(headers)),
        household_(std::move(household)),
        crl_number_(crl_number),
        copies_(copies),
        purpose_(std::move(purpose)),
        numbers_(numbers),
        subjects_(std::move(subjects)),
        pdf_(std::move(pdf)) {}

  TransactionHead head_;
  IssuanceHeaders headers_;
  HouseholdId household_;
  std::uint64_t crl_number_;
  int copies_;
  PurposeCode purpose_;
  bool numbers_;  // 個人番号 stand on it
  std::vector<SubjectPseudonym> subjects_;
  Bytes pdf_;
};

// A document whose intent is durable in the ledger: the only thing that gives out bytes.
class [[nodiscard]] CommittedDocument : MoveOnly {
 public:
  // `guard` is asked at the ledger's point of order (INV-6). Errors: the guard's, the ledger's.
  static boost::asio::awaitable<Result<CommittedDocument>> commit(CheckedDocument document,
                                                                  LedgerPort& ledger, bool demo,
                                                                  LedgerPort::Guard guard);

  const IssuanceHeaders& headers() const { return headers_; }
  LedgerSequence intent() const { return intent_; }
  // SHA-256 of the bytes as the intent names it: what leaves must have it.
  const Digest& digest() const { return digest_; }
  // The bytes, once.
  Bytes release() && { return std::move(pdf_); }

 private:
  CommittedDocument(CheckedDocument document, LedgerSequence intent, const Digest& digest)
      : headers_(std::move(document.headers_)),
        intent_(intent),
        digest_(digest),
        pdf_(std::move(document.pdf_)) {}
  IssuanceHeaders headers_;
  LedgerSequence intent_;
  Digest digest_;
  Bytes pdf_;
};

}  // namespace certrelay
