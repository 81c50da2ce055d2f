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
  // Who has waited for the others for so long goes on without them.
  std::chrono::milliseconds gather_ms = std::chrono::minutes(10);
  bool retries = false;   // every third line breaks at issuance, every third request comes twice
  bool timeouts = false;  // every fourth transaction is given up while its document is made
  bool slow_readers = false;  // every fifth client takes its answers in small pieces
  RepeatPolicy repeat{};
};

enum class StormEnd : std::uint8_t {
  kOwn,       // a document, and it is the requester's own
  kRefused,   // a signed problem: nothing was delivered
  kNoAnswer,  // none within the repeat policy's window
  kGivenUp,   // the kiosk hung up, said timed_out and never asked again
  kWrong,     // something was delivered that does not pass the checks
};

// One transaction of a storm as it ended.
struct StormOutcome {
  StormEnd end = StormEnd::kOwn;
  std::string failure{};                    // step and reason unless kOwn
  std::string transaction{};                // its id, empty when it was never opened
  bool reported = false;                    // an event about it was acknowledged
  std::string document_id{};                // empty where nothing was issued
  std::optional<Digest> document_sha256{};  // of its bytes
  // Of documents, by all requests for one, those of answers that broke off included.
  std::uint64_t document_bytes = 0;
  std::vector<std::string> tags{};
  std::chrono::milliseconds open_ms{}, inquiry_ms{}, issuance_ms{};
};

struct StormReport {
  std::size_t begun = 0;
  std::size_t own = 0;
  std::size_t refused = 0;
  std::size_t no_answer = 0;
  std::size_t given_up = 0;
  std::size_t wrong = 0;
  std::size_t duplicates = 0;                     // document ids or subject tags seen twice
  std::map<std::string, std::size_t> failures{};  // step and reason -> how often
  int repeats = 0;                                // requests that were sent again
  std::vector<std::chrono::milliseconds> open_ms, inquiry_ms, issuance_ms;  // of the good ones

  // Nobody got anything that is not his own. Refusals may be among them.
  bool is_unmixed() const { return begun > 0 && wrong == 0 && duplicates == 0; }
  // And everybody who waited for it got it.
  bool is_complete() const { return is_unmixed() && own > 0 && own + given_up == begun; }
};

// One line of JSON a transaction, for a comparison with the ledger:
// {"transaction":…,"end":"own|refused|no_answer|given_up|wrong","document":…,"sha256":…,
// "bytes":…,"reported":…}; "sha256" in hex, empty without a document
std::string to_jsonl(const std::vector<StormOutcome>& outcomes);

// Judges the outcomes of all clients together.
StormReport judge(const std::vector<StormOutcome>& outcomes, int repeats);

// "storm: 200 of 200 documents, each its own", then counts and percentiles.
std::string to_text(const StormReport& report);

struct StormRun {
  StormReport report;
  std::vector<StormOutcome> outcomes;
};

// Runs it. Precondition: a card a client at least (CHECK), each of another resident. Errors: when
// no client could connect, those of the last.
Result<StormRun> run_storm(const World& world, const KioskId& kiosk,
                           const std::vector<Softcard>& cards, const StormPlan& plan);

}  // namespace certrelay
