// Goal: a death ends the number's key before the source system is told that the death is in force,
// with evidence and entries and without an order; what hinders it is tried again, and a crash is
// finished by the start (R49). Method: the registry's calls and the erasures over one register.
#include <gtest/gtest.h>

#include "protocol/wire/problem.hpp"
#include "relay/registry/erasure/erasure.hpp"
#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

using sample::person_id;

sample::Extract numbered(std::uint64_t generation) {
  auto content = sample::numbered(6);
  content.generation = generation;
  return sample::extract(content);
}

struct EndWorld : VerbsWorld {
  EndWorld() : VerbsWorld({60, 60, 60}, true) { begin(); }
  void begin() {
    erasure = Erasure::open({.folder = "/s/erasure", .bound = {}},
                            {files, clock, *reg, ledger, io.get_executor(), io.get_executor(),
                             [](const PersonId&) { return false; }})
                  .value();
    EXPECT_TRUE(run(erasure->start()).has_value());
    end_numbers = [this] { return erasure->end_numbers(); };
  }
  void serve_numbers() { ASSERT_EQ(activate(send(numbered(1)), 1).status, 200); }
  HttpAnswer died(std::uint64_t sequence, std::uint64_t person) {
    return change(sequence, {.deceased = {person_id(person)}}, IndividualNumbers::kHeld);
  }
  std::uint64_t due() { return reg->numbers_due().value().count; }
  std::vector<EntryKind> kinds_since(std::size_t first) {
    const auto kinds = ledger.kinds();
    return {kinds.begin() + static_cast<std::ptrdiff_t>(first), kinds.end()};
  }
  void erasure_tick() {
    boost::asio::co_spawn(io, erasure->tick(),
                          [](const std::exception_ptr& error) { EXPECT_EQ(error, nullptr); });
    testing::run_ready(io);
  }
  ErasureStatus erasures() { return run(erasure->status()); }

  std::unique_ptr<Erasure> erasure;
};

TEST(NumberEnd, ComesBeforeTheDeathsAcknowledgement) {
  EndWorld world;
  world.serve_numbers();
  const auto first = world.ledger.entries.size();
  ASSERT_EQ(world.died(1, 12).status, 200);
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(world.kinds_since(first),
            (std::vector{EntryKind::kChangeAcknowledged, EntryKind::kErasure,
                         EntryKind::kKeysDestroyed}));
  const auto& order = world.ledger.entries.at(first + 1);
  EXPECT_EQ(order.action, ActionCode::parse("number.1").value());
  EXPECT_EQ(order.count, 1U);
  EXPECT_FALSE(order.operator_name.has_value());  // the law orders it
  const auto& done = world.ledger.entries.at(first + 2);
  EXPECT_EQ(done.action, ActionCode::parse("number.1").value());
  EXPECT_FALSE(done.count.has_value());  // no person was erased
  const auto text = world.files.content("/s/erasure/erasure-00000001-keys.txt");
  EXPECT_EQ(sha256(text), *done.artifact_sha256);
  EXPECT_NE(as_text(text).find("\npersons: 0\nindividual numbers: 1\n"), std::string_view::npos);
  EXPECT_EQ(as_text(text).find("00000000012"), std::string_view::npos);
  const auto status = world.erasures();
  EXPECT_EQ(status.numbers, 0U);
  EXPECT_EQ(status.waiting_for_residue, 0U);  // no row and no card of it is left
  EXPECT_FALSE(status.unfinished);
}

TEST(NumberEnd, AChangeThatEndsNoneTurnsNothing) {
  EndWorld world;
  world.serve_numbers();
  const auto epoch = world.reg->epoch();
  ASSERT_EQ(world
                .change(1, {.cards_removed = {sample::key_of(sample::card_of(person_id(11)))}},
                        IndividualNumbers::kHeld)
                .status,
            200);
  EXPECT_EQ(world.reg->epoch(), epoch);
}

TEST(NumberEnd, FollowsAnExtractThatBringsTheDeath) {
  EndWorld world;
  world.serve_numbers();
  auto content = sample::numbered(6);
  content.generation = 2;
  content.households[0].members[1].individual_number.reset();
  content.households[0].members[1].applicant_gate = ApplicantGate::kDeceased;
  ASSERT_EQ(world.activate(world.send(sample::extract(content)), 2).status, 200);
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(world.ledger.entries.back().kind, EntryKind::kKeysDestroyed);
}

// Goal: what hinders the end hinders no change, leaves no entries by the second, and is made good.
TEST(NumberEnd, IsTriedAgainUntilNobodyReadsAnOlderRegister) {
  EndWorld world;
  world.serve_numbers();
  auto reader = world.reg->snapshot().value();
  auto content = sample::numbered(6);
  content.generation = 2;
  content.households[0].members[1].individual_number.reset();
  ASSERT_EQ(world.activate(world.send(sample::extract(content)), 2).status, 200);
  EXPECT_EQ(world.due(), 1U);
  const auto entries = world.ledger.entries.size();
  world.clock.pass(std::chrono::hours(1));
  world.tick();
  world.erasure_tick();
  EXPECT_EQ(world.ledger.entries.size(), entries);
  EXPECT_EQ(world.erasures().numbers, 1U);
  EXPECT_EQ(world.erasures().last_error, ErrorCode::kErasureBusy);
  EXPECT_FALSE(world.erasures().numbers_overdue);
  world.clock.pass(std::chrono::milliseconds(1));
  EXPECT_TRUE(world.erasures().numbers_overdue);  // health turns red
  reader.reset();
  world.tick();
  EXPECT_EQ(world.due(), 0U);
  EXPECT_FALSE(world.erasures().numbers_overdue);
}

TEST(NumberEnd, OfTheDeletedIsGathered) {
  EndWorld world;
  world.serve_numbers();
  ASSERT_EQ(world.change(1, {.deleted = {person_id(31)}}, IndividualNumbers::kHeld).status, 200);
  world.erasure_tick();
  world.clock.pass(std::chrono::minutes(10) - std::chrono::milliseconds(1));
  world.erasure_tick();
  EXPECT_EQ(world.due(), 1U);
  world.clock.pass(std::chrono::milliseconds(1));
  world.erasure_tick();
  EXPECT_EQ(world.due(), 0U);
  EXPECT_EQ(world.erasures().pending, 1U);  // the person waits for an order
}

TEST(NumberEnd, IsInTheMonthsReport) {  // R39
  EndWorld world;
  world.serve_numbers();
  const auto from = world.clock.utc_now();
  ASSERT_EQ(world.died(1, 12).status, 200);
  const auto lines =
      world.run(world.erasure->report(from - std::chrono::hours(24), from + std::chrono::hours(24)))
          .value();
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  EXPECT_NE(text.find("個人番号の鍵の破棄（死亡等）　1件"), std::string::npos) << text;
  EXPECT_NE(text.find("鍵を破棄した人数　0人"), std::string::npos) << text;
  EXPECT_NE(text.find("破棄した個人番号の鍵　1件"), std::string::npos) << text;
}

TEST(NumberEnd, ManifestWithNumbersIsRefusedWhereTheyMustNotBeHeld) {  // R08
  VerbsWorld world;
  const auto answer = world.offer(numbered(1));
  EXPECT_EQ(VerbsWorld::problem_of(answer), "extract_rejected");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kForbiddenItem);
  EXPECT_TRUE(world.spooled().empty());
}

// Goal: never "ended" where it is not, and nothing forgotten. Method: die at every change of a
// death and its end, cut the power, start again; the start alone must have finished it.
TEST(NumberEnd, PowerCutAtEveryWriteIsFinishedByTheStart) {
  std::uint64_t deaths = 0;
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at, ++deaths) {
    EndWorld world;
    world.serve_numbers();
    world.files.die_at(at);
    finished = world.died(1, 12).status == 200 && world.due() == 0;
    world.erasure.reset();
    world.reg.reset();
    world.files.power_cut(at);
    auto again = world.open();
    ASSERT_TRUE(again.has_value()) << at;
    world.reg = std::move(again).value();
    world.begin();
    EXPECT_EQ(world.due(), 0U) << at;
    EXPECT_FALSE(world.erasures().unfinished) << at;
    const bool dead = world.reg->state().version.sequence == 1;
    const auto kinds = world.ledger.kinds();
    const auto ended = std::count(kinds.begin(), kinds.end(), EntryKind::kKeysDestroyed);
    EXPECT_EQ(ended > 0, dead) << at;
    EXPECT_EQ(world.reg->snapshot().value()->individual_number(person_id(12)).value().has_value(),
              !dead)
        << at;
  }
  EXPECT_GT(deaths, 20U);
}

}  // namespace
}  // namespace certrelay
