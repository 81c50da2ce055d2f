// One line of the five-year ledger (R41, R42, R35) and its only encoding.
//
// No field may hold personal data: no name, address, birth date, card serial, and no digest of
// guessable data. A person appears as a pseudonym that is keyed by the person's own key and dies
// with it (R51). The bytes are documented in FORMAT.md; they are hashed, so they never change.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/ledger_sequence.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/record/entry_kind.hpp"
#include "protocol/record/entry_text.hpp"

namespace certrelay {

inline constexpr std::size_t kEntryBytesMax = 4096;
inline constexpr std::size_t kEntrySubjectsMax = 32;      // a household of 20 and room
inline constexpr std::size_t kEntryOtherFieldsMax = 64;   // fields of a newer program
inline constexpr std::size_t kEntryFieldBytesMax = 1024;  // one field's value

// Bits of Entry::flags; a reader keeps bits that it does not know.
inline constexpr std::uint8_t kEntryClockDoubted = 0x01;  // utc is the last trusted one + steady
inline constexpr std::uint8_t kEntryLate = 0x02;          // an event past its 30 minutes
inline constexpr std::uint8_t kEntryDemo = 0x04;          // written under `demo = true` (見本)
inline constexpr std::uint8_t kEntryNumber = 0x08;        // the document has 個人番号 (R41)

// A field whose tag this program does not know: kept and hashed as it came.
struct EntryField {
  std::uint16_t tag = 0;
  Bytes value;
  friend bool operator==(const EntryField&, const EntryField&) = default;
};

struct Entry {
  LedgerSequence sequence;  // set by the ledger's writer
  EntryKind kind = EntryKind::kRefusal;
  UtcTime utc{};           // 1970 to 9999; set by the ledger's writer
  std::uint8_t flags = 0;  // the writer sets kEntryClockDoubted
  ErrorCode reason = ErrorCode::kNone;

  // Who and what; for unattended issue the 操作者 is the peer and the kiosk (R41).
  std::optional<PeerName> peer;
  std::optional<Role> role;  // the listener
  std::optional<KioskId> kiosk;
  std::optional<TransactionId> transaction;
  std::optional<CertificateKind> certificate_kind;
  std::optional<IncidentId> incident;

  std::optional<OperatorName> operator_name;
  std::optional<OperatorName> approver;  // the second of two persons
  std::optional<TerminalName> terminal;
  std::optional<ActionCode> action;           // what was done, or which alarm
  std::optional<StatedReason> stated_reason;  // 処理事由 (R35), typed by an operator
  std::optional<OperatorName> account;        // that an action of an operator is about
  std::optional<ActionId> action_id;          // joins proposal, approval and effect

  std::optional<RegisterVersion> register_version;
  std::optional<CrlNumber> crl_number;
  // SHA-256 of a configuration, package or CRL: never of anything that holds residents' data.
  std::optional<Digest> artifact_sha256;
  // Whose CRL: SHA-256 of the issuer's Name and of its key's digest (FORMAT.md). An authority's.
  std::optional<Digest> crl_issuer;

  std::optional<DocumentId> document;
  std::optional<Digest> document_sha256;  // of the finished bytes; /ID makes it no oracle
  std::optional<std::uint16_t> sheets;
  std::optional<std::uint16_t> copies;
  std::optional<std::uint32_t> fee_yen;
  std::optional<PurposeCode> purpose;

  std::optional<EventId> event_id;
  std::optional<RecordedEvent> event;
  std::optional<UtcTime> occurred_at;  // as the center says
  std::optional<std::uint16_t> sheets_printed;
  std::optional<bool> paid;
  std::optional<std::uint32_t> amount_yen;

  std::optional<std::uint64_t> count;  // of refusals, persons, rows
  std::optional<UtcTime> period_from;  // an export's or a count's period, [from, until)
  std::optional<UtcTime> period_until;
  std::optional<LedgerSequence> about;  // the entry that this one is about
  std::optional<std::uint64_t> tree_size;
  std::optional<Digest> tree_root;
  std::optional<BuildId> build;

  std::vector<SubjectPseudonym> subjects;  // one a person, in printed order
  std::vector<EntryField> others;          // ascending by tag, no tag of the above

  friend bool operator==(const Entry&, const Entry&) = default;
};

// The canonical bytes: decode(encode(x)) == x, and nothing else decodes to x.
// Errors: kLimitExceeded (kEntryBytesMax and the limits above), kMalformed (sequence 0, a time
// before 1970 or past 9999, `others` out of order or with a known tag).
Result<Bytes> encode(const Entry& entry);

// Strict. Errors: kMalformed, kLimitExceeded, kTrailingBytes never (fields run to the end).
Result<Entry> decode_entry(ByteView bytes);

}  // namespace certrelay
