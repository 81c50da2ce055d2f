#include "tests/support/issuance_world.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/wire/content_digest.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay::testing {
namespace {

constexpr unsigned kHouseholds = 40;
// Of the second kind, which has no price in the register: from nine to five, every day.
const KindCalendar kOffice{{.opens_min = 9 * 60, .closes_min = 17 * 60}, {}, {}};

}  // namespace

Bytes sample_serial(unsigned number) { return {0x10, static_cast<std::uint8_t>(number)}; }

IssuanceSettings IssuanceWorld::settings(const KindCalendar& calendar,
                                         TransactionTable::Limits limits) {
  return {
      .municipality = MunicipalityCode::parse("392901").value(),
      .demo = true,
      .calendar = {{CertificateKind::kJuminhyo, calendar}, {CertificateKind::kKisaiJiko, kOffice}},
      .deadlines = {},
      .table = limits};
}

IssuanceWorld::IssuanceWorld(std::uint64_t seed, const Others& others)
    : entropy(seed),
      key(AnswerKey::generate().value()),
      issuance(settings(others.calendar, others.limits),
               {clock, entropy, others.cards == nullptr ? cards : *others.cards,
                others.reg == nullptr ? reg : *others.reg,
                others.ledger == nullptr ? ledger : *others.ledger, test_render_kit(), key, alarm,
                refusals, orders, others.card_status, others.sealer}) {
  reg.current->known = sample_catalogue();
  for (unsigned number = 1; number <= kHouseholds; ++number) {
    const auto household = sample_household(number, 1 + number % 5);
    reg.current->cards.emplace(
        sample_serial(number),
        LinkedPerson{household.household.head, parse_iso_day("2026-01-01").value()});
    reg.current->households.push_back(household);
  }
}

HttpAnswer IssuanceWorld::call(HttpMethod method, const std::string& path, Bytes body,
                               const PeerName& peer) {
  HttpRequest request{method, path, {}, std::move(body)};
  if (method == HttpMethod::kPost) {
    request.headers.push_back({"content-digest", format_content_digest(sha256(request.body))});
  }
  HttpAnswer answer;
  bool done = false;
  boost::asio::co_spawn(
      io, issuance.handle(RequestFrame{1, Role::kCenter, peer, request}, clock.steady_now()),
      [&](const std::exception_ptr& error, HttpAnswer given) {
        ASSERT_FALSE(error);
        answer = std::move(given);
        done = true;
      });
  io.restart();
  run_ready(io);
  while (!done && clock.advance()) {
    io.restart();
    run_ready(io);
  }
  EXPECT_TRUE(done);
  return answer;
}

TransactionId IssuanceWorld::fresh_id() {
  return TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy))).value();
}

std::string IssuanceWorld::path_of(const TransactionId& id, std::string_view step) {
  return "/v1/transactions/" + id.text() + std::string(step);
}

OpenRequest IssuanceWorld::open_request(const TransactionId& id) const {
  return {id, MunicipalityCode::parse("392901").value(), KioskId::parse("KIOSK-1").value(),
          CertificateKind::kJuminhyo};
}

Bytes IssuanceWorld::open(const TransactionId& id) {
  const auto answer = post("/v1/transactions", encode(open_request(id)).value());
  EXPECT_EQ(answer.status, 201) << as_text(answer.body);
  const auto message = decode_open_answer(answer.body);
  return message ? message.value().signed_payload : Bytes();
}

Bytes IssuanceWorld::inquiry_body(const Bytes& serial, const Bytes& payload) {
  return encode(InquiryRequest{serial, MemoryCards::sign(serial, payload),
                               CardAlgorithm::kRsaPkcs1Sha256})
      .value();
}

HttpAnswer IssuanceWorld::inquire(const TransactionId& id, const Bytes& serial) {
  const auto payload = open(id);
  return post(path_of(id, "/inquiry"), inquiry_body(serial, payload));
}

IssuanceRequest IssuanceWorld::take_all(const HttpAnswer& inquiry) {
  const auto message = decode_inquiry_answer(inquiry.body).value();
  IssuanceRequest out{{}, message.purposes.front().code, {}, false, 1, sha256(inquiry.body)};
  for (const auto& member : message.members) {
    if (member.issuable) out.members.push_back(member.handle);
  }
  for (const auto& entry : message.entries) out.entries.push_back({entry.code, false});
  return out;
}

HttpAnswer IssuanceWorld::issue(const TransactionId& id, const IssuanceRequest& request) {
  return post(path_of(id, "/issuance"), encode(request).value());
}

std::string IssuanceWorld::problem_of(const HttpAnswer& answer) {
  const auto problem = decode_problem(answer.body);
  return problem ? std::string(to_text(problem.value().code)) : "";
}

}  // namespace certrelay::testing
