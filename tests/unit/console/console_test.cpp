// Goal: the console asks the vault in the person's session for everything, decides nothing, and
// what is no form of its own never reaches the vault. Method: a vault that answers from a list.
#include "relay/console/console.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "relay/console/visit.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using testing::SeededEntropy;
using testing::SimClock;

const std::string kToken(43, 'A');

HttpAnswer json(Result<Bytes> body) {
  return {200, {{"content-type", "application/json"}}, std::move(body).value()};
}

struct ConsoleWorld {
  asio::io_context io{1};
  SimClock clock;
  SeededEntropy entropy{7};
  Console console{clock, entropy, MunicipalityCode::parse("392901").value()};
  std::vector<HttpRequest> asked;
  bool logged_in = true;
  std::map<std::string, HttpAnswer> answers;  // by path

  SessionView session() const {
    return {.name = OperatorName::parse("mihon-clerk").value(),
            .roles = {OperatorRole::kClerk},
            .csrf_token = kToken,
            .idle_seconds = 900,
            .password_due_on = std::nullopt,
            .code_enrolled = false,
            .host = "localhost",
            .keys = {{"BuP9j9opu2CrWVV95h7bCg", Bytes{1, 2, 3}}},
            .may = {"ledger.read", "kind.suspend"}};
  }
  Overview overview() const {
    return {.now = parse_rfc3339("2026-11-30T14:05:00+09:00").value(),
            .municipality = MunicipalityCode::parse("392901").value(),
            .municipality_name = "土佐みなと市",
            .demo = true,
            .kinds = {},
            .reg = {"ready", 0, 0, {}, 0, 0, 0, {}},
            .ends = {}};
  }
  Result<HttpAnswer> vault(const HttpRequest& request) {
    asked.push_back(request);
    const auto found = answers.find(request.path);
    if (found != answers.end()) return found->second;
    if (!logged_in) {
      return problem_answer({ProblemCode::kNotAllowed, problem_text(ProblemCode::kNotAllowed, ""),
                             std::nullopt, "ログインし直してください。"});
    }
    if (request.path == "/v1/session") return json(encode(session()));
    if (request.path == "/v1/overview") return json(encode(overview()));
    if (request.path == "/v1/state") return json(encode(RelayState{}));
    if (request.path == "/v1/ledger/query") return json(encode(LedgerPage{}));
    return Error{ErrorCode::kVaultNotServing, "test"};
  }
  Result<HttpAnswer> answer(HttpMethod method, std::string path, HttpHeaders headers = {},
                            std::string_view body = {}) {
    const auto bytes = as_bytes(body);
    HttpRequest request{method, std::move(path), std::move(headers), {bytes.begin(), bytes.end()}};
    std::optional<Result<HttpAnswer>> out;
    const auto run = [&]() -> asio::awaitable<void> {
      AskVault ask = [this](HttpRequest call) -> asio::awaitable<Result<HttpAnswer>> {
        co_return vault(call);
      };
      out.emplace(co_await console.answer(std::move(request), std::move(ask)));
    };
    asio::co_spawn(io, run, [](const std::exception_ptr& bug) { EXPECT_EQ(bug, nullptr); });
    io.restart();
    io.run();
    return std::move(*out);
  }
  HttpAnswer get(std::string path, HttpHeaders more = {}) {
    more.push_back({"cookie", "__Host-certrelay=x"});
    return answer(HttpMethod::kGet, std::move(path), std::move(more)).value();
  }
  HttpAnswer post(std::string path, std::string_view body, std::string site = "same-origin") {
    return answer(HttpMethod::kPost, std::move(path),
                  {{"cookie", "__Host-certrelay=x"},
                   {"content-type", "application/x-www-form-urlencoded"},
                   {"sec-fetch-site", std::move(site)}},
                  body)
        .value();
  }
  const HttpRequest* asked_for(std::string_view path) const {
    for (const auto& one : asked) {
      if (one.path == path) return &one;
    }
    return nullptr;
  }
};

std::string bytes_shown(const HttpAnswer& answer) { return std::string(as_text(answer.body)); }

TEST(Console, WhoeverHasNoSessionIsLedToTheLogIn) {
  ConsoleWorld world;
  const auto answer = world.answer(HttpMethod::kGet, "/today").value();
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(only_header(answer.headers, "location"), "/login");
  EXPECT_TRUE(world.asked.empty());
}

TEST(Console, ASessionThatTheVaultRefusesShowsNothingButItsSentence) {
  ConsoleWorld world;
  world.logged_in = false;
  const auto answer = world.get("/today");
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(bytes_shown(answer).find("ログインし直してください。"), std::string::npos);
  EXPECT_EQ(bytes_shown(answer).find("土佐みなと市"), std::string::npos);
}

TEST(Console, EachPageAsksTheVaultAnewInTheSession) {
  ConsoleWorld world;
  EXPECT_EQ(world.get("/service").status, 200);
  ASSERT_EQ(world.asked.size(), 3U);
  for (const auto& one : world.asked) {
    EXPECT_EQ(only_header(one.headers, "cookie"), "__Host-certrelay=x");
  }
  EXPECT_EQ(world.get("/service").status, 200);
  EXPECT_EQ(world.asked.size(), 6U);
}

TEST(Console, AVaultThatDoesNotAnswerIsTheFrontsToSay) {
  ConsoleWorld world;
  const auto answer =
      world.answer(HttpMethod::kGet, "/approvals", {{"cookie", "__Host-certrelay=x"}});
  EXPECT_EQ(answer.error().code, ErrorCode::kVaultNotServing);
}

TEST(Console, AnotherSitesFormNeverReachesTheVault) {
  ConsoleWorld world;
  for (const auto* site : {"cross-site", "same-site", "none"}) {
    EXPECT_EQ(world.post("/ledger", "reason=x&csrf=" + kToken, site).status, 403) << site;
  }
  EXPECT_TRUE(world.asked.empty());
}

TEST(Console, TheFormsOwnTokenGoesToTheVault) {
  ConsoleWorld world;
  EXPECT_EQ(world.post("/ledger", "reason=x&csrf=forged").status, 200);
  const auto* query = world.asked_for("/v1/ledger/query");
  ASSERT_NE(query, nullptr);
  EXPECT_EQ(only_header(query->headers, "certrelay-csrf-token"), "forged");
}

TEST(Console, WhatIsSignedNamesThePersonOfTheSession) {
  ConsoleWorld world;
  const auto page = bytes_shown(
      world.post("/order", "csrf=" + kToken + "&code=kind.suspend&p_kind=juminhyo&reason=x"));
  EXPECT_NE(page.find("data-challenge="), std::string::npos);
  EXPECT_NE(page.find("BuP9j9opu2CrWVV95h7bCg:AQID"), std::string::npos);
  EXPECT_NE(page.find("住民票の写し"), std::string::npos);
  EXPECT_EQ(world.asked_for("/v1/actions"), nullptr);  // nothing has happened yet
  const std::string id = "3f2c8a54-7d19-4b6e-9c05-1a2b3c4d5e6f";
  world.answers["/v1/actions"] =
      json(encode(ActionReport{ActionId::parse(id).value(), ActionState::kDone, ""}));
  const auto sent = world.post(
      "/order/sign", "csrf=" + kToken + "&action_id=" + id +
                         "&code=kind.suspend&p_kind=juminhyo&reason=x&proposer=mihon-admin"
                         "&expires_at=2026-11-30T15%3A00%3A00%2B09%3A00"
                         "&keyid=BuP9j9opu2CrWVV95h7bCg&client_data=e30%3D&signature=AQ%3D%3D"
                         "&authenticator_data=" +
                         std::string(52, 'A'));
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(only_header(sent.headers, "location"), "/order/" + id);
  const auto* proposed = world.asked_for("/v1/actions");
  ASSERT_NE(proposed, nullptr);
  const auto request = decode_propose_request(proposed->body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request.value().action.proposer.text(), "mihon-clerk");
}

TEST(Console, AnOrderWithoutASignatureIsNotSent) {
  ConsoleWorld world;
  const auto sent =
      world.post("/order/sign", "csrf=" + kToken +
                                    "&action_id=3f2c8a54-7d19-4b6e-9c05-1a2b3c4d5e6f"
                                    "&code=kind.suspend&p_kind=juminhyo&reason=x"
                                    "&expires_at=2026-11-30T15%3A00%3A00%2B09%3A00&keyid=");
  EXPECT_EQ(sent.status, 400);
  EXPECT_EQ(world.asked_for("/v1/actions"), nullptr);
}

TEST(Console, SpeaksTheLanguageThatWasChosenOrAskedFor) {
  ConsoleWorld world;
  EXPECT_NE(bytes_shown(world.get("/service")).find("lang=\"ja\""), std::string::npos);
  EXPECT_NE(bytes_shown(world.get("/service", {{"accept-language", "en-GB,en;q=0.9"}}))
                .find("lang=\"en\""),
            std::string::npos);
  const auto chosen = world.answer(
      HttpMethod::kGet, "/service",
      {{"accept-language", "en"}, {"cookie", "__Host-certrelay-lang=ja; __Host-certrelay=x"}});
  EXPECT_NE(bytes_shown(chosen.value()).find("lang=\"ja\""), std::string::npos);
}

TEST(Console, OnlyWhatLiesOutsideTheCallsIsAPage) {
  EXPECT_FALSE(Console::is_page("/v1/state"));
  EXPECT_TRUE(Console::is_page("/today"));
  ConsoleWorld world;
  EXPECT_EQ(world.get("/nowhere").status, 404);
  EXPECT_EQ(world.get("/approvals/x").status, 404);
  EXPECT_EQ(world.get("/console.css").status, 200);
  EXPECT_EQ(world.get("/console.js").status, 200);
}

}  // namespace
}  // namespace certrelay
