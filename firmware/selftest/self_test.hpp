// INV-12: residents who do not exist are issued certificates at one instant, some of them past
// their deadline, by the very code, forms, fonts and configuration that residents will be.
#pragma once

#include <functional>

#include "firmware/selftest/fictional_city.hpp"
#include "firmware/selftest/fictional_ledger.hpp"
#include "relay/issuance/issuance.hpp"
#include "relay/keys/answer_verifier.hpp"

namespace certrelay {

struct SelfTestSettings {
  IssuanceSettings issuance;  // as configured; its hours and deadlines are not kept, its kinds are
  std::size_t households = 12;  // an even number from 4 to kFictionalHouseholdsMax
  std::size_t applicants = 40;  // at one instant, whatever issuance.table.live_max says
  std::size_t workers = 2;      // threads
};

struct SelfTestParts {
  Clock& clock;
  Entropy& entropy;
  const RenderKit& kit;
  // Asked before each answer by every worker; once true, true for ever. Empty: never.
  std::function<bool()> stopped = {};
};

struct SelfTestReport {
  std::size_t documents = 0;      // each read back against its own person
  std::size_t pages = 0;          // of them
  std::size_t repeats = 0;        // that gave the same bytes
  std::size_t late = 0;           // forced past their deadline, and nothing was delivered
  std::size_t refused_cards = 0;  // with another's signature
  SelfTestReport& operator+=(const SelfTestReport& other);
};

// Makes a site of its own and runs once; blocks, a fraction of a second. A slow machine takes
// longer and gives the same answer. Errors: kSelfTestFailed (`where` says what was wrong),
// kPdfUnreadable, and those of keys and certificates that could not be made; kVaultNotServing: it
// was stopped and has found nothing; the answers that were being made are finished first.
Result<SelfTestReport> run_self_test(const SelfTestSettings& settings, const SelfTestParts& parts);

// What the applicants meet: a test puts its faults here.
struct SelfTestSite {
  const FictionalCity& city;
  FictionalLedger& ledger;  // asked afterwards what it holds
  const AnswerVerifier& verifier;
  std::function<boost::asio::awaitable<HttpAnswer>(RequestFrame, SteadyTime)> answer;
};
// The applicants alone. Errors: as above.
Result<SelfTestReport> run_applicants(const SelfTestSettings& settings, const SelfTestParts& parts,
                                      const SelfTestSite& site);

// The settings with which a site of the self-test is opened: every hour of every day, and a day for
// each deadline.
IssuanceSettings open_always(IssuanceSettings settings);
IssuanceSettings unhurried(IssuanceSettings settings);

}  // namespace certrelay
