// certrelayctl selftest --storm: the start-up self-test at length while the relay serves, with a
// report that the operators' answer key signs.
#pragma once

#include <functional>

#include "firmware/selftest/self_test.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {

// What it works on; all outlive the operators' verbs.
struct SelfTestLevers {
  // The storm, away from the caller's executor. Errors: run_self_test()'s; kVaultNotServing: the
  // vault ends first, and nothing was found.
  std::function<boost::asio::awaitable<Result<SelfTestReport>>()> run;
  // A mismatch: latches the alarm as at the start.
  std::function<boost::asio::awaitable<void>(Error)> failed;
  LedgerPort& ledger;
  Clock& clock;
  const AnswerKey& key;
  MunicipalityCode municipality;
  std::function<Digest()> configuration;  // in force
  bool demo = false;
};

// "self_test.storm", by one person, apart from whoever asks; the report is the action's detail.
void add_self_test_action(OperatorVerbs& verbs, const SelfTestLevers& levers);

// One line of visible ASCII: "certrelay self-test v1" and name=value for municipality, build,
// configuration (SHA-256), until (RFC 3339), documents, pages, repeats, late, refused_cards, entry,
// keyid; then " signature=" and base64 of ECDSA P-256 over all before, r then s. Errors: kInternal.
Result<std::string> signed_report(const SelfTestLevers& levers, const SelfTestReport& report,
                                  LedgerSequence entry);

}  // namespace certrelay
