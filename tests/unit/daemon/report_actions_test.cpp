// Goal: a named person confirms the report of days that are over and that the ledger knows, with
// the content that was read; of days before the ledger there is no report (R36, R39, R40, R55).
// Method: the real desk on a real ledger, the operators' verbs, simulated time.
#include <gtest/gtest.h>

#include "firmware/daemon/ledger_actions.hpp"
#include "protocol/wire/content_digest.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/memory_ports.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;

// The ledger began on 22 November 2026; it is noon of 2 December.
struct ReportWorld : OperatorWorld {
  ReportWorld() : OperatorWorld(default_settings(), {}, false) {
    kept.start();
    EXPECT_TRUE(kept.append(testing::entry_of(EntryKind::kBoot)).has_value());
    desk.emplace(LedgerDeskParts{.ledger = *kept.ledger,
                                 .clock = clock,
                                 .files = kept.files,
                                 .key = testing::checkpoint_key(),
                                 .fonts = test_render_kit().fonts(),
                                 .checkpoint_folder = "/checkpoints",
                                 .site = "土佐みなと市",
                                 .began = kept.clock.utc_now(),
                                 .operators = [] { return std::vector<OperatorLine>(); }});
    add_ledger_actions(*verbs, {.ledger = ledger,
                                .reg = reg,
                                .desk = *desk,
                                .clock = clock,
                                .confirmed =
                                    [this](ReportKind kind, std::uint64_t number) {
                                      confirmed.emplace_back(kind, number);
                                    },
                                .demo = false});
    clock.step_utc(std::chrono::days(10));
  }
  ~ReportWorld() { desk->join(); }

  // Waits for the desk's own thread.
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> out;
    const auto keep = [&]() -> boost::asio::awaitable<void> {
      out.emplace(co_await std::move(work));
    };
    boost::asio::co_spawn(io, keep(),
                          [](const std::exception_ptr& error) { EXPECT_EQ(error, nullptr); });
    io.restart();
    io.run();
    return std::move(out).value();
  }
  std::string sign_off(std::string_view month, const Digest& digest) {
    const auto order =
        action(admin, "report.sign_off",
               {{"digest", to_hex(digest)}, {"period", std::string(month)}, {"report", "monthly"}});
    auto body = encode(proposal(admin, order)).value();
    HttpRequest request{HttpMethod::kPost, "/v1/actions", {}, std::move(body)};
    request.headers.push_back({"content-digest", format_content_digest(sha256(request.body))});
    return said(run(verbs->handle({1, Role::kAdmin, admin.at("terminal-1"), std::move(request)})));
  }
  static ReportPeriod month(std::string_view text) {
    return ReportPeriod::parse(ReportKind::kMonthly, text).value();
  }

  testing::LedgerWorld kept;
  testing::MemoryRegister reg;
  std::optional<LedgerDesk> desk;
  std::vector<std::pair<ReportKind, std::uint64_t>> confirmed;
};

TEST(ReportActions, AMonthThatIsOverIsConfirmedWithWhatWasRead) {
  ReportWorld world;
  const auto digest = world.run(world.desk->digest_of(world.month("2026-11"))).value();
  EXPECT_EQ(world.sign_off("2026-11", Digest{}), "conflict");  // another content
  EXPECT_EQ(world.sign_off("2026-11", digest), "done");
  const auto& entry = world.ledger.entries.back();
  EXPECT_EQ(entry.kind, EntryKind::kReportSignedOff);
  EXPECT_EQ(entry.operator_name, world.admin.name());
  EXPECT_EQ(entry.artifact_sha256, digest);
  ASSERT_EQ(world.confirmed.size(), 1U);
  EXPECT_EQ(world.confirmed[0].second, 202611U);
}

TEST(ReportActions, AMonthBeforeTheLedgerIsNeitherShownNorConfirmed) {
  ReportWorld world;
  const auto digest = world.run(world.desk->digest_of(world.month("2026-10"))).value();
  EXPECT_EQ(world.sign_off("2026-10", digest), "bad_request");
  EXPECT_EQ(world.last_reason(), ErrorCode::kPeriodInvalid);
  const auto shown = [&](const char* period) {
    const auto checked =
        world.desk->check({StatedReason::parse("見本").value(), "monthly", period, "text"});
    return checked ? ErrorCode::kNone : checked.error().code;
  };
  EXPECT_EQ(shown("2026-10"), ErrorCode::kPeriodInvalid);
  EXPECT_EQ(shown("2026-11"), ErrorCode::kNone);
  EXPECT_EQ(shown("2027-01"), ErrorCode::kPeriodInvalid);  // to come
  EXPECT_TRUE(world.confirmed.empty());
}

TEST(ReportActions, AMonthThatIsNotOverIsShownAndNotConfirmed) {
  ReportWorld world;
  const auto digest = world.run(world.desk->digest_of(world.month("2026-12"))).value();
  EXPECT_EQ(world.sign_off("2026-12", digest), "bad_request");
  EXPECT_EQ(world.last_reason(), ErrorCode::kPeriodInvalid);
}

}  // namespace
}  // namespace certrelay
