// What the entries of a period come to: sums, and the lists that reports print. Fed with the
// period's entries in order; keeps no pseudonym and no transaction.
#pragma once

#include <map>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

// What one kind of certificate came to.
struct ProvisionSums {
  std::uint64_t documents = 0;
  std::uint64_t sheets = 0;
  std::uint64_t copies = 0;
  std::uint64_t fee_yen = 0;
};

// Something that a list of a report shows.
struct Happening {
  UtcTime at;
  EntryKind kind;
  ErrorCode reason;
  std::optional<OperatorName> who;
  std::optional<OperatorName> approver;
  std::optional<TerminalName> terminal;
  std::optional<ActionCode> action;
  std::optional<OperatorName> account;
  std::optional<std::uint64_t> count;
  std::optional<UtcTime> from;
  std::optional<UtcTime> until;
};

// What a list of a report shows: the first so many, and how many there were.
inline constexpr std::size_t kHappeningsMax = 2000;
struct Happenings {
  void take(const Entry& entry);
  std::vector<Happening> first;
  std::uint64_t count = 0;
};

// Actions, approvals, refusals, views, log-ins: what people did.
bool is_operators_work(EntryKind kind);

struct PeriodFigures {
  void take(const Entry& entry);
  std::uint64_t of(EntryKind kind) const;

  std::map<EntryKind, std::uint64_t> kinds;  // how many entries of each
  std::map<CertificateKind, ProvisionSums> provisions;
  std::uint64_t inquiries = 0;
  // Provisions in whose entry a person stands as operator (R36), or without the center as peer
  // (R43): the program has no way to make either, and this is counted, not assumed.
  std::uint64_t by_person = 0;
  std::uint64_t without_center = 0;
  std::uint64_t refused = 0;  // all that turned_away() counts
  std::map<ErrorCode, std::uint64_t> refusals;
  // Before a transaction: applicants (closed hours, a suspension, a stop, load), and whoever was
  // none, by the listener.
  std::map<ErrorCode, std::uint64_t> gate_refusals;
  std::map<std::pair<Role, ErrorCode>, std::uint64_t> connections;
  std::map<RecordedEvent, std::uint64_t> events;
  std::uint64_t keys_destroyed = 0;   // persons
  std::uint64_t residue_dropped = 0;  // persons
  Happenings erasures;
  Happenings exports;
  Happenings alarms;         // latched, cleared, stopped, resumed, incidents
  Happenings accounts;       // granted, roles changed, reviewed, revoked (R30)
  Happenings refused_calls;  // of operators
  Happenings machine;        // boots, updates, media, console
  std::uint64_t sign_offs = 0;
};

}  // namespace certrelay
