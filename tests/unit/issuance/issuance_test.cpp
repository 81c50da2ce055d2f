// Goal: the state machine keeps its promises whatever the center repeats, reorders or delays.
// Method: the real issuance and render on memory ports and simulated time.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/wire/subject_tag.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;
using namespace std::chrono_literals;

TEST(IssuanceTest, ACardThatSignedGetsItsHouseholdsDocumentWithItsTags) {  // R02, INV-3
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(3));
  ASSERT_EQ(inquiry.status, 200) << as_text(inquiry.body);
  const auto answer = world.issue(id, IssuanceWorld::take_all(inquiry));
  ASSERT_EQ(answer.status, 200) << as_text(answer.body);
  const auto document = read_back(answer.body).value();
  std::vector<std::string> expected;
  const auto listed = decode_inquiry_answer(inquiry.body).value();
  for (const auto& member : listed.members) {
    expected.push_back(subject_tag(id, member.handle));
  }
  ASSERT_EQ(document.pages.size(), 1U);
  EXPECT_EQ(document.pages.front().subject_tags, expected);
  EXPECT_EQ(world.ledger.kinds(), (std::vector{EntryKind::kOpened, EntryKind::kProvisionInquiry,
                                               EntryKind::kProvisionIntent}));
  EXPECT_EQ(world.ledger.last().document_sha256, sha256(answer.body));  // R14, R41
  EXPECT_EQ(world.ledger.last().subjects.size(), expected.size());
}

TEST(IssuanceTest, TheScreenShowsBirthDatesInThePagesWords) {  // R46
  const auto screen_text = [](const RegisterDate& birth, ResidentClass resident_class) {
    IssuanceWorld world;
    auto& person = world.reg.current->households[0].members[0];
    person.birth = birth;
    person.resident_class = resident_class;
    const auto inquiry = world.inquire(world.fresh_id(), sample_serial(1));
    EXPECT_EQ(inquiry.status, 200) << as_text(inquiry.body);
    const auto listed = decode_inquiry_answer(inquiry.body).value();
    return std::string(listed.members[0].birth_date.text.reveal());
  };
  const auto birth = RegisterDate::parse("1983-07-09").value();
  EXPECT_EQ(screen_text(birth, ResidentClass::kJapanese), "昭和５８年　７月　９日");
  EXPECT_EQ(screen_text(birth, ResidentClass::kForeign), "１９８３年　７月　９日");
  auto told = birth;
  told.text = PersonalText("昭和５８年７月頃");
  EXPECT_EQ(screen_text(told, ResidentClass::kJapanese), "昭和５８年７月頃");
  told.text = PersonalText(std::string(kBirthTextBytesMax + 1, 'x'));
  EXPECT_EQ(screen_text(told, ResidentClass::kJapanese), "1983-07-09");
}

TEST(IssuanceTest, ARepeatGivesTheSameBytesAndRendersNothing) {  // INV-10
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(1)));
  const auto first = world.issue(id, request);
  const auto again = world.issue(id, request);
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers, first.headers);
  EXPECT_EQ(world.ledger.entries.size(), 3U);
}

TEST(IssuanceTest, AnotherBodyForATakenStepIsAConflict) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(1)));
  ASSERT_EQ(world.issue(id, request).status, 200);
  request.copies = 2;
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "conflict");
}

TEST(IssuanceTest, ARepeatPastTheWindowIsGone) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(1)));
  ASSERT_EQ(world.issue(id, request).status, 200);
  world.clock.pass(119'999ms);
  EXPECT_EQ(world.issue(id, request).status, 200);
  world.clock.pass(1ms);
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "answer_gone");
}

TEST(IssuanceTest, AChallengeIsGoodForOneSignatureAndTwoMinutes) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto payload = world.open(id);
  world.clock.pass(120'000ms);
  const auto late = world.post(IssuanceWorld::path_of(id, "/inquiry"),
                               IssuanceWorld::inquiry_body(sample_serial(1), payload));
  EXPECT_EQ(IssuanceWorld::problem_of(late), "expired");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kExpired);

  const auto other = world.fresh_id();
  const auto fresh = world.open(other);
  const auto wrong = world.post(IssuanceWorld::path_of(other, "/inquiry"),
                                IssuanceWorld::inquiry_body(sample_serial(1), payload));
  EXPECT_EQ(IssuanceWorld::problem_of(wrong), "card_not_accepted");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kSignedOtherTransaction);
  EXPECT_TRUE(world.ledger.last().subjects.empty());
  // The challenge is consumed: the right signature comes too late.
  const auto right = world.post(IssuanceWorld::path_of(other, "/inquiry"),
                                IssuanceWorld::inquiry_body(sample_serial(1), fresh));
  EXPECT_EQ(IssuanceWorld::problem_of(right), "conflict");
}

TEST(IssuanceTest, ATransactionBelongsToItsPeer) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto payload = world.open(id);
  const auto stranger = PeerName::parse("somebody-else").value();
  const auto answer = world.call(HttpMethod::kPost, IssuanceWorld::path_of(id, "/inquiry"),
                                 IssuanceWorld::inquiry_body(sample_serial(1), payload), stranger);
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "conflict");
  EXPECT_EQ(world.call(HttpMethod::kGet, IssuanceWorld::path_of(id), {}, stranger).status, 409);
  EXPECT_EQ(world.call(HttpMethod::kGet, IssuanceWorld::path_of(id), {}, world.center).status, 200);
}

TEST(IssuanceTest, AnIdIsNeverOpenedAgain) {  // INV-10
  IssuanceWorld world;
  const auto id = world.fresh_id();
  (void)world.inquire(id, sample_serial(1));
  auto request = world.open_request(id);
  request.kiosk_id = KioskId::parse("KIOSK-2").value();
  EXPECT_EQ(IssuanceWorld::problem_of(world.post("/v1/transactions", encode(request).value())),
            "conflict");
}

// After its end no table holds the id any more: the ledger alone knows it.
TEST(IssuanceTest, AnIdThatOnlyTheLedgerKnowsIsNotOpenedAgain) {  // INV-10
  IssuanceWorld world;
  const auto id = world.fresh_id();
  (void)world.open(id);
  world.clock.pass(121s);
  boost::asio::co_spawn(world.io, world.issuance.expire_overdue(),
                        [](const std::exception_ptr& error) { ASSERT_FALSE(error); });
  world.io.restart();
  testing::run_ready(world.io);
  ASSERT_EQ(world.issuance.live_transactions(), 0U);
  const auto body = encode(world.open_request(id)).value();
  EXPECT_EQ(IssuanceWorld::problem_of(world.post("/v1/transactions", body)), "conflict");
}

TEST(IssuanceTest, EveryReasonOfTheCounterLooksTheSameAndTakesTheSameTime) {
  IssuanceWorld world;
  auto& households = world.reg.current->households;
  households[1].members[0].applicant_gate = ApplicantGate::kProtected;
  households[2].members[0].birth = RegisterDate::parse("2012-07-09").value();
  households[3].household.gate = HouseholdGate::kMovePending;
  households[4].members[0].applicant_gate = ApplicantGate::kMovingOut;
  // A card whose person has left every file: 消除.
  const LinkedPerson gone{PersonId::parse(households[5].household.head.text()).value(),
                          parse_iso_day("2026-01-01").value()};
  world.reg.current->cards.insert_or_assign(sample_serial(6), gone);
  households.erase(households.begin() + 5);
  const std::vector<std::pair<Bytes, ErrorCode>> cases{
      {sample_serial(200), ErrorCode::kUnknownCard},
      {sample_serial(2), ErrorCode::kApplicantGateClosed},
      {sample_serial(3), ErrorCode::kUnderFifteen},
      {sample_serial(4), ErrorCode::kHouseholdGateClosed},
      {sample_serial(5), ErrorCode::kApplicantGateClosed},
      {sample_serial(6), ErrorCode::kUnknownPerson}};
  std::set<std::string> texts;
  for (const auto& [serial, reason] : cases) {
    const auto id = world.fresh_id();
    const auto payload = world.open(id);
    const auto before = world.clock.steady_now();
    const auto answer = world.post(IssuanceWorld::path_of(id, "/inquiry"),
                                   IssuanceWorld::inquiry_body(serial, payload));
    EXPECT_EQ(world.clock.steady_now() - before, 300ms);
    EXPECT_EQ(world.ledger.last().reason, reason);  // R42
    auto text = std::string(as_text(answer.body));
    text.replace(text.find(id.text()), id.text().size(), "");
    texts.insert(text);
    EXPECT_EQ(answer.status, 403);
  }
  EXPECT_EQ(texts.size(), 1U);
}

TEST(IssuanceTest, WorkThatTakesLongerSendsTheCounterAtTheNextMultiple) {
  for (const auto& [takes, wanted] :
       {std::pair{0ms, 300ms}, std::pair{299ms, 300ms}, std::pair{300ms, 600ms},
        std::pair{599ms, 600ms}, std::pair{600ms, 900ms}}) {
    for (const unsigned serial : {200U, 2U}) {  // an unknown card, and a protected person
      IssuanceWorld world;
      world.reg.current->households[1].members[0].applicant_gate = ApplicantGate::kProtected;
      const auto id = world.fresh_id();
      const auto payload = world.open(id);
      world.ledger.commit_takes = takes;
      const auto before = world.clock.steady_now();
      const auto answer = world.post(IssuanceWorld::path_of(id, "/inquiry"),
                                     IssuanceWorld::inquiry_body(sample_serial(serial), payload));
      EXPECT_EQ(IssuanceWorld::problem_of(answer), "window_only");
      EXPECT_EQ(world.clock.steady_now() - before, wanted);
    }
  }
}

TEST(IssuanceTest, TheCountersRepeatIsTheSameBytesAtOnce) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto payload = world.open(id);
  const auto body = IssuanceWorld::inquiry_body(sample_serial(200), payload);
  const auto first = world.post(IssuanceWorld::path_of(id, "/inquiry"), body);
  const auto again = world.post(IssuanceWorld::path_of(id, "/inquiry"), body);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(only_header(again.headers, "signature"), only_header(first.headers, "signature"));
}

TEST(IssuanceTest, ADisplacedRecordSendsNothingAndLatchesTheAlarm) {  // INV-3, INV-9
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(5));
  // Look-ups: one at the inquiry, one at the selection, one for the readback: displace the last.
  world.reg.current->displaced_at = 2;
  const auto answer = world.issue(id, IssuanceWorld::take_all(inquiry));
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "issuing_stopped");
  EXPECT_TRUE(world.alarm.latched());
  world.reg.current->displaced_at = -1;
  const auto next =
      world.post("/v1/transactions", encode(world.open_request(world.fresh_id())).value());
  EXPECT_EQ(IssuanceWorld::problem_of(next), "issuing_stopped");
  const auto kinds = world.ledger.kinds();
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kProvisionIntent), 0);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kAlarmLatched), 1);
}

// The same persons with another name: what stands on the page is compared, not only who is there.
TEST(IssuanceTest, AnotherValueOnTheSecondPathSendsNothingAndLatchesTheAlarm) {  // INV-3
  IssuanceWorld world;
  auto& households = world.reg.current->households;
  auto twin = households[4];
  twin.members[0].name = PersonalText("見本　別人");
  households.insert(households.begin() + 5, std::move(twin));
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, sample_serial(5));
  world.reg.current->displaced_at = 2;  // as above: the readback's look-up
  const auto answer = world.issue(id, IssuanceWorld::take_all(inquiry));
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "issuing_stopped");
  EXPECT_EQ(world.alarm.reason(), ErrorCode::kReadbackMismatch);
}

TEST(IssuanceTest, AChangedHouseholdIsRefusedAtTheSelection) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(6)));
  world.reg.current->households[5].members[0].name = PersonalText("見本　改名");
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "register_changed");
}

TEST(IssuanceTest, AChangeAcknowledgedBeforeTheIntentRefusesIt) {  // INV-6
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(6)));
  world.reg.household_changed = true;
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "register_changed");
  EXPECT_EQ(world.ledger.last().kind, EntryKind::kRefusal);
}

TEST(IssuanceTest, AnAnswerPastItsDeadlineDeliversNothing) {  // INV-2
  for (const auto& [takes, status] : {std::pair{9'999ms, 200}, std::pair{10'000ms, 410}}) {
    IssuanceWorld world;
    const auto id = world.fresh_id();
    const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(6)));
    world.ledger.commit_takes = takes;
    EXPECT_EQ(world.issue(id, request).status, status);
  }
}

// What is late where the ledger orders entries is not even written as handed out: the resident was
// told that nothing came, and the ledger must not say otherwise for five years.
TEST(IssuanceTest, WhatIsLateAtThePointOfOrderIsNeverInTheLedgerAsProvided) {  // INV-2
  for (const auto kind : {EntryKind::kProvisionInquiry, EntryKind::kProvisionIntent}) {
    IssuanceWorld world;
    bool passed = false;
    world.ledger.before_order = [&](const Entry& entry) {
      if (entry.kind != kind || std::exchange(passed, true)) return;
      world.clock.pass(10s);
    };
    const auto id = world.fresh_id();
    const auto listed = world.inquire(id, sample_serial(6));
    const bool inquiry = kind == EntryKind::kProvisionInquiry;
    const auto answer = inquiry ? listed : world.issue(id, IssuanceWorld::take_all(listed));
    EXPECT_EQ(answer.status, 410);
    EXPECT_TRUE(passed);
    const auto kinds = world.ledger.kinds();
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), kind), 0);
    EXPECT_EQ(world.ledger.last().kind, EntryKind::kRefusal);
    EXPECT_EQ(world.ledger.last().reason, ErrorCode::kAnswerTooLate);
  }
}

TEST(IssuanceTest, WithoutADurableIntentNoByteLeaves) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(6)));
  world.ledger.writable = false;
  const auto answer = world.issue(id, request);
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "overloaded");
  world.ledger.writable = true;
  EXPECT_EQ(world.issue(id, request).status, 200);  // a 503 consumed nothing
}

TEST(IssuanceTest, OutsideTheServiceHoursNothingIsOpenedAndTheIdStaysUnused) {  // R04
  IssuanceWorld world;
  world.clock.step_utc(std::chrono::hours(11));  // 23:00 JST
  const auto id = world.fresh_id();
  const auto body = encode(world.open_request(id)).value();
  EXPECT_EQ(IssuanceWorld::problem_of(world.post("/v1/transactions", body)), "closed");
  world.clock.step_utc(-std::chrono::milliseconds(1));  // a millisecond before 23:00
  EXPECT_EQ(world.post("/v1/transactions", body).status, 201);
}

TEST(IssuanceTest, EachKindHasItsOwnHoursAndNamesThem) {  // R04
  IssuanceWorld world;
  world.clock.step_utc(std::chrono::hours(8));  // 20:00 JST
  auto request = world.open_request(world.fresh_id());
  EXPECT_EQ(world.post("/v1/transactions", encode(request).value()).status, 201);
  request = world.open_request(world.fresh_id());
  request.certificate_kind = CertificateKind::kKisaiJiko;
  const auto closed = world.post("/v1/transactions", encode(request).value());
  EXPECT_EQ(IssuanceWorld::problem_of(closed), "closed");
  EXPECT_NE(as_text(closed.body).find("9時から17時まで"), std::string_view::npos);
}

TEST(IssuanceTest, PastItsCapacityItShedsAndTheIdStaysUnused) {  // INV-11
  IssuanceWorld world(1, nullptr, {}, {.live_max = 3});
  for (int i = 0; i < 3; ++i) world.open(world.fresh_id());
  const auto id = world.fresh_id();
  const auto body = encode(world.open_request(id)).value();
  const auto before = world.ledger.entries.size();
  for (int i = 0; i < 1000; ++i) {
    const auto shed = world.post("/v1/transactions", body);
    ASSERT_EQ(shed.status, 503);
    ASSERT_EQ(IssuanceWorld::problem_of(shed), "overloaded");
    ASSERT_EQ(only_header(shed.headers, "retry-after"), "2");
  }
  EXPECT_EQ(world.ledger.entries.size(), before);
  const auto entries = world.refusals.take(world.clock.utc_now(), world.clock.utc_now());
  ASSERT_EQ(entries.size(), 1U);  // R42: counted, one entry for all
  EXPECT_EQ(entries[0].count, 1000U);
  world.clock.pass(121s);
  boost::asio::co_spawn(world.io, world.issuance.expire_overdue(),
                        [](const std::exception_ptr& error) { ASSERT_FALSE(error); });
  world.io.restart();
  testing::run_ready(world.io);
  EXPECT_EQ(world.issuance.live_transactions(), 0U);
  EXPECT_EQ(world.post("/v1/transactions", body).status, 201);
}

TEST(IssuanceTest, ASelectionMustFitItsInquiry) {
  const auto refused = [](auto&& change) {
    IssuanceWorld world;
    const auto id = world.fresh_id();
    auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(3)));
    change(request);
    const auto answer = world.issue(id, request);
    EXPECT_EQ(IssuanceWorld::problem_of(answer), "selection_invalid");
    return world.ledger.last().reason;
  };
  EXPECT_EQ(refused([](auto& request) { request.members[0][0] ^= 1; }), ErrorCode::kUnknownHandle);
  EXPECT_EQ(refused([](auto& request) { request.inquiry_digest[0] ^= 1; }),
            ErrorCode::kInquiryDigestDiffers);
  EXPECT_EQ(refused([](auto& request) { request.entries.pop_back(); }), ErrorCode::kWrongEntries);
  EXPECT_EQ(refused([](auto& request) { request.individual_number = true; }),
            ErrorCode::kNotSelectable);
  EXPECT_EQ(refused([](auto& request) { request.purpose = PurposeCode::parse("X").value(); }),
            ErrorCode::kWrongPurpose);
}

TEST(IssuanceTest, APartOfAHouseholdIsCertifiedAsAPart) {
  IssuanceWorld world;
  const auto id = world.fresh_id();
  auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(3)));
  request.members.pop_back();
  EXPECT_EQ(world.issue(id, request).status, 200);  // the readback holds the sentence to the count
}

TEST(IssuanceTest, ACallThatNobodyOffersIsNotFound) {
  IssuanceWorld world;
  const auto get = [&](const std::string& path) {
    return world.call(HttpMethod::kGet, path, {}, world.center).status;
  };
  EXPECT_EQ(get("/v1/extracts"), 404);  // the registry's verb, not the center's
  EXPECT_EQ(get("/v1/transactions"), 404);
  EXPECT_EQ(get("/v1/transactions/" + world.fresh_id().text() + "/inquiry"), 404);
  EXPECT_EQ(get("/v1/service"), 200);
}

}  // namespace
}  // namespace certrelay
