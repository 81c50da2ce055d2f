// What a clerk reads on a screen is Japanese and says what to do: the state's reasons, the extracts
// that wait, and a ledger's reason beside its number. R42
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/ledger_text.hpp"
#include "protocol/record/entry_lines.hpp"
#include "protocol/wire/health_reasons.hpp"

namespace certrelay {
namespace {

RelayState healthy() {
  RelayState out{};
  out.ready = true;
  return out;
}

TEST(SpokenState, NamesEachReasonInJapanese) {
  auto state = healthy();
  state.checks = {{"register", false, health_text(HealthReason::kRegisterGap, {"1208", "1210"})},
                  {"ledger", false, health_text(HealthReason::kLedgerNotWritable, {"403"})},
                  {"quarantine", false, health_text(HealthReason::kQuarantine, {"2"})},
                  {"new", false, "what a newer relay says"},
                  {"clock", true, ""}};
  const auto text = to_japanese(state);
  EXPECT_NE(text.find("異常: register: 異動に欠番があります（通番 1208から1210まで）\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("異常: ledger: 提供記録に書き込めません（エラー 403）\n"), std::string::npos);
  // A warning stops nothing; what is not known may.
  EXPECT_NE(text.find("注意: quarantine: 反映できなかった異動により、2世帯の交付を止めています\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("異常: new: what a newer relay says\n"), std::string::npos);
  EXPECT_EQ(text.find("clock"), std::string::npos);
  EXPECT_EQ(text.find("missing"), std::string::npos);
}

TEST(SpokenState, ListsTheExtractsThatWait) {
  auto state = healthy();
  EXPECT_EQ(to_japanese(state).find("承認待ちの抽出データ"), std::string::npos);
  EXPECT_EQ(waiting_extracts_text(state), "承認待ちの抽出データ: なし\n");
  state.waiting_extracts = {{ExtractId::parse("7b1e9f40-3c55-4c11-a0c2-112233445566").value(),
                             4,
                             parse_rfc3339("2026-11-24T02:00:00+09:00").value(),
                             "mihon-01",
                             {"guard-deleted-persons", "guard-deleted-cards"}}};
  const std::string line =
      "  受付番号 7b1e9f40-3c55-4c11-a0c2-112233445566  世代 4  作成 2026年11月24日 2時00分  "
      "操作者 mihon-01  理由 住民の消除が多い、カードの削除が多い\n";
  EXPECT_EQ(waiting_extracts_text(state), "承認待ちの抽出データ: 1件\n" + line);
  EXPECT_NE(to_japanese(state).find(line), std::string::npos);
}

TEST(SpokenLedger, AReasonsWordStandsBesideItsNumber) {
  Entry entry;
  entry.kind = EntryKind::kRefusal;
  entry.reason = ErrorCode::kUnderFifteen;
  const auto text = line_of(entry, EntryFormat::kText);
  EXPECT_NE(text.find("理由 15歳未満の方の申請（330）"), std::string::npos) << text;
  // Machines read the number alone.
  EXPECT_NE(line_of(entry, EntryFormat::kJsonLines).find(R"("reason":"330")"), std::string::npos);
  EXPECT_EQ(line_of(entry, EntryFormat::kCsv).find("15歳"), std::string::npos);
  entry.reason = ErrorCode::kNone;
  EXPECT_EQ(line_of(entry, EntryFormat::kText).find("理由"), std::string::npos);
}

TEST(SpokenLedger, EveryFieldHasItsNameInJapanese) {
  auto entry = Entry();
  entry.kind = EntryKind::kEvent;
  entry.utc = parse_rfc3339("2026-11-30T09:05:00+09:00").value();
  entry.kiosk = KioskId::parse("KIOSK-1").value();
  entry.event = RecordedEvent::kPrinted;
  entry.occurred_at = entry.utc;
  entry.paid = true;
  entry.flags = kEntryDemo | kEntryLate;
  entry.role = Role::kCenter;
  EXPECT_EQ(line_of(entry, EntryFormat::kText),
            "0  2026年11月30日 9時05分  結果通知  印 遅れた通知・見本  "
            "接続元の区分 証明書交付センター  端末 KIOSK-1  結果 印刷完了  "
            "発生日時 2026年11月30日 9時05分  支払い 済み\n");
  // A field that is added needs its name here too.
  std::ifstream in(CERTRELAY_SOURCE_DIR "/firmware/ctl/ledger_text.cpp");
  const std::string source{std::istreambuf_iterator<char>(in), {}};
  for (const auto name : field_names()) {
    if (name == "sequence" || name == "time" || name == "kind") continue;
    EXPECT_NE(source.find("{\"" + std::string(name) + "\","), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace certrelay
