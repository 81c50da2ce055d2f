#pragma once

#include "protocol/wire/registry_message.hpp"
#include "relay/env/clock.hpp"
#include "relay/registry/guard_rails.hpp"
#include "relay/registry/sealed_register.hpp"
#include "relay/registry/spool.hpp"

namespace certrelay {

// One push of an extract, from its manifest to its activation. Lives in memory alone: after a
// restart of the vault the source system begins again.
struct Push {
  ExtractId id;
  PeerName peer;
  Manifest manifest;
  Bytes manifest_bytes;
  SteadyTime expires_at;
  ExtractState state = ExtractState::kReceiving;
  // Until built: then both are gone, the spool's file too.
  std::optional<ImportKey> key = std::nullopt;
  std::optional<Spool> spool = std::nullopt;
  std::uint64_t received_bytes = 0;
  std::uint64_t expected_bytes = 0;
  Diagnostics diagnostics = {};
  ErrorCode refusal = ErrorCode::kNone;
  std::optional<SealedRegister::Built> built = std::nullopt;
  // Of what was built; they stay once it is in force.
  ExtractPlan plan = {};
  std::uint64_t closed_members = 0;
  // Not empty: two persons must approve before it comes in force.
  std::vector<TrippedRail> rails = {};
  bool approved = false;
  // Of the activation that was asked for, be it before the approval.
  bool activation_asked = false;
  std::optional<UtcTime> activate_at = std::nullopt;
  UtcTime contact{};
};

// What GET /v1/extracts/{id} says of it. Findings name files, lines, columns: never a value.
ExtractReport report_of(const Push& push);

}  // namespace certrelay
