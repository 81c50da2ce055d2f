// Goal: what a push, a plan and the register's state come to is said in Japanese, with what to do.
#include "firmware/ctl/push_report.hpp"

#include <gtest/gtest.h>

#include "firmware/ctl/progress_line.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

TEST(PushReport, SaysInJapaneseWhatIsWrongAndHowToMendIt) {
  ExtractReport report{
      .extract_id = ExtractId::parse("3f2c8a54-7d19-4b6e-9c05-1a2b3c4d5e6f").value(),
      .state = ExtractState::kRejected,
      .generation = 2,
      .received_bytes = 1,
      .expected_bytes = 1,
      .persons = 0,
      .households = 0,
      .closed_members = 0,
      .rejections = {{"persons.csv:17", "kana", "空欄", "振り仮名を入れる"}},
      .warnings = {}};
  EXPECT_EQ(to_japanese(report),
            "状態: 却下\n世代: 2\n人数: 0  世帯数: 0\n"
            "却下の理由 1件\n  persons.csv:17 kana: 空欄 → 振り仮名を入れる\n");
}

TEST(PushReport, PlanIsCountsAndColumnsInJapanese) {
  const ExtractPlan plan{
      .base_generation = 2,
      .persons = {3, 1, 2, 2996},
      .households = {1, 0, 0, 1390},
      .cards = {4, 0, 2, 1804},
      .catalogue_changed = true,
      .fees_changed = {CertificateKind::kJuminhyo, CertificateKind::kKisaiJiko},
      .differences = {{PlanRecord::kPerson,
                       "00000000161",
                       PlanChange::kChanged,
                       {"~name", "+former_name", "-alias"}},
                      {PlanRecord::kHousehold, "00000000017", PlanChange::kAdded, {}}}};
  EXPECT_EQ(to_japanese(plan),
            "計画（適用中の世代 2 との比較）\n"
            "  住民: 追加 3  変更 1  消除 2  変更なし 2996\n"
            "  世帯: 追加 1  変更 0  消除 0  変更なし 1390\n"
            "  カード: 追加 4  変更 0  消除 2  変更なし 1804\n"
            "  種別・用途・記載事項・手数料: 変更あり\n"
            "  手数料が変わる種別: juminhyo、kisai_jiko\n"
            "差分（値は表示しません）\n"
            "  住民 00000000161 変更: name（別の値に変更）、former_name（新たに記載）、"
            "alias（空欄に変更）\n"
            "  世帯 00000000017 追加\n");
}

TEST(RegisterStatusReport, WarnsAtThreeQuartersAndWhenNothingIsIssued) {
  RegisterStatus status{};
  EXPECT_TRUE(needs_attention(status));
  status.version = RegisterVersion{3, 1207};
  status.last_contact_at = UtcTime{0s};
  status.seconds_to_bound = 23'400;
  status.pending_approvals = 1;
  EXPECT_FALSE(needs_attention(status));
  EXPECT_EQ(to_japanese(status),
            "適用中: 世代 3 異動通番 1207\n最終連絡: 1970年1月1日 9時00分\n"
            "異動なしの宣言: なし\n交付停止までの残り: 6時間30分\n承認待ち: 1件\n欠番: なし\n"
            "隔離（反映できなかった異動）: なし\n");
  status.complete_until = UtcTime{3600s};
  EXPECT_NE(to_japanese(status).find("異動なしの宣言: 1970年1月1日 10時00分まで\n"),
            std::string::npos);
  status.near_bound = true;
  EXPECT_TRUE(needs_attention(status));
  EXPECT_NE(to_japanese(status).find("75%を過ぎました"), std::string::npos);
  status.seconds_to_bound = 0;
  EXPECT_TRUE(needs_attention(status));
  EXPECT_NE(to_japanese(status).find("交付を停止しています"), std::string::npos);
}

TEST(RegisterStatusReport, NamesAGapAndWhatWasPutAsideWithItsMend) {
  RegisterStatus status{};
  status.version = RegisterVersion{3, 1207};
  status.seconds_to_bound = 0;
  status.reason = "gap";
  status.announced = 1210;
  status.quarantined = 1;
  status.put_aside = {{1200,
                       UtcTime{0s},
                       {{"persons.csv:1 00000000161", "household_id", "unknown-household",
                         "世帯も送ってください。"}}}};
  const auto text = to_japanese(status);
  EXPECT_NE(text.find("欠番: 異動通番 1208から1210まで\n"), std::string::npos) << text;
  EXPECT_NE(text.find("隔離（反映できなかった異動）: 1世帯の交付を止めています\n"
                      "  異動通番 1200（1970年1月1日 9時00分から）\n"
                      "    persons.csv:1 00000000161 household_id: unknown-household → "
                      "世帯も送ってください。\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("警告: 異動の欠番（異動通番 1208から1210まで）"), std::string::npos);
  EXPECT_NE(text.find("警告: 反映できなかった異動"), std::string::npos);
  EXPECT_TRUE(needs_attention(status));
  status.reason = "ready";
  status.seconds_to_bound = 1800;
  status.announced.reset();
  EXPECT_TRUE(needs_attention(status));  // a household is closed
  status.quarantined = 0;
  EXPECT_FALSE(needs_attention(status));
  status.reason = "clock";
  status.seconds_to_bound = 0;
  EXPECT_NE(to_japanese(status).find("サーバーの時刻を確認してください"), std::string::npos);
}

TEST(PushReport, ShowsProgress) {
  EXPECT_EQ(bytes_bar(5'000'000, 10'000'000),
            "[###############...............]  50%  5.0 / 10.0 MB");
  EXPECT_EQ(bytes_bar(0, 0), "[..............................]   0%  0.0 / 0.0 MB");
}

}  // namespace
}  // namespace certrelay
