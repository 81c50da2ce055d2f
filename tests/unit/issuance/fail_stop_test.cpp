// Goal: each mismatch of docs/FAIL_STOP.md that no other test has sends nothing, stops everything
// and stays (INV-9). Method: a fault in the register between two steps, a bit of the process's own
// memory turned, something that happens while an entry becomes durable.
#include <gtest/gtest.h>

#include "tests/support/issuance_world.hpp"
#include "tests/support/own_memory.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::MemoryLedger;
using testing::sample_serial;

// The register, until its records are said to be damaged.
class FailingRegister final : public RegisterPort {
 public:
  explicit FailingRegister(const IssuanceWorld& honest) : honest_(honest) {}
  ErrorCode damage = ErrorCode::kNone;

  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override {
    CERTRELAY_TRY(auto snapshot, honest_.reg.snapshot());
    return std::shared_ptr<const RegisterSnapshot>(
        std::make_shared<Snapshot>(std::move(snapshot), damage));
  }
  RegisterState state() const override { return honest_.reg.state(); }
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override {
    return honest_.reg.still_current(version, household);
  }

 private:
  class Snapshot final : public RegisterSnapshot {
   public:
    Snapshot(std::shared_ptr<const RegisterSnapshot> honest, ErrorCode damage)
        : honest_(std::move(honest)), damage_(damage) {}
    RegisterVersion version() const override { return honest_->version(); }
    Result<LinkedPerson> find_card(const CardKey& card) const override {
      return honest_->find_card(card);
    }
    Result<HouseholdView> household_of(const PersonId& person) const override {
      if (damage_ != ErrorCode::kNone) return Error{damage_, "failing register"};
      return honest_->household_of(person);
    }
    Result<std::optional<IndividualNumber>> individual_number(
        const PersonId& person) const override {
      return honest_->individual_number(person);
    }
    Result<SubjectPseudonym> pseudonym(const PersonId& person) const override {
      return honest_->pseudonym(person);
    }
    const Catalogue& catalogue() const override { return honest_->catalogue(); }

   private:
    std::shared_ptr<const RegisterSnapshot> honest_;
    ErrorCode damage_;
  };
  const IssuanceWorld& honest_;
};

// The world's ledger; once an entry of that kind is durable, something happens before whoever
// appended it goes on.
class EventfulLedger final : public LedgerPort {
 public:
  MemoryLedger* behind = nullptr;
  EntryKind kind = EntryKind::kProvisionIntent;
  std::function<void()> happens;

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override {
    const bool awaited = entry.kind == kind && happens;
    auto written = co_await behind->append(std::move(entry), std::move(guard));
    if (awaited) std::exchange(happens, nullptr)();
    co_return written;
  }
  Result<bool> knows_transaction(const TransactionId& id) override {
    return behind->knows_transaction(id);
  }
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override {
    return behind->entries_of(id);
  }
  Result<std::vector<Entry>> intents_on(JstDay day) override { return behind->intents_on(day); }
  LedgerHealth health() const override {
    return behind == nullptr ? LedgerHealth{} : behind->health();
  }
};

struct EventfulWorld {
  EventfulLedger ledger;
  IssuanceWorld world{1, {.ledger = &ledger}};
  EventfulWorld() { ledger.behind = &world.ledger; }
};

// Nothing is issued, nothing that was issued leaves again, and the ledger has it once.
void expect_all_stopped(IssuanceWorld& world, ErrorCode reason, std::ptrdiff_t intents) {
  EXPECT_EQ(world.alarm.reason(), reason);
  const auto next =
      world.post("/v1/transactions", encode(world.open_request(world.fresh_id())).value());
  EXPECT_EQ(IssuanceWorld::problem_of(next), "issuing_stopped");
  const auto kinds = world.ledger.kinds();
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kProvisionIntent), intents);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kAlarmLatched), 1);
}

TEST(FailStop, ALinkThatMovedMeanwhileSendsNothing) {  // INV-3, INV-9
  IssuanceWorld world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(3)));
  auto& cards = world.reg.current->cards;
  cards.at(sample_serial(3)).person = cards.at(sample_serial(4)).person;
  const auto answer = world.issue(id, request);
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "issuing_stopped");
  expect_all_stopped(world, ErrorCode::kDocumentNotAsked, 0);
}

TEST(FailStop, DamagedRecordsSendNothing) {  // INV-9
  for (const auto damage : {ErrorCode::kStoreCorrupt, ErrorCode::kSealBroken}) {
    IssuanceWorld honest(1);
    FailingRegister failing(honest);
    IssuanceWorld world(2, &failing);
    const auto earlier = world.fresh_id();
    const auto same = IssuanceWorld::take_all(world.inquire(earlier, sample_serial(3)));
    ASSERT_EQ(world.issue(earlier, same).status, 200);
    const auto id = world.fresh_id();
    const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(5)));
    failing.damage = damage;
    EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "register_not_ready");
    failing.damage = ErrorCode::kNone;
    EXPECT_EQ(IssuanceWorld::problem_of(world.issue(earlier, same)), "issuing_stopped");
    expect_all_stopped(world, damage, 1);
  }
}

// Readback saw other bytes than those that would leave.
TEST(FailStop, BytesThatChangedSinceTheIntentNamedThemAreNotSent) {  // INV-3, INV-9
  EventfulWorld eventful;
  auto& world = eventful.world;
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(3)));
  const std::string begins = "%PDF-1.";
  std::size_t flipped = 0;
  eventful.ledger.happens = [&] { flipped = testing::flip_copies(as_bytes(begins), 900); };
  const auto answer = world.issue(id, request);
  EXPECT_GE(flipped, 1U);
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "issuing_stopped");
  expect_all_stopped(world, ErrorCode::kDigestMismatch, 1);
}

TEST(FailStop, AStoredAnswerThatChangedIsNotSentAgain) {  // INV-9, INV-10
  for (const bool document : {true, false}) {
    IssuanceWorld world;
    const auto id = world.fresh_id();
    const auto payload = world.open(id);
    const auto path = IssuanceWorld::path_of(id, "/inquiry");
    const auto body = IssuanceWorld::inquiry_body(sample_serial(3), payload);
    const auto listed = world.post(path, body);
    const auto request = IssuanceWorld::take_all(listed);
    const auto again = [&] { return document ? world.issue(id, request) : world.post(path, body); };
    const auto first = again();
    ASSERT_EQ(first.status, 200);
    ASSERT_EQ(again().body, first.body);
    EXPECT_GE(testing::flip_copies(first.body, first.body.size() / 2), 1U);
    EXPECT_EQ(IssuanceWorld::problem_of(again()), "issuing_stopped");
    EXPECT_EQ(IssuanceWorld::problem_of(again()), "issuing_stopped");
    expect_all_stopped(world, ErrorCode::kDigestMismatch, document ? 1 : 0);
  }
}

TEST(FailStop, AnAlarmBetweenADurableEntryAndItsAnswerSendsNothing) {  // INV-9
  for (const auto kind : {EntryKind::kProvisionInquiry, EntryKind::kProvisionIntent}) {
    EventfulWorld eventful;
    auto& world = eventful.world;
    eventful.ledger.kind = kind;
    eventful.ledger.happens = [&] { world.alarm.latch(ErrorCode::kReadbackMismatch); };
    const auto id = world.fresh_id();
    const auto payload = world.open(id);
    const auto listed = world.post(IssuanceWorld::path_of(id, "/inquiry"),
                                   IssuanceWorld::inquiry_body(sample_serial(3), payload));
    if (kind == EntryKind::kProvisionInquiry) {
      EXPECT_EQ(IssuanceWorld::problem_of(listed), "issuing_stopped");
      continue;
    }
    EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, IssuanceWorld::take_all(listed))),
              "issuing_stopped");
    EXPECT_EQ(world.ledger.kinds().back(), EntryKind::kRefusal);
  }
}

TEST(FailStop, AnInquiryWhoseEntryCameTooLateIsNotAnswered) {  // INV-2
  EventfulWorld eventful;
  auto& world = eventful.world;
  eventful.ledger.kind = EntryKind::kProvisionInquiry;
  eventful.ledger.happens = [&] { world.clock.pass(std::chrono::seconds(10)); };
  EXPECT_EQ(IssuanceWorld::problem_of(world.inquire(world.fresh_id(), sample_serial(3))),
            "expired");
}

TEST(FailStop, AnErrorOfTheDiskRefusesAndStopsNothing) {
  IssuanceWorld honest(1);
  FailingRegister failing(honest);
  IssuanceWorld world(2, &failing);
  const auto id = world.fresh_id();
  const auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(5)));
  failing.damage = ErrorCode::kIoError;
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "overloaded");
  EXPECT_FALSE(world.alarm.latched());
}

}  // namespace
}  // namespace certrelay
