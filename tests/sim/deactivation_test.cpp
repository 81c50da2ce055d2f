// Goal: after a deletion is acknowledged nobody gets anything of that person any more, however
// often and by whichever way it is asked for (INV-6, R51). Method: one resident prints, the source
// system deletes him, then ten thousand attempts: repeats of the stored answer, and the same card
// anew.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "protocol/wire/problem.hpp"
#include "tests/sim/sim_site.hpp"
#include "tests/support/issuance_world.hpp"

namespace certrelay::testing {
namespace {

namespace asio = boost::asio;
constexpr std::uint64_t kHousehold = 3;  // of one person
constexpr std::uint64_t kPerson = kHousehold * 10 + 1;
constexpr int kAttempts = 10'000;

class Counter {
 public:
  // Runs `work` until it is done, moving the clock wherever everything waits.
  template <class T>
  T finish(asio::awaitable<T> work) {
    std::optional<T> out;
    asio::co_spawn(site.io(), std::move(work), [&](const std::exception_ptr& error, T value) {
      if (error) std::rethrow_exception(error);
      out = std::move(value);
    });
    do {
      site.run_ready();
    } while (!out && site.clock.advance());
    return std::move(out).value();
  }
  HttpAnswer post(const std::string& path, Bytes body) {
    return finish(site.call(HttpMethod::kPost, path, std::move(body), site.center));
  }
  // The inquiry's answer to the deleted person's card, in a transaction of its own.
  HttpAnswer inquire(TransactionId id) {
    const OpenRequest open{id, site.municipality, KioskId::parse("KIOSK-1").value(),
                           CertificateKind::kJuminhyo};
    const auto opened = post("/v1/transactions", encode(open).value());
    if (opened.status != 201) return opened;
    const auto payload = decode_open_answer(opened.body).value().signed_payload;
    const auto serial = sample::card_of(sample::person_id(kPerson)).serial;
    return post(IssuanceWorld::path_of(id, "/inquiry"),
                IssuanceWorld::inquiry_body(serial, payload));
  }
  // As the vault does: what has ended leaves the table.
  void pass_a_second() {
    site.clock.pass(std::chrono::seconds(1));
    asio::co_spawn(site.io(), site.issuance().expire_overdue(), asio::detached);
    site.run_ready();
  }
  TransactionId fresh() {
    return TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(site.entropy))).value();
  }

  SimSite site{17, {}};
  SimCity city;
};

TEST(Deactivation, NoneOfTenThousandAttemptsSucceedsAfterTheAcknowledgement) {
  Counter counter;
  const auto printed = counter.fresh();
  const auto listed = counter.inquire(printed);
  ASSERT_EQ(listed.status, 200);
  const auto request = encode(IssuanceWorld::take_all(listed)).value();
  const auto path = IssuanceWorld::path_of(printed, "/issuance");
  ASSERT_EQ(counter.post(path, request).status, 200);
  ASSERT_EQ(counter.post(path, request).status, 200) << "a repeat has the stored answer";
  const auto waiting = counter.fresh();  // listed, not printed yet
  const auto listed_too = counter.inquire(waiting);
  ASSERT_EQ(listed_too.status, 200);

  const auto after = counter.city.changed(kHousehold, true);
  const auto [generation, sequence] = after.version();
  ASSERT_EQ(counter.finish(counter.site.change(generation, sequence,
                                               encode(after.change_of(kHousehold)).value())),
            200);

  const auto unprinted = encode(IssuanceWorld::take_all(listed_too)).value();
  EXPECT_NE(counter.post(IssuanceWorld::path_of(waiting, "/issuance"), unprinted).status, 200);
  int anew = 0;
  for (int i = 0; i < kAttempts; ++i) {
    if (i % 20 == 0) counter.pass_a_second();
    const bool repeat = i % 2 == 0;
    const auto answer = repeat ? counter.post(path, request) : counter.inquire(counter.fresh());
    ASSERT_GE(answer.status, 400) << "attempt " << i;
    const auto problem = decode_problem(answer.body);
    ASSERT_TRUE(problem.has_value()) << "attempt " << i;
    if (!repeat) anew += problem.value().code == ProblemCode::kWindowOnly ? 1 : 0;
  }
  EXPECT_EQ(anew, kAttempts / 2);
  EXPECT_EQ(counter.site.alarm().reason(), ErrorCode::kNone);
}

}  // namespace
}  // namespace certrelay::testing
