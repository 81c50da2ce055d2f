// Goal: each mismatch of docs/FAIL_STOP.md that no other test has sends nothing, stops everything
// and stays (INV-9). Method: a fault in the register between two steps.
#include <gtest/gtest.h>

#include "tests/support/issuance_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
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
