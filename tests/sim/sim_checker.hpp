// Holds every answer and the whole ledger against the thirteen invariants of the incidents
// (docs/testing.md). It plays the center and knows the city; it asks the relay nothing.
#pragma once

#include <set>

#include "protocol/record/entry.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "relay/env/clock.hpp"
#include "tests/sim/sim_city.hpp"

namespace certrelay::testing {

// What the center knows of a transaction when a document comes.
struct SimVisit {
  TransactionId id;
  std::uint64_t person;  // whose card signed
  InquiryAnswer inquiry;
  IssuanceRequest request;
};

class SimChecker {
 public:
  explicit SimChecker(const SimCity& city) : city_(&city) {}

  void inquired(const SimVisit& visit);
  // A document that arrived `sent` to `now`.
  void delivered(const SimVisit& visit, const HttpAnswer& answer, SteadyTime sent, SteadyTime now);
  // From here on nothing older of that household, and nothing at all where it is deleted.
  void acknowledged(std::uint64_t household, SimCity::Version version, bool deleted);
  void swapped(SimCity::Version version);
  // Somebody else's peer asked for the transaction.
  void foreign_asked(int status);
  // A used id was opened again.
  void opened_again(int status);
  void second_instance(ErrorCode refusal);
  void alarm_seen(bool latched);
  void alarm_gone_by_itself();
  void ended(const std::vector<Entry>& ledger);

  const std::vector<std::string>& broken() const { return broken_; }
  std::size_t documents() const { return documents_.size(); }

 private:
  struct Document {
    Digest sha256;
    DocumentId id;
    RegisterVersion version;
    std::size_t times = 1;
  };
  void fail(const std::string& what) { broken_.push_back(what); }
  void check_pages(const SimVisit& visit, const HttpAnswer& answer, const IssuanceHeaders& headers);
  void check_household(std::uint64_t household, const IssuanceHeaders& headers);

  const SimCity* city_;  // the newest state that the source system has made
  std::map<TransactionId, Document> documents_;
  std::set<std::string> document_ids_;
  std::map<std::uint64_t, SimCity::Version> floor_;
  std::set<std::uint64_t> gone_;
  std::vector<std::string> broken_;
};

}  // namespace certrelay::testing
