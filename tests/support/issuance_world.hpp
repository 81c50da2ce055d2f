// Issuance on memory ports and simulated time, driven as a center would: no sockets, no sleeping.
#pragma once

#include <boost/asio/io_context.hpp>

#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "protocol/wire/open_message.hpp"
#include "relay/issuance/issuance.hpp"
#include "tests/support/memory_ports.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay::testing {

class IssuanceWorld {
 public:
  // What is not the one in memory, or not the usual; all outlive it.
  struct Others {
    const RegisterPort* reg = nullptr;
    const CardPort* cards = nullptr;
    CardStatusPort* card_status = nullptr;
    const DocumentSealer* sealer = nullptr;
    KindCalendar calendar{};
    TransactionTable::Limits limits{};
    LedgerPort* ledger = nullptr;
  };
  explicit IssuanceWorld(std::uint64_t seed = 1, const RegisterPort* other_register = nullptr,
                         const KindCalendar& calendar = {}, TransactionTable::Limits limits = {})
      : IssuanceWorld(seed, Others{other_register, nullptr, nullptr, nullptr, calendar, limits}) {}
  IssuanceWorld(std::uint64_t seed, const Others& others);

  boost::asio::io_context io{1};
  SimClock clock;
  SeededEntropy entropy;
  MemoryCards cards;
  MemoryRegister reg;
  MemoryLedger ledger{clock};
  AlarmLatch alarm;
  RefusalCounts refusals;
  ServiceOrders orders;
  AnswerKey key;
  Issuance issuance;
  const PeerName center = PeerName::parse("jlis-center").value();

  // One call, run to its end; time passes only as far as the call itself waits.
  HttpAnswer call(HttpMethod method, const std::string& path, Bytes body, const PeerName& peer);
  HttpAnswer post(const std::string& path, Bytes body) {
    return call(HttpMethod::kPost, path, std::move(body), center);
  }

  TransactionId fresh_id();
  static std::string path_of(const TransactionId& id, std::string_view step = "");
  OpenRequest open_request(const TransactionId& id) const;
  // Opens and returns the payload that the card must sign. EXPECTs 201.
  Bytes open(const TransactionId& id);
  // The signed inquiry of the card with that serial.
  static Bytes inquiry_body(const Bytes& serial, const Bytes& payload);
  HttpAnswer inquire(const TransactionId& id, const Bytes& serial);
  // Takes all open members and no optional entry.
  static IssuanceRequest take_all(const HttpAnswer& inquiry);
  HttpAnswer issue(const TransactionId& id, const IssuanceRequest& request);
  // "window_only" ..., or "" when the answer is no problem document.
  static std::string problem_of(const HttpAnswer& answer);

 private:
  static IssuanceSettings settings(const KindCalendar& calendar, TransactionTable::Limits limits);
};

// The serial of the sample card of household `number`'s head.
Bytes sample_serial(unsigned number);

}  // namespace certrelay::testing
