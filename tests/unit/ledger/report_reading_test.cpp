// Goal: a report comes to the same whether it is made of its own days and of what they need, or of
// the whole ledger; and reads no more of a ledger of years than that.
#include "relay/ledger/reports/report_reading.hpp"

#include <gtest/gtest.h>

#include <random>

#include "protocol/report/sign_off.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::entry_of;

constexpr int kDays = 150;
constexpr int kEachDay = 6;

// A ledger in memory: stories that end on the day, weeks later, or never; reports that are signed
// a month late; the clock corrected backwards by seconds now and then.
class ReportReadingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int day = 0; day < kDays; ++day) {
      for (int n = 0; n < kEachDay; ++n) begin_story(day);
      if (day % 30 == 29) sign_reports();
    }
    std::ranges::stable_sort(entries_, {}, &Entry::utc);
    for (std::size_t n = 0; n + 1 < entries_.size(); n += 7)
      std::swap(entries_[n], entries_[n + 1]);
    for (std::size_t n = 0; n < entries_.size(); ++n) {
      entries_[n].sequence = LedgerSequence(n + 1);
      now_.take(entries_[n]);
    }
  }
  void add(Entry entry, std::chrono::minutes at) {
    entry.utc = kBegin + at;
    if (at < std::chrono::days(kDays)) entries_.push_back(std::move(entry));
  }
  void begin_story(int day) {
    std::array<std::uint8_t, 16> id{};
    for (auto& byte : id) byte = static_cast<std::uint8_t>(random_());
    const auto transaction = TransactionId::from_bytes(uuid_v4_bytes(id)).value();
    const auto of = [&](EntryKind kind) { return entry_of(kind, transaction); };
    std::chrono::minutes at = std::chrono::days(day) + std::chrono::minutes(random_() % 1440);
    add(of(EntryKind::kOpened), at);
    auto intent = of(EntryKind::kProvisionIntent);
    intent.certificate_kind = CertificateKind::kJuminhyo;
    intent.fee_yen = 300;
    add(intent, at);
    const auto event = [&](RecordedEvent what, bool paid) {
      auto out = of(EntryKind::kEvent);
      out.event = what;
      out.paid = paid;
      at += std::chrono::minutes(random_() % 30'000);
      add(out, at);
    };
    auto close = of(EntryKind::kOperatorAction);
    close.action = ActionCode::parse(kResultClosedAction).value();
    switch (random_() % 6) {
      case 0:
        return event(RecordedEvent::kPrinted, true);
      case 1:
        event(RecordedEvent::kJammed, true);
        return event(RecordedEvent::kRefunded, true);
      case 2:
        event(RecordedEvent::kPrinted, true);
        event(RecordedEvent::kLeftBehind, true);
        return add(close, at + std::chrono::days(3));
      case 3:
        return add(of(EntryKind::kDeliveryUnknown), at + std::chrono::days(2));
      case 4:
        event(RecordedEvent::kCancelled, false);
        return;
      default:
        return;  // for ever without a result
    }
  }
  void sign_reports() {
    const auto newest = entries_.back().utc;
    for (const auto kind : {ReportKind::kMonthly, ReportKind::kQuarterly, ReportKind::kAccess}) {
      auto entry = entry_of(EntryKind::kReportSignedOff);
      entry.operator_name = OperatorName::parse("mihon.hanako").value();
      entry.action = sign_off_word(kind);
      entry.count = ReportPeriod::of(kind, newest - std::chrono::days(31)).number();
      add(entry, std::chrono::duration_cast<std::chrono::minutes>(newest - kBegin));
    }
  }
  ReportSource source() {
    return {.entries = [this](LedgerSequence after,
                              std::size_t max) -> Result<std::vector<ExportEntry>> {
              std::vector<ExportEntry> out;
              for (auto at = after.value(); at < entries_.size() && out.size() < max; ++at) {
                out.push_back({.entry = encode(entries_[at]).value(), .chain = {}});
              }
              read_ += out.size();
              return out;
            },
            .story = [this](const TransactionId& id) -> Result<std::vector<Entry>> {
              std::vector<Entry> out;
              std::ranges::copy_if(entries_, std::back_inserter(out),
                                   [&](const Entry& one) { return one.transaction == id; });
              read_ += out.size();
              return out;
            },
            .last = LedgerSequence(entries_.size()),
            .now = now_};
  }
  static ReportMaker maker(const ReportPeriod& period) {
    return {period, {.site = "見本市", .demo = true, .active_max = 9, .operators = {}}};
  }
  void expect_the_same(const ReportPeriod& period) {
    SCOPED_TRACE(period.text());
    auto whole = maker(period);
    for (const auto& entry : entries_) whole.take(entry);
    const auto told = read_report(maker(period), source());
    ASSERT_TRUE(told.has_value());
    EXPECT_EQ(report_text(told.value()), report_text(whole.make()));
  }
  std::size_t read_for(const ReportPeriod& period) {
    read_ = 0;
    EXPECT_TRUE(read_report(maker(period), source()).has_value());
    return read_;
  }

  static constexpr UtcTime kBegin{std::chrono::sys_days{std::chrono::year{2026} / 4 / 1}};
  std::vector<Entry> entries_;
  StartState now_;
  std::size_t read_ = 0;
  std::mt19937_64 random_{1};
};

TEST_F(ReportReadingTest, EachDaysListIsWhatTheWholeLedgerSays) {
  auto period = ReportPeriod::of(ReportKind::kDaily, kBegin);
  for (int day = 0; day < kDays; ++day, period = period.next()) expect_the_same(period);
}

TEST_F(ReportReadingTest, EachReviewIsWhatTheWholeLedgerSays) {
  for (const auto kind :
       {ReportKind::kMonthly, ReportKind::kQuarterly, ReportKind::kAccess, ReportKind::kAnnual}) {
    for (auto period = ReportPeriod::of(kind, kBegin);
         period.from() < kBegin + std::chrono::days(kDays); period = period.next()) {
      expect_the_same(period);
    }
  }
}

TEST_F(ReportReadingTest, ReadsItsOwnDays) {
  const auto months = static_cast<std::size_t>(kDays) / 30;
  // Both edges a day wider, a slice of the reading, and the signatures.
  const auto month = entries_.size() / months * 33 / 30 + 1024 + 20;
  ASSERT_LT(month, entries_.size() * 2 / 3);
  EXPECT_LE(read_for(ReportPeriod::of(ReportKind::kMonthly, kBegin)), month);
  const auto open = now_.deliveries.ids().size();
  const auto yesterday =
      read_for(ReportPeriod::of(ReportKind::kDaily, kBegin + std::chrono::days(kDays - 2)));
  EXPECT_LE(yesterday, 4 * entries_.size() / kDays + 5 * (open + 4 * kEachDay) + 40);
}

}  // namespace
}  // namespace certrelay
