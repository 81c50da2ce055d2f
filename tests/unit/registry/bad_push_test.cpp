// Goal: whatever is wrong with a push, its sender reads where and how to mend it, the old register
// goes on serving, and nothing of the push stays. Method: one fault at a time over a good extract.
#include <gtest/gtest.h>

#include "protocol/wire/problem.hpp"
#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

struct BadPushWorld : VerbsWorld {
  BadPushWorld() {
    EXPECT_EQ(activate(send(generation(1, 6)), 1).status, 200);
    before = stored_files();
  }
  void expect_untouched() {
    EXPECT_EQ(stored_files(), before);
    EXPECT_TRUE(spooled().empty());
    EXPECT_EQ(reg->state().version.generation, 1U);
    const auto snapshot = reg->snapshot();
    ASSERT_TRUE(snapshot.has_value());
    const auto card = sample::key_of(sample::card_of(sample::person_id(12)));
    EXPECT_EQ(snapshot.value()->find_card(card).value().person, sample::person_id(12));
    EXPECT_TRUE(snapshot.value()->household_of(sample::person_id(12)).has_value());
  }
  std::vector<std::string> before;
};

struct BadExtract {
  const char* name;
  std::function<void(sample::Content&)> spoil_content;
  std::function<void(sample::Extract&)> spoil_files;
  const char* record;
  const char* field;
  const char* rule;
};

void replace(sample::Extract& extract, const char* file, std::string_view from,
             std::string_view to) {
  auto& text = extract.files.at(file);
  const auto at = text.find(from);
  CERTRELAY_CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
  sample::refresh(extract);
}

std::vector<BadExtract> bad_extracts() {
  using C = sample::Content;
  using E = sample::Extract;
  const auto same = [](C&) {};
  const auto none = [](E&) {};
  return {
      {"NUL", same,
       [](E& e) { replace(e, "persons.csv", "ミホン　ハナコ", std::string_view("a\0b", 3)); },
       "persons.csv:3", "kana", "utf-8"},
      {"ill-formed UTF-8", same,
       [](E& e) { replace(e, "persons.csv", "ミホン　ハナコ", "\x83\x7E\x83\x7A"); },
       "persons.csv:3", "kana", "utf-8"},
      {"a cell of 1 MB", same,
       [](E& e) { replace(e, "persons.csv", "ミホン　ハナコ", std::string(1 << 20, 'x')); },
       "persons.csv:3", "kana", "cell-too-long"},
      {"31 February", same, [](E& e) { replace(e, "persons.csv", "1980-02-29", "1980-02-31"); },
       "persons.csv:2", "birth_date", "date"},
      {"two persons with one id",
       [](C& c) {
         c.households[1].members[1].person = c.households[0].members[1].person;
         c.cards.erase(c.cards.begin() + 4);
       },
       none, "persons.csv:6 00000000012", "person_id", "double-id"},
      {"a household without its head",
       [](C& c) { c.households[1].household.head = sample::person_id(99); }, none,
       "households.csv:3", "head_person_id", "head"},
      {"a card for nobody", [](C& c) { c.cards[2].person = sample::person_id(5); }, none,
       "cards.csv:4", "person_id", "card-for-nobody"},
      {"one card of two persons", [](C& c) { c.cards[2].serial = c.cards[0].serial; }, none,
       "cards.csv:4", "serial", "double-card"},
      {"a card that belongs to another person today",
       [](C& c) { std::swap(c.cards[1].person, c.cards[3].person); }, none,
       "cards.csv:5 00000000012", "serial", "card-of-another-person"},
      {"an unknown column", same, [](E& e) { replace(e, "persons.csv", "kana_fixed", "宛名番号"); },
       "persons.csv:1", "宛名番号", "forbidden-item"},
      {"an unknown code", same, [](E& e) { replace(e, "persons.csv", ",J,", ",X,"); },
       "persons.csv:2", "resident_class", "unknown-code"},
      {"fewer rows than the manifest says", same, [](E& e) { ++e.manifest.persons; }, "persons.csv",
       "", "count"},
      {"another digest", same, [](E& e) { e.manifest.files.back().sha256[0] ^= 1; }, "persons.csv",
       "", "digest"},
  };
}

TEST(BadPush, EachFaultIsNamedAndTheOldRegisterServes) {
  for (const auto& bad : bad_extracts()) {
    SCOPED_TRACE(bad.name);
    BadPushWorld world;
    auto content = sample::content(6);
    content.generation = 2;
    bad.spoil_content(content);
    auto extract = sample::extract(content);
    bad.spoil_files(extract);
    ASSERT_LT(world.stream_of(extract).size(), 10U << 20U);
    const auto id = world.send(extract);
    const auto report = world.report(id);
    ASSERT_EQ(report.state, ExtractState::kRejected);
    EXPECT_EQ(report.rejections.front().record, bad.record);
    EXPECT_EQ(report.rejections.front().field, bad.field);
    EXPECT_EQ(report.rejections.front().rule, bad.rule);
    EXPECT_FALSE(report.rejections.front().mend.empty());
    EXPECT_EQ(world.ledger.last().kind, EntryKind::kExtractRefused);
    EXPECT_EQ(world.activate(id, 2).status, 409);
    world.expect_untouched();
  }
}

TEST(BadPush, WrongSignatureMunicipalityAndReplayOfferNothing) {
  BadPushWorld world;
  auto extract = generation(2, 6);
  const auto json = encode(extract.manifest).value();
  const Bytes body(json.begin(), json.end());
  auto statement = FeederKey::generate().value().sign(
      StatementKind::kManifest, extract.manifest.municipality, {2, 0, world.clock.utc_now()}, body);
  EXPECT_EQ(world.problem_of(
                world.call(HttpMethod::kPost, "/v1/extracts", body,
                           {{std::string(kStatementHeader), format_statement(statement.value())}})),
            "statement_refused");
  world.expect_untouched();
  EXPECT_EQ(world.problem_of(world.offer(generation(1, 6))), "extract_rejected");
  world.expect_untouched();
  extract.manifest.municipality = MunicipalityCode::parse("131016").value();
  EXPECT_EQ(world.problem_of(world.offer(extract)), "wrong_municipality");
  world.expect_untouched();
}

// Nothing is reserved for what a manifest only promises.
TEST(BadPush, ManifestThatPromisesAHundredGigabytesIsRefused) {
  BadPushWorld world;
  auto json = encode(generation(2, 6).manifest).value();
  const auto at = json.rfind("\"bytes\":") + 8;
  json.replace(at, json.find(',', at) - at, "107374182400");
  const auto answer = world.call_signed(StatementKind::kManifest, "/v1/extracts",
                                        Bytes(json.begin(), json.end()), 2);
  EXPECT_EQ(world.problem_of(answer), "too_large");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kLimitExceeded);
  world.expect_untouched();
}

// The stream ends before the manifest's last byte: the sender has marked the end too early.
TEST(BadPush, TruncatedStreamIsRefused) {
  BadPushWorld world;
  const auto extract = generation(2, 3000);
  const auto to = decode_manifest_answer(world.offer(extract).body).value();
  auto clear = world.stream_of(extract);
  ASSERT_GT(clear.size(), 2 * kImportChunkSize);
  clear.resize(kImportChunkSize + 1);
  auto bytes = world.sealed(clear, to);
  bytes.resize(sealed_import_size(world.stream_of(extract).size()));
  for (std::size_t at = 0; at < bytes.size(); at += 1 << 20U) {
    const auto piece =
        ByteView(bytes).subspan(at, std::min<std::size_t>(bytes.size() - at, 1 << 20U));
    ASSERT_EQ(world.patch(to.extract_id, at, piece).status, 204);
  }
  const auto report = world.report(to.extract_id);
  ASSERT_EQ(report.state, ExtractState::kRejected);
  EXPECT_FALSE(report.rejections.front().mend.empty());
  world.expect_untouched();
}

// The sender is gone half-way: the spool waits for it for a day, then it is removed.
TEST(BadPush, StreamThatStopsIsForgottenAfterADay) {
  BadPushWorld world;
  const auto extract = generation(2, 6);
  const auto to = decode_manifest_answer(world.offer(extract).body).value();
  const auto bytes = world.sealed(extract, to);
  ASSERT_EQ(world.patch(to.extract_id, 0, ByteView(bytes).first(1000)).status, 204);
  EXPECT_EQ(world.spooled().size(), 1U);
  world.clock.pass(std::chrono::hours(24));
  world.tick();
  world.expect_untouched();
}

TEST(BadPush, FullDiskWhileTheStreamComesInSaysSoAndCanGoOn) {
  BadPushWorld world;
  const auto extract = generation(2, 6);
  const auto to = decode_manifest_answer(world.offer(extract).body).value();
  const auto bytes = world.sealed(extract, to);
  world.files.fail_all(testing::Call::kWrite, ErrorCode::kDiskFull);
  const auto answer = world.patch(to.extract_id, 0, bytes);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(decode_problem(answer.body).value().detail, "サーバーの空き容量を確認してください。");
  EXPECT_EQ(world.reg->state().version.generation, 1U);
  EXPECT_TRUE(world.reg->snapshot().has_value());
  world.files.heal();
  EXPECT_EQ(world.call(HttpMethod::kDelete, world.path_of(to.extract_id)).status, 204);
  world.expect_untouched();
}

// At every write of the build in turn.
TEST(BadPush, FullDiskWhileBuildingLeavesNothing) {
  bool finished = false;
  std::size_t failures = 0;
  for (std::uint64_t at = 2; !finished; ++at, ++failures) {
    BadPushWorld world;
    const auto extract = generation(2, 6);
    const auto to = decode_manifest_answer(world.offer(extract).body).value();
    const auto bytes = world.sealed(extract, to);
    world.files.fail_nth(testing::Call::kWrite, at, ErrorCode::kDiskFull);  // 1 is the spool's
    ASSERT_EQ(world.patch(to.extract_id, 0, bytes).status, 204);
    const auto report = world.report(to.extract_id);
    finished = report.state == ExtractState::kReady;
    if (finished) break;
    ASSERT_EQ(report.state, ExtractState::kRejected) << at;
    EXPECT_EQ(report.rejections.front().mend, "サーバーの空き容量を確認してください。") << at;
    world.expect_untouched();
  }
  EXPECT_GE(failures, 4U);  // of so small a city each file is one write
}

}  // namespace
}  // namespace certrelay
