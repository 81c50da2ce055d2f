// GET /v1/overview: what the console shows of the service, the register and what ends when. Nothing
// of a resident; read from the running vault.
#pragma once

#include "protocol/record/entry_text.hpp"
#include "protocol/wire/extract_plan.hpp"
#include "protocol/wire/registry_message.hpp"
#include "protocol/wire/service_message.hpp"

namespace certrelay {

// Who suspended a kind, when and why. Absent for an order that is older than the vault's start: the
// ledger has it.
struct SuspensionNote {
  UtcTime at;  // whole seconds
  OperatorName by;
  StatedReason reason;
};

struct OverviewKind {
  CertificateKind kind;
  bool open;       // by the calendar, now
  bool suspended;  // by an operator
  std::optional<SuspensionNote> note;
  std::string hours;  // the calendar in words
};

struct OverviewPush {
  ExtractId id;
  ExtractState state;
  std::uint64_t generation;
  UtcTime created;  // of the extract, as the source system says
  std::uint64_t persons;
  std::uint64_t households;
  PlanCounts person_changes;
  PlanCounts household_changes;
  PlanCounts card_changes;
};

struct OverviewRegister {
  std::string reason;  // kRegisterReasons: "ready" ...
  std::uint64_t generation;
  std::uint64_t sequence;
  std::optional<UtcTime> last_contact;  // none: never
  std::uint64_t age_s;
  std::uint64_t age_max_s;
  std::uint64_t quarantined;         // households closed by changes that could not be applied
  std::optional<OverviewPush> push;  // the newest since the vault's start
};

// A certificate or a revocation list.
struct DatedThing {
  std::string name;              // "tls.admin", "crl.1": stable words of the program
  std::optional<UtcTime> until;  // none: it cannot be read
};
inline constexpr std::size_t kDatedThingsMax = 64;

struct Overview {
  UtcTime now;  // the vault's, whole seconds
  MunicipalityCode municipality;
  std::string municipality_name;
  bool demo;
  std::vector<OverviewKind> kinds;
  OverviewRegister reg;
  std::vector<DatedThing> ends;
};

// Errors: see open_message.hpp.
Result<Overview> decode_overview(ByteView body);
Result<Bytes> encode(const Overview& message);

}  // namespace certrelay
