// Many applicants at the same instant, and the proof afterwards that each got his own (INV-1).
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "firmware/kiosk/transaction.hpp"

namespace certrelay {

struct StormPlan {
  int clients = 200;                              // each its own connection, thread and resident
  int rounds = 1;                                 // transactions a client, unless `lasting` is set
  std::optional<std::chrono::seconds> lasting{};  // rounds begin until then
  bool barrier = false;  // open, inquiry and issuance of all are released at one instant each
  bool retries = false;  // every third line breaks at issuance, every third request comes twice
  RepeatPolicy repeat{};
};

// One transaction of a storm as it ended.
struct StormOutcome {
  std::string failure;      // empty: the document is the requester's own
  bool no_answer = false;   // ... within the repeat policy's window
  std::string document_id;  // empty where nothing was issued
  std::vector<std::string> tags;
  std::chrono::milliseconds open_ms{}, inquiry_ms{}, issuance_ms{};
};

struct StormReport {
  std::size_t begun = 0;
  std::size_t own = 0;                          // documents that are their requester's own
  std::size_t no_answer = 0;                    // among the failures
  std::size_t duplicates = 0;                   // document ids or subject tags seen twice
  std::map<std::string, std::size_t> failures;  // reason -> how often
  int repeats = 0;                              // requests that were sent again
  std::vector<std::chrono::milliseconds> open_ms, inquiry_ms, issuance_ms;  // of the good ones

  bool is_clean() const { return begun > 0 && own == begun && duplicates == 0; }
};

// Judges the outcomes of all clients together.
StormReport judge(const std::vector<StormOutcome>& outcomes, int repeats);

// "storm: 200 of 200 documents, each its own", then counts and percentiles.
std::string to_text(const StormReport& report);

// Runs it. Precondition: a card a client at least (CHECK), each of another resident. Errors: those
// of the first client that could not connect at all.
Result<StormReport> run_storm(const World& world, const KioskId& kiosk,
                              const std::vector<Softcard>& cards, const StormPlan& plan);

}  // namespace certrelay
