// Goal: what a certificate cost on a day gone by is never told differently (rules.md, "Money and
// time"): fees change by date, from today on.
#include <gtest/gtest.h>

#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

FeeRecord fee(std::string_view from, std::uint32_t yen) {
  auto out = sample::catalogue().fees[0];
  out.effective_from = parse_iso_day(from).value();
  out.unit_price_yen = yen;
  return out;
}

// It is noon of 2026-11-22 in Japan, and these fees are in force.
struct FeeWorld : RegisterWorld {
  explicit FeeWorld(std::vector<FeeRecord> fees)
      : reg(open().value()), content(sample::content(2)) {
    content.catalogue.fees = std::move(fees);
    EXPECT_TRUE(import(*reg, sample::extract(content)).has_value());
  }
  Result<SealedRegister::Built> build(std::vector<FeeRecord> fees) {
    content.generation += 1;
    content.catalogue.fees = std::move(fees);
    const auto extract = sample::extract(content);
    sample::MemoryFiles source(extract);
    diagnostics = {};
    return reg->build(extract.manifest, source, diagnostics);
  }
  // "file:line column rule" of all that is wrong with an extract with these fees, "" if it is
  // built.
  std::string refusal(std::vector<FeeRecord> fees) {
    const auto built = build(std::move(fees));
    std::string out;
    for (const auto& fault : diagnostics.rejections()) {
      EXPECT_FALSE(fault.mend.empty());
      out += fault.file + ":" + std::to_string(fault.line) + " " + std::string(fault.column) + " " +
             std::string(fault.rule) + ";";
    }
    EXPECT_EQ(built.has_value(), out.empty());
    if (!built) {
      EXPECT_EQ(built.error().code, ErrorCode::kExtractInvalid);
    }
    return out;
  }

  std::unique_ptr<SealedRegister> reg;
  sample::Content content;
  Diagnostics diagnostics;
};

TEST(PastFee, PriceOfAPastDateIsRefusedWithItsLine) {
  FeeWorld world({fee("2020-04-01", 200), fee("2025-10-26", 300)});
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200), fee("2025-10-26", 250)}),
            "fees.csv:3 effective_from past-fee;");
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200), fee("2025-10-26", 300)}), "");
}

TEST(PastFee, UnitIsPartOfThePrice) {
  FeeWorld world({fee("2020-04-01", 200)});
  auto by_sheet = fee("2020-04-01", 200);
  by_sheet.unit = FeeUnit::kPerSheet;
  EXPECT_EQ(world.refusal({by_sheet}), "fees.csv:2 effective_from past-fee;");
}

TEST(PastFee, YesterdayIsPastAndTodayIsNot) {
  FeeWorld world({fee("2020-04-01", 200)});
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200), fee("2026-11-21", 300)}),
            "fees.csv:3 effective_from past-fee;");
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200), fee("2026-11-22", 300)}), "");
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200), fee("2026-11-23", 300)}), "");
}

TEST(PastFee, DayEndsAtMidnightInJapan) {
  FeeWorld world({fee("2020-04-01", 200)});
  const std::vector fees{fee("2020-04-01", 200), fee("2026-11-22", 300)};
  world.clock.step_utc(std::chrono::hours(12) - std::chrono::milliseconds(1));
  EXPECT_EQ(world.refusal(fees), "");
  world.clock.step_utc(std::chrono::milliseconds(1));
  EXPECT_EQ(world.refusal(fees), "fees.csv:3 effective_from past-fee;");
}

TEST(PastFee, DayOnWhichItCameInForceStaysPartOfTheNextExtract) {
  FeeWorld world({fee("2020-04-01", 200)});
  const std::vector fees{fee("2020-04-01", 200), fee("2026-11-23", 300)};
  const auto built = world.build(fees);
  ASSERT_TRUE(built.has_value());
  ASSERT_TRUE(world.reg->activate(built.value(), world.clock.utc_now()).has_value());
  world.clock.step_utc(std::chrono::hours(72));
  EXPECT_EQ(world.refusal(fees), "");
  // The fee that a withdrawn one would let back in is another one for those days.
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200)}), "fees.csv:2 effective_from past-fee;");
}

TEST(PastFee, WhatSaysTheSameOfEveryDayIsNoChange) {
  FeeWorld world({fee("2020-04-01", 200), fee("2025-10-26", 300)});
  // Days before the first fee that the extract still lists are not spoken of any more.
  EXPECT_EQ(world.refusal({fee("2025-10-26", 300)}), "");
  EXPECT_EQ(world.refusal({fee("2025-10-26", 300), fee("2026-01-01", 300)}), "");
}

TEST(PastFee, KindThatWasNotOfferedBringsItsOwn) {
  FeeWorld world({fee("2020-04-01", 200)});
  auto record = fee("2026-04-01", 350);
  record.kind = CertificateKind::kKisaiJiko;
  world.content.catalogue.kinds.push_back(
      {CertificateKind::kKisaiJiko, "住民票記載事項証明書", true, false});
  EXPECT_EQ(world.refusal({fee("2020-04-01", 200), record}), "");
}

}  // namespace
}  // namespace certrelay
