// Goal: after the acknowledgement of a change nothing of the older state is handed out, whatever is
// repeated or at work (INV-6). Method: the real issuance and the real sealed register, joined as
// the vault joins them, on simulated time.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/extract/change.hpp"
#include "protocol/wire/content_digest.hpp"
#include "relay/registry/registry_verbs.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using namespace std::chrono_literals;

// Cards of the sample extract's issuer.
class ExtractCards final : public CardPort {
 public:
  Result<VerifiedCard> verify(ByteView certificate, ByteView payload, ByteView signature,
                              CardAlgorithm algorithm, UtcTime now) const override {
    CERTRELAY_TRY(auto card, plain_.verify(certificate, payload, signature, algorithm, now));
    card.card.issuer_der = sample::issuer_der();
    return card;
  }
  CardHealth health() const override { return {}; }

 private:
  testing::MemoryCards plain_;
};

struct JoinedWorld : RegisterWorld {
  JoinedWorld()
      : reg(open().value()),
        key(AnswerKey::generate().value()),
        feeder(FeederKey::generate().value()),
        verifier(FeederVerifier::from_pems({public_key_pem(feeder.spki())}).value()),
        issuance(
            {.municipality = city,
             .demo = true,
             .calendar = {{CertificateKind::kJuminhyo, KindCalendar{}}},
             .deadlines = {},
             .table = {}},
            {clock, entropy, cards, *reg, ledger, test_render_kit(), key, alarm, refusals, orders}),
        verbs({.municipality = city, .spool_folder = "/s/spool"},
              {files, clock, entropy, *reg, verifier, ledger, issuance, io.get_executor(),
               io.get_executor()}) {
    EXPECT_TRUE(import(*reg, sample::extract(sample::content(6))).has_value());
    EXPECT_TRUE(verbs.start().has_value());
  }
  ~JoinedWorld() { clock.forget_alarms(); }

  // Begins a call; `answer` is filled when it ends.
  void begin(boost::asio::awaitable<HttpAnswer> call, std::optional<HttpAnswer>& answer) {
    boost::asio::co_spawn(
        io, std::move(call),
        [&answer](const std::exception_ptr&, HttpAnswer got) { answer = std::move(got); });
    io.restart();
    testing::run_ready(io);
  }
  HttpAnswer end(std::optional<HttpAnswer>& answer) {
    while (!answer && clock.advance()) {
      io.restart();
      testing::run_ready(io);
    }
    return answer.value();
  }
  static RequestFrame frame(Role role, const std::string& path, Bytes body, HttpHeaders headers) {
    headers.push_back({"content-digest", format_content_digest(sha256(ByteView(body)))});
    return {1,
            role,
            PeerName::parse("peer").value(),
            {HttpMethod::kPost, path, std::move(headers), std::move(body)}};
  }
  void begin_post(const std::string& path, Bytes body, std::optional<HttpAnswer>& answer) {
    begin(issuance.handle(frame(Role::kCenter, path, std::move(body), {}), clock.steady_now()),
          answer);
  }
  HttpAnswer post(const std::string& path, Bytes body) {
    std::optional<HttpAnswer> answer;
    begin_post(path, std::move(body), answer);
    return end(answer);
  }
  HttpAnswer change(std::uint64_t sequence, const RegisterChange& what) {
    clock.pass(1ms);
    const auto clear = encode(what).value();
    const auto status = [&] {
      std::optional<HttpAnswer> answer;
      RequestFrame get{1,
                       Role::kRegistry,
                       PeerName::parse("peer").value(),
                       {HttpMethod::kGet, "/v1/register", {}, {}}};
      begin(verbs.handle(std::move(get)), answer);
      return decode_register_status(answer.value().body).value();
    }();
    const auto statement =
        feeder.sign(StatementKind::kChange, city, {1, sequence, clock.utc_now()}, clear);
    std::optional<HttpAnswer> answer;
    begin(
        verbs.handle(frame(Role::kRegistry, "/v1/changes", seal_change(status.change_key, clear),
                           {{std::string(kStatementHeader), format_statement(statement.value())}})),
        answer);
    return end(answer);
  }
  TransactionId fresh_id() {
    return TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy))).value();
  }
  HttpAnswer inquire(const TransactionId& id, std::uint64_t person) {
    const auto opened = post(
        "/v1/transactions",
        encode(OpenRequest{id, city, KioskId::parse("KIOSK-1").value(), CertificateKind::kJuminhyo})
            .value());
    const auto payload = decode_open_answer(opened.body).value().signed_payload;
    const auto serial = sample::card_of(sample::person_id(person)).serial;
    return post(IssuanceWorld::path_of(id, "/inquiry"),
                IssuanceWorld::inquiry_body(serial, payload));
  }
  static std::string issuance_path(const TransactionId& id) {
    return IssuanceWorld::path_of(id, "/issuance");
  }

  const MunicipalityCode city = MunicipalityCode::parse("392014").value();
  boost::asio::io_context io;
  std::unique_ptr<SealedRegister> reg;
  ExtractCards cards;
  testing::MemoryLedger ledger{clock};
  AlarmLatch alarm;
  RefusalCounts refusals;
  ServiceOrders orders;
  AnswerKey key;
  FeederKey feeder;
  FeederVerifier verifier;
  Issuance issuance;
  RegistryVerbs verbs;
};

TEST(Withdrawal, DeactivatedThenTenThousandAttemptsGetNothing) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, 31);
  ASSERT_EQ(inquiry.status, 200) << as_text(inquiry.body);
  const auto request = encode(IssuanceWorld::take_all(inquiry)).value();
  const auto waiting = world.fresh_id();  // identified, has not chosen yet
  const auto waiting_request = encode(IssuanceWorld::take_all(world.inquire(waiting, 31))).value();
  ASSERT_EQ(world.post(world.issuance_path(id), request).status, 200);
  ASSERT_EQ(world.post(world.issuance_path(id), request).status, 200);  // a repeat, before

  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  const auto entries = world.ledger.entries.size();
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(waiting), waiting_request)),
            "window_only");
  for (int attempt = 0; attempt < 9'000; ++attempt) {
    const auto answer = world.post(world.issuance_path(id), request);
    ASSERT_EQ(IssuanceWorld::problem_of(answer), "answer_gone") << attempt;
  }
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const auto answer = world.inquire(world.fresh_id(), 31);
    ASSERT_EQ(IssuanceWorld::problem_of(answer), "window_only") << attempt;
    if (attempt % 50 == 0) world.clock.pass(130s);  // old transactions end
  }
  for (std::size_t i = entries; i < world.ledger.entries.size(); ++i) {
    EXPECT_NE(world.ledger.entries[i].kind, EntryKind::kProvisionIntent);
    EXPECT_NE(world.ledger.entries[i].kind, EntryKind::kProvisionInquiry);
  }
}

TEST(Withdrawal, SelectionAfterAChangeOfTheHouseholdIsRegisterChanged) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 11))).value();
  ASSERT_EQ(world.change(1, {.deceased = {sample::person_id(12)}}).status, 200);
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(id), request)),
            "register_changed");
}

TEST(Withdrawal, ChangeOfAnotherHouseholdRefusesNobody) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 11))).value();
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  EXPECT_EQ(world.post(world.issuance_path(id), request).status, 200);
}

// The intent has passed the point of order and is becoming durable while the change comes.
TEST(Withdrawal, HandOverAtWorkEndsWithoutItsBytes) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 31))).value();
  world.ledger.commit_takes = 500ms;
  std::optional<HttpAnswer> late;
  world.begin_post(world.issuance_path(id), request, late);
  ASSERT_FALSE(late);
  ASSERT_EQ(world.ledger.last().kind, EntryKind::kProvisionIntent);
  world.ledger.commit_takes = 0ms;
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  ASSERT_FALSE(late);
  EXPECT_EQ(IssuanceWorld::problem_of(world.end(late)), "register_changed");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kRefusal);
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(id), request)),
            "register_changed");  // its stored answer says the same
}

TEST(Withdrawal, InquiryAtWorkEndsWithoutTheItems) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto opened = world.post(
      "/v1/transactions", encode(OpenRequest{id, world.city, KioskId::parse("KIOSK-1").value(),
                                             CertificateKind::kJuminhyo})
                              .value());
  const auto payload = decode_open_answer(opened.body).value().signed_payload;
  world.ledger.commit_takes = 500ms;
  std::optional<HttpAnswer> late;
  world.begin_post(
      IssuanceWorld::path_of(id, "/inquiry"),
      IssuanceWorld::inquiry_body(sample::card_of(sample::person_id(31)).serial, payload), late);
  ASSERT_FALSE(late);
  world.ledger.commit_takes = 0ms;
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  EXPECT_EQ(IssuanceWorld::problem_of(world.end(late)), "register_changed");
}

TEST(Withdrawal, HeldPersonsStoredAnswerIsGoneAndTheFamilyMayStillPrint) {
  JoinedWorld world;
  const auto id = world.fresh_id();
  const auto request = encode(IssuanceWorld::take_all(world.inquire(id, 11))).value();
  ASSERT_EQ(world.post(world.issuance_path(id), request).status, 200);
  bool done = false;
  const auto hold = [&]() -> boost::asio::awaitable<void> {
    done = (co_await world.verbs.hold(sample::person_id(12), "117")).has_value();
  };
  boost::asio::co_spawn(world.io, hold(), [](const std::exception_ptr&) {});
  world.io.restart();
  testing::run_ready(world.io);
  ASSERT_TRUE(done);
  EXPECT_EQ(IssuanceWorld::problem_of(world.post(world.issuance_path(id), request)), "answer_gone");
  EXPECT_EQ(IssuanceWorld::problem_of(world.inquire(world.fresh_id(), 12)), "window_only");
  const auto next = world.fresh_id();
  const auto inquiry = world.inquire(next, 11);
  ASSERT_EQ(inquiry.status, 200);
  EXPECT_EQ(world.post(world.issuance_path(next), encode(IssuanceWorld::take_all(inquiry)).value())
                .status,
            200);
}

TEST(Withdrawal, GapRefusesEverybodyAndTheMissingChangeOpensAgain) {
  JoinedWorld world;
  EXPECT_EQ(IssuanceWorld::problem_of(world.change(2, {})), "sequence_gap");
  const auto open = [&] {
    return world.post("/v1/transactions", encode(OpenRequest{world.fresh_id(), world.city,
                                                             KioskId::parse("KIOSK-1").value(),
                                                             CertificateKind::kJuminhyo})
                                              .value());
  };
  EXPECT_EQ(IssuanceWorld::problem_of(open()), "register_not_ready");
  ASSERT_EQ(world.change(1, {}).status, 200);
  ASSERT_EQ(world.change(2, {}).status, 200);
  EXPECT_EQ(open().status, 201);
}

}  // namespace
}  // namespace certrelay
