// Goal: who may read the ledger does, each reading with its entry before it; a result goes to the
// persons who asked for it and to nobody else.
#include <gtest/gtest.h>

#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;

// Answers with what it was asked.
struct EchoDesk final : LedgerDeskPort {
  std::vector<LedgerQuery> queries;
  std::vector<ReportRequest> reports;
  std::size_t entries_before = 0;
  const testing::ListLedger* ledger = nullptr;

  boost::asio::awaitable<Result<LedgerPage>> query(LedgerQuery query, LedgerSequence) override {
    entries_before = ledger->entries.size();
    queries.push_back(std::move(query));
    LedgerPage page;
    page.next = LedgerSequence(9);
    co_return page;
  }
  Result<void> check(const ReportRequest& request) const override {
    if (request.report != "monthly") return Error{ErrorCode::kReportUnknown, "report"};
    return ok();
  }
  boost::asio::awaitable<Result<ReportFile>> report(ReportRequest request) override {
    entries_before = ledger->entries.size();
    reports.push_back(std::move(request));
    co_return ReportFile{Bytes{'%'}, "application/pdf"};
  }
  boost::asio::awaitable<Result<Bytes>> result(ActionId, std::uint32_t page) override {
    if (page > 1) co_return Error{ErrorCode::kNotFound, "page"};
    co_return Bytes{static_cast<std::uint8_t>('0' + page)};
  }
};

struct ReadingWorld : OperatorWorld {
  EchoDesk desk;
  ReadingWorld() {
    desk.ledger = &ledger;
    verbs.emplace(default_settings(), OperatorParts{.clock = clock,
                                                    .ledger = ledger,
                                                    .store = *store,
                                                    .entropy = entropy,
                                                    .work = io.get_executor(),
                                                    .heavy = io.get_executor(),
                                                    .state = [] { return RelayState{}; },
                                                    .count_refusal = [](const auto&, auto) {},
                                                    .desk = &desk});
    add_rows();
  }
  HttpAnswer post(const testing::Person& person, const std::string& path, Bytes body) {
    return call(person.at("terminal-1"), HttpMethod::kPost, path, std::move(body));
  }
  HttpAnswer ask(const testing::Person& person) {
    LedgerQuery query;
    query.kiosk = KioskId::parse("KIOSK-1").value();
    return post(person, "/v1/ledger/query",
                encode(LedgerQueryRequest{StatedReason::parse("照会").value(), query, {}}).value());
  }
  HttpAnswer report(const testing::Person& person, const char* name) {
    return post(
        person, "/v1/ledger/report",
        encode(ReportRequest{StatedReason::parse("月次").value(), name, "2026-10", "pdf"}).value());
  }
};

TEST(OperatorReading, AQueryHasItsEntryBeforeItIsAnswered) {  // R31, R35
  ReadingWorld world;
  const auto answer = world.ask(world.auditor);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(decode_ledger_page(answer.body).value().next, LedgerSequence(9));
  ASSERT_EQ(world.desk.queries.size(), 1U);
  EXPECT_EQ(world.desk.entries_before, world.ledger.entries.size());
  const auto& entry = world.ledger.entries.back();
  EXPECT_EQ(entry.kind, EntryKind::kOperatorViewed);
  EXPECT_EQ(entry.action->text(), "ledger.read");
  EXPECT_EQ(entry.kiosk->text(), "KIOSK-1");
  EXPECT_EQ(entry.stated_reason->text(), "照会");
}

TEST(OperatorReading, WithoutAnEntryNothingIsRead) {  // R45
  ReadingWorld world;
  world.ledger.writable = false;
  EXPECT_NE(world.ask(world.auditor).status, 200);
  EXPECT_NE(world.report(world.auditor, "monthly").status, 200);
  EXPECT_TRUE(world.desk.queries.empty());
  EXPECT_TRUE(world.desk.reports.empty());
}

TEST(OperatorReading, TheVendorReadsNothing) {  // R37
  ReadingWorld world;
  EXPECT_EQ(world.said(world.ask(world.vendor)), "not_allowed");
  EXPECT_EQ(world.ledger.entries.back().action->text(), "ledger.read");  // R31: what was tried
  EXPECT_EQ(world.said(world.report(world.vendor, "monthly")), "not_allowed");
  EXPECT_TRUE(world.desk.queries.empty());
}

TEST(OperatorReading, AReportIsAnExport) {  // R45
  ReadingWorld world;
  EXPECT_EQ(world.report(world.clerk, "monthly").status, 200);
  EXPECT_EQ(world.desk.entries_before, world.ledger.entries.size());
  EXPECT_EQ(world.ledger.entries.back().kind, EntryKind::kExport);
  EXPECT_EQ(world.ledger.entries.back().action->text(), "report.monthly");
  EXPECT_EQ(world.said(world.report(world.clerk, "weekly")), "bad_request");
  EXPECT_EQ(world.last_reason(), ErrorCode::kReportUnknown);
}

TEST(OperatorReading, AResultIsForTheTwoWhoAsked) {  // R56
  ReadingWorld world;
  const auto action = world.clear_action(world.clerk);
  ASSERT_EQ(world.said(world.propose(world.clerk, action)), "pending");
  const auto path = "/v1/actions/" + action.id.text() + "/results/0";
  EXPECT_EQ(world.get(world.clerk, path).status, 409);  // not done yet
  ASSERT_EQ(world.said(world.approve(world.head, action)), "done");
  EXPECT_EQ(world.get(world.clerk, path).body, Bytes{'0'});
  EXPECT_EQ(world.ledger.entries.back().action_id, action.id);
  EXPECT_EQ(world.get(world.head, path).body, Bytes{'0'});
  EXPECT_EQ(world.said(world.get(world.admin, path)), "not_allowed");
  EXPECT_EQ(world.said(world.get(world.auditor, path)), "not_allowed");
  EXPECT_EQ(world.get(world.clerk, "/v1/actions/" + action.id.text() + "/results/2").status, 409);
  EXPECT_EQ(world.get(world.clerk, "/v1/actions/" + action.id.text() + "/results/00").status, 404);
}

TEST(OperatorReading, WithoutADeskThereIsNoSuchCall) {
  OperatorWorld world;
  const auto body = encode(LedgerQueryRequest{StatedReason::parse("照会").value(), {}, {}}).value();
  EXPECT_EQ(world.call(world.auditor.at("terminal-1"), HttpMethod::kPost, "/v1/ledger/query", body)
                .status,
            404);
}

}  // namespace
}  // namespace certrelay
