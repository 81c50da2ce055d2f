// Goal: the rules of the counter as a resident meets them: who is listed, who prints, who is sent
// to the window, at which instant and at which price. Method: the real sealed register, its calls,
// the real issuance and the real page, joined as the vault joins them, on simulated time; the page
// is read by the independent reader.
#include <gtest/gtest.h>

#include "tests/support/render_samples.hpp"
#include "tests/unit/issuance/joined_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::JoinedWorld;
using namespace std::chrono_literals;

constexpr std::string_view kWhole = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。";
constexpr std::string_view kPart = "この写しは、世帯の一部の住民票の原本と相違ないことを証明する。";

UtcTime jst(const char* text) { return parse_rfc3339(text).value(); }
JstDay jst_date(const char* text) { return parse_iso_day(text).value(); }

// Open day and night, so that midnight can be looked at.
KindCalendar always() {
  KindCalendar out;
  out.hours = {.opens_min = 0, .closes_min = 24 * 60};
  return out;
}

// A world whose household 1 has three members: 見本 太郎, 花子 and 次郎.
sample::Content family() {
  auto content = sample::content(6);
  content.households[0].members[2].name = sample::text("見本　次郎");
  content.households[0].members[2].relation = Relation::kChild;
  content.households[0].members[2].relation_text = sample::text("子");
  return content;
}

void pass_until(JoinedWorld& world, UtcTime then) {
  world.clock.pass(then - world.clock.utc_now());
}

struct Printed {
  HttpAnswer answer{};
  std::size_t tags = 0;
  std::string text;  // everything on the pages
  bool says(std::string_view words) const { return text.find(words) != std::string::npos; }
};

Printed issue(JoinedWorld& world, const TransactionId& id, const IssuanceRequest& request) {
  Printed out;
  out.answer = world.post(JoinedWorld::issuance_path(id), encode(request).value());
  if (out.answer.status != 200) return out;
  const auto document = read_back(out.answer.body);
  EXPECT_TRUE(document.has_value());
  for (const auto& page : document.value().pages) {
    out.tags += page.subject_tags.size();
    for (const auto* runs : {&page.form, &page.values}) {
      for (const auto& run : *runs) out.text += std::string(run.text.reveal()) + "\n";
    }
  }
  return out;
}

// Everything that the inquiry lets choose.
Printed issue_all(JoinedWorld& world, std::uint64_t person) {
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, person);
  if (inquiry.status != 200) return {.answer = inquiry, .tags = 0, .text = {}};
  return issue(world, id, IssuanceWorld::take_all(inquiry));
}

std::string fee_of(const HttpAnswer& answer) {
  return std::string(only_header(answer.headers, kFeeYenHeader).value_or("none"));
}

// "" when the card is served up to its inquiry, else what the kiosk and the ledger say.
std::string counter(JoinedWorld& world, std::uint64_t person) {
  const auto answer = world.inquire(world.fresh_id(), person);
  if (answer.status == 200) return {};
  return IssuanceWorld::problem_of(answer) + " " +
         std::to_string(static_cast<int>(world.ledger.last().reason));
}
std::string window(ErrorCode reason) {
  return "window_only " + std::to_string(static_cast<int>(reason));
}

TEST(CounterRules, AClosedMemberIsListedWithCode90AndTheOthersPrint) {
  auto content = family();
  content.households[0].members[1].member_gate = MemberGate::kGlyphMissing;
  JoinedWorld world(content);
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, 11);
  ASSERT_EQ(inquiry.status, 200) << as_text(inquiry.body);
  const auto listed = decode_inquiry_answer(inquiry.body).value();
  ASSERT_EQ(listed.members.size(), 3U);
  EXPECT_TRUE(listed.members[0].issuable);
  EXPECT_FALSE(listed.members[1].issuable);
  EXPECT_TRUE(listed.members[2].issuable);
  const auto json = as_text(inquiry.body);
  EXPECT_NE(json.find(R"("refusal_reason":"90")"), std::string_view::npos);
  EXPECT_EQ(json.find("GLYPH"), std::string_view::npos);  // the reason stays inside
  const auto printed = issue(world, id, IssuanceWorld::take_all(inquiry));
  ASSERT_EQ(printed.answer.status, 200) << as_text(printed.answer.body);
  EXPECT_EQ(printed.tags, 2U);
  EXPECT_TRUE(printed.says("見本　太郎"));
  EXPECT_TRUE(printed.says("見本　次郎"));
  EXPECT_FALSE(printed.says("見本　花子"));
}

TEST(CounterRules, AClosedMemberThatIsChosenAllTheSameRefuses) {
  auto content = family();
  content.households[0].members[1].member_gate = MemberGate::kWindow;
  JoinedWorld world(content);
  const auto id = world.fresh_id();
  const auto inquiry = world.inquire(id, 11);
  auto request = IssuanceWorld::take_all(inquiry);
  request.members.push_back(decode_inquiry_answer(inquiry.body).value().members[1].handle);
  const auto printed = issue(world, id, request);
  EXPECT_EQ(IssuanceWorld::problem_of(printed.answer), "selection_invalid");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kClosedHandle);
}

TEST(CounterRules, WholeHouseholdIsCertifiedOnlyWithEveryMemberTheClosedOnesIncluded) {
  JoinedWorld open(family());
  const auto whole = issue_all(open, 11);
  ASSERT_EQ(whole.answer.status, 200);
  EXPECT_EQ(whole.tags, 3U);
  EXPECT_TRUE(whole.says(kWhole));
  auto content = family();
  content.households[0].members[2].member_gate = MemberGate::kTextTooLong;
  JoinedWorld closed(content);
  const auto part = issue_all(closed, 11);  // everybody who can be chosen
  ASSERT_EQ(part.answer.status, 200);
  EXPECT_EQ(part.tags, 2U);
  EXPECT_TRUE(part.says(kPart));
  EXPECT_FALSE(part.says(kWhole));
}

TEST(CounterRules, AChildPrintsOnAParentsSheetAndItsOwnCardIsRefused) {
  auto content = family();
  content.households[0].members[2].birth = sample::date("2012-05-05");  // 14
  JoinedWorld world(content);
  EXPECT_EQ(counter(world, 13), window(ErrorCode::kUnderFifteen));
  for (const std::uint64_t parent : {11U, 12U}) {  // the household stays open
    const auto printed = issue_all(world, parent);
    ASSERT_EQ(printed.answer.status, 200) << parent;
    EXPECT_EQ(printed.tags, 3U);
    EXPECT_TRUE(printed.says("見本　次郎"));
    EXPECT_TRUE(printed.says(kWhole));
  }
}

// 転出予定, sent as a change: the certificate ends with its day, and nobody sends anything more.
TEST(CounterRules, AMoveThatAChangeAnnouncedClosesAtMidnightInJapan) {
  const auto until = [](const char* then) {
    auto world = std::make_unique<JoinedWorld>(family(), always());
    auto rows = HouseholdRows{
        family().households[0].household, 1, family().households[0].members, {1, 2, 3}};
    rows.members[1].applicant_gate = ApplicantGate::kMovingOut;
    rows.members[1].applicant_gate_from = jst_date("2026-11-23");
    EXPECT_EQ(world->change(1, {.households = {rows}}).status, 200);
    EXPECT_EQ(world->reg->state().quarantined, 0U);
    pass_until(*world, jst(then));
    return world;
  };
  const auto before = until("2026-11-22T23:59:59.999+09:00");
  EXPECT_EQ(counter(*before, 12), "");
  const auto after = until("2026-11-23T00:00:00+09:00");
  EXPECT_EQ(counter(*after, 12), window(ErrorCode::kApplicantGateClosed));
  // Until the source system deletes her she stands on the family's sheet.
  const auto printed = issue_all(*after, 11);
  ASSERT_EQ(printed.answer.status, 200);
  EXPECT_EQ(printed.tags, 3U);
}

TEST(CounterRules, ALinkOfAnExtractIsValidFromMidnightInJapanAndNotATickBefore) {
  auto content = family();
  content.cards[0].valid_from = jst_date("2026-11-23");
  JoinedWorld before(content, always());
  pass_until(before, jst("2026-11-22T23:59:59.999+09:00"));
  EXPECT_EQ(counter(before, 11), window(ErrorCode::kLinkNotYetValid));
  JoinedWorld at(content, always());
  pass_until(at, jst("2026-11-23T00:00:00+09:00"));
  EXPECT_EQ(counter(at, 11), "");
  EXPECT_EQ(counter(at, 12), "");  // another's card never waited
}

// A replaced card: the old one ends with the change, the new one begins with its day, a Sunday too.
TEST(CounterRules, ALinkOfAChangeIsValidFromMidnightInJapanAndNotATickBefore) {
  const auto old_card = sample::card_of(sample::person_id(11));
  const CardKey fresh{sample::issuer_der(), sample::card_of(sample::person_id(9001)).serial};
  const auto until = [&](const char* then) {
    auto world = std::make_unique<JoinedWorld>(family(), always());
    EXPECT_EQ(
        world
            ->change(1, {.cards_added = {{sample::person_id(11), fresh, jst_date("2026-11-23")}},
                         .cards_removed = {sample::key_of(old_card)}})
            .status,
        200);
    EXPECT_EQ(world->reg->state().quarantined, 0U);
    EXPECT_EQ(counter(*world, 11), window(ErrorCode::kUnknownCard));  // at once
    pass_until(*world, jst(then));
    return world;
  };
  EXPECT_EQ(counter(*until("2026-11-22T23:59:59.999+09:00"), 9001),
            window(ErrorCode::kLinkNotYetValid));
  EXPECT_EQ(counter(*until("2026-11-23T00:00:00+09:00"), 9001), "");
}

// The next generation brings tomorrow's price. What was shown holds for the transaction; from
// midnight in Japan on everybody else is shown the new one.
TEST(CounterRules, AFeeChangesAtMidnightAcrossAGenerationAndTheShownOneHolds) {
  JoinedWorld world(family(), always());
  pass_until(world, jst("2026-11-22T23:55:00+09:00"));
  const auto id = world.fresh_id();
  const auto shown = world.inquire(id, 11);
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(decode_inquiry_answer(shown.body).value().fees.at(0).unit_price_yen, 200);
  auto next = family();
  next.generation = 2;
  auto raised = next.catalogue.fees.at(0);
  raised.unit_price_yen = 300;
  raised.effective_from = jst_date("2026-11-23");
  next.catalogue.fees.push_back(raised);
  ASSERT_TRUE(world.import(*world.reg, sample::extract(next)).has_value());
  world.issuance.withdraw_all();  // as the registry's verbs do after an activation
  EXPECT_EQ(fee_of(issue_all(world, 12).answer), "200");  // the new generation, the old day
  pass_until(world, jst("2026-11-23T00:00:00+09:00"));
  EXPECT_EQ(fee_of(issue(world, id, IssuanceWorld::take_all(shown)).answer), "200");
  EXPECT_EQ(fee_of(issue_all(world, 12).answer), "300");
}

// Who left and comes back has a new id, and may have the card of before.
TEST(CounterRules, AReturningPersonIsServedUnderANewIdAndIsNobodyOfBefore) {
  JoinedWorld world(family());
  ASSERT_EQ(issue_all(world, 31).answer.status, 200);
  const auto subjects = world.ledger.last().subjects;
  ASSERT_EQ(subjects.size(), 1U);
  ASSERT_EQ(world.change(1, {.deleted = {sample::person_id(31)}}).status, 200);
  EXPECT_EQ(counter(world, 31), window(ErrorCode::kUnknownPerson));
  auto gone = family();
  gone.generation = 2;
  gone.households.erase(gone.households.begin() + 2);
  std::erase_if(gone.cards, [](const auto& card) { return card.person == sample::person_id(31); });
  auto extract = sample::extract(gone);
  extract.manifest.base_generation = 1;
  extract.manifest.last_change = 1;
  ASSERT_TRUE(world.import(*world.reg, extract).has_value());
  EXPECT_EQ(counter(world, 31), window(ErrorCode::kUnknownCard));

  auto back = gone;
  back.generation = 3;
  back.households.push_back(sample::household(900, 1));
  back.cards.push_back(sample::card_of(sample::person_id(31)));
  back.cards.back().person = sample::person_id(9001);
  extract = sample::extract(back);
  ASSERT_TRUE(world.import(*world.reg, extract).has_value());
  const auto printed = issue_all(world, 31);  // the card of before
  ASSERT_EQ(printed.answer.status, 200) << as_text(printed.answer.body);
  EXPECT_NE(world.ledger.last().subjects, subjects);
  EXPECT_EQ(world.reg->snapshot().value()->household_of(sample::person_id(31)).error().code,
            ErrorCode::kUnknownPerson);
}

// R24: the only thing that an operator can do to a person is to close the gates; whoever looks at
// the register before, meanwhile and after finds every other field as the source system sent it.
TEST(CounterRules, AHoldEditsNothing) {  // R24
  JoinedWorld world(family());
  const auto view = [&] {
    auto out = world.reg->snapshot().value()->household_of(sample::person_id(12)).value();
    out.household.gate = HouseholdGate::kOpen;
    for (auto& member : out.members) {
      member.applicant_gate = ApplicantGate::kOpen;
      member.member_gate = MemberGate::kOpen;
    }
    return out;
  };
  const auto before = view();
  const auto run = [&](boost::asio::awaitable<Result<SubjectPseudonym>> order) {
    bool done = false;
    const auto keep = [&]() -> boost::asio::awaitable<void> {
      done = (co_await std::move(order)).has_value();
    };
    boost::asio::co_spawn(world.io, keep(), [](const std::exception_ptr&) {});
    world.io.restart();
    testing::run_ready(world.io);
    return done;
  };
  ASSERT_TRUE(run(world.verbs.hold(sample::person_id(12), "117")));
  EXPECT_EQ(counter(world, 12), window(ErrorCode::kApplicantGateClosed));
  EXPECT_EQ(view().household, before.household);
  EXPECT_EQ(view().members, before.members);
  ASSERT_TRUE(run(world.verbs.release(sample::person_id(12))));
  EXPECT_EQ(counter(world, 12), "");
  EXPECT_EQ(view().members, before.members);
}

}  // namespace
}  // namespace certrelay
