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

// A list is cut at this many; the sums go on.
inline constexpr std::size_t kHappeningsMax = 2000;

struct PeriodFigures {
  void take(const Entry& entry);
  std::uint64_t refused() const;  // all of them, gate and expiries included
  std::uint64_t of(EntryKind kind) const;

  std::map<EntryKind, std::uint64_t> kinds;  // how many entries of each
  std::map<CertificateKind, ProvisionSums> provisions;
  std::uint64_t inquiries = 0;
  // Provisions in whose entry a person stands as operator (R36), or without the center as peer
  // (R43): the program has no way to make either, and this is counted, not assumed.
  std::uint64_t by_person = 0;
  std::uint64_t without_center = 0;
  std::map<ErrorCode, std::uint64_t> refusals;
  std::uint64_t gate_refusals = 0;
  std::map<RecordedEvent, std::uint64_t> events;
  std::uint64_t keys_destroyed = 0;   // persons
  std::uint64_t residue_dropped = 0;  // persons
  std::vector<Happening> erasures;
  std::vector<Happening> exports;
  std::vector<Happening> alarms;     // latched, cleared, stopped, resumed, incidents
  std::vector<Happening> operators;  // what people did: actions, approvals, refusals, views
  std::vector<Happening> machine;    // boots, updates, media, console
  std::vector<Happening> sign_offs;
  bool cut = false;  // a list has more than kHappeningsMax
};

}  // namespace certrelay
