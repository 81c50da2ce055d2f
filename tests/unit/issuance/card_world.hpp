// Issuance with the real verification of the card, on a register and a ledger in memory and
// simulated time.
#pragma once

#include <gtest/gtest.h>

#include "relay/identity/current_cards.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay::testing {

// One household's head, whose card is TestPki's; the clock stands at test_now().
struct CardWorld {
  explicit CardWorld(const TestPki& made = {})
      : CardWorld(made, CardVerifier::load(made.config()).value()) {}
  CardWorld(const TestPki& made, std::unique_ptr<CardVerifier> verifier)
      : pki(made),
        cards(std::move(verifier), {}),
        world(1, {.reg = nullptr, .cards = &cards, .card_status = nullptr}) {
    world.clock.step_utc(test_now() - world.clock.utc_now());
    link(pki.card_spec.serial, 1);
  }

  void link(const Bytes& serial, std::size_t household, const char* from = "2026-01-01") {
    const auto& head = world.reg.current->households.at(household - 1).household.head;
    world.reg.current->cards.insert_or_assign(serial,
                                              LinkedPerson{head, parse_iso_day(from).value()});
  }
  // The payload of a transaction that another kiosk, or another peer, opens.
  Bytes open_elsewhere(bool kiosk) {
    auto request = world.open_request(world.fresh_id());
    if (kiosk) request.kiosk_id = KioskId::parse("KIOSK-2").value();
    const auto peer = PeerName::parse(kiosk ? "jlis-center" : "somebody-else").value();
    const auto answer =
        world.call(HttpMethod::kPost, "/v1/transactions", encode(request).value(), peer);
    EXPECT_EQ(answer.status, 201);
    return decode_open_answer(answer.body).value().signed_payload;
  }
  Bytes another_card(std::uint64_t serial) const {
    auto spec = pki.card_spec;
    spec.serial = serial_from(serial);
    return pki.root().issue(spec, test_card_key()).value();
  }
  // The card presents `certificate` and has signed `signed_bytes`.
  HttpAnswer present(const TransactionId& id, const Bytes& certificate, ByteView signed_bytes) {
    return world.post(IssuanceWorld::path_of(id, "/inquiry"),
                      encode(InquiryRequest{certificate, test_card_key().sign(signed_bytes).value(),
                                            CardAlgorithm::kRsaPkcs1Sha256})
                          .value());
  }
  // A whole try with that certificate: "" when it was let in, else the problem; `reason` is the
  // ledger's.
  std::string attempt(const Bytes& certificate) {
    const auto id = world.fresh_id();
    const auto answer = present(id, certificate, world.open(id));
    return answer.status == 200 ? "" : IssuanceWorld::problem_of(answer);
  }
  std::string attempt() { return attempt(pki.card()); }
  ErrorCode reason() const { return world.ledger.last().reason; }
  // The reasons that are counted, for what ended before anything was begun.
  ErrorCode counted() {
    const auto entries = world.refusals.take({}, {});
    return entries.empty() ? ErrorCode::kNone : entries.back().reason;
  }

  TestPki pki;
  CurrentCards cards;
  IssuanceWorld world;
};

}  // namespace certrelay::testing
