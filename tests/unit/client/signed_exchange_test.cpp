// Goal: what comes out of an exchange was signed by a pinned key for this very request; nothing
// else is taken for an answer. Method: a scripted TLS server that signs, and then spoils.
#include "firmware/client/signed_exchange.hpp"

#include <gtest/gtest.h>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/problem.hpp"
#include "tests/support/scripted_vault.hpp"
#include "tests/support/socket_test_clock.hpp"
#include "tests/support/tls_test_files.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

const AnswerKey& pinned_key() {
  static const AnswerKey key = AnswerKey::generate().value();
  return key;
}

HttpAnswer json_answer(std::string_view body) {
  return {200, {{"content-type", "application/json"}}, Bytes(body.begin(), body.end())};
}

HttpRequest post(std::string_view body) {
  return {HttpMethod::kPost,
          "/v1/transactions",
          {{"content-type", "application/json"}},
          Bytes(body.begin(), body.end())};
}

// Repeats are without a pause here; the window is closed by the number of answers in the script.
RepeatPolicy no_pause(std::chrono::milliseconds window_ms = 60s) {
  return {
      .window_ms = window_ms, .pause_first_ms = 0ms, .pause_max_ms = 0ms, .retry_after_max_s = 5s};
}

struct Line {
  explicit Line(ScriptedTlsServer::Script script, RepeatPolicy policy = no_pause())
      : server(tls_test_files().server, std::move(script)),
        context(TlsContext::make(tls_test_files().client).value()),
        verifier(AnswerVerifier::from_pems({public_key_pem(pinned_key().spki())}).value()),
        client(context, parse_address(server.address()).value(), clock),
        exchange(client, verifier, clock, policy) {}

  SocketTestClock clock;
  ScriptedTlsServer server;
  TlsContext context;
  AnswerVerifier verifier;
  HttpsClient client;
  SignedExchange exchange;
};

using Spoil = std::function<void(HttpAnswer& signed_answer)>;

// The error when the vault's answer is spoilt on the way; RepeatPolicy ends at once.
ErrorCode refusal_of(const Spoil& spoil, std::string_view body = R"({"a":1})") {
  Line line(
      [&](const std::string& text) {
        HttpAnswer answer = json_answer(body);
        const auto request = parse_scripted_request(text);
        EXPECT_TRUE(sign_answer(answer, RequestParts::of(request), pinned_key(), UtcTime{1s}));
        spoil(answer);
        return answer_text(answer);
      },
      no_pause(0ms));
  const auto result = line.exchange.exchange(post("{}"));
  return result ? ErrorCode::kNone : result.error().code;
}

HttpHeader& header_of(HttpAnswer& answer, std::string_view name) {
  const auto found = std::ranges::find(answer.headers, name, &HttpHeader::name);
  CERTRELAY_CHECK(found != answer.headers.end());
  return *found;
}

TEST(SignedExchange, GivesTheSignedAnswerAndSendsTheDigest) {
  Line line([](const std::string& text) {
    return signed_answer_text(json_answer(R"({"a":1})"), parse_scripted_request(text),
                              pinned_key());
  });
  const auto answer = line.exchange.exchange(post("{}"));
  ASSERT_TRUE(answer) << answer.error().where;
  EXPECT_EQ(as_text(answer.value().body), R"({"a":1})");
  const auto request = parse_scripted_request(line.server.requests().at(0));
  EXPECT_EQ(only_header(request.headers, "content-digest"), format_content_digest(sha256("{}")));
  EXPECT_EQ(line.exchange.repeats(), 0);
}

TEST(SignedExchange, TakesASignedProblemForAnAnswer) {
  const Problem problem{
      ProblemCode::kWindowOnly, problem_text(ProblemCode::kWindowOnly, ""), {}, ""};
  Line line([&](const std::string& text) {
    return signed_answer_text(problem_answer(problem), parse_scripted_request(text), pinned_key());
  });
  const auto answer = line.exchange.exchange(post("{}"));
  ASSERT_TRUE(answer) << answer.error().where;
  EXPECT_EQ(answer.value().status, 403);
  EXPECT_EQ(line.server.connections(), 1);
}

TEST(SignedExchange, TakesAnUnsignedAnswerForNoneAndAsksAgainOnANewConnection) {
  int count = 0;
  Line line([&](const std::string& text) {
    if (++count <= 2) return answer_text({503, {}, Bytes{'x'}});
    return signed_answer_text(json_answer("{}"), parse_scripted_request(text), pinned_key());
  });
  ASSERT_TRUE(line.exchange.exchange(post(R"({"id":7})")));
  EXPECT_EQ(line.server.connections(), 3);
  EXPECT_EQ(line.exchange.repeats(), 2);
  const auto requests = line.server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0], requests[1]);
  EXPECT_EQ(requests[0], requests[2]);
}

TEST(SignedExchange, AsksAgainAfterABrokenConnection) {
  int count = 0;
  Line line([&](const std::string& text) {
    if (++count == 1) return std::string();
    return signed_answer_text(json_answer("{}"), parse_scripted_request(text), pinned_key());
  });
  EXPECT_TRUE(line.exchange.exchange(post("{}")));
  EXPECT_EQ(line.server.requests().size(), 2U);
}

TEST(SignedExchange, GivesUpWhenTheWindowHasPassed) {
  Line line([](const std::string&) { return answer_text({503, {}, Bytes{'x'}}); }, no_pause(0ms));
  const auto answer = line.exchange.exchange(post("{}"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kSignatureMissing);
  EXPECT_TRUE(is_no_answer(answer.error().code));
  EXPECT_EQ(line.server.requests().size(), 1U);
}

TEST(SignedExchange, WaitsForASignedOverloadedAndForNoOther503) {
  int count = 0;
  const auto refuse = [&](ProblemCode code, std::string retry_after) {
    return [&count, code, retry_after](const std::string& text) {
      HttpAnswer answer = problem_answer({code, problem_text(code, "x"), {}, ""});
      if (++count > 1) answer = json_answer("{}");
      if (count == 1) answer.headers.push_back({"retry-after", retry_after});
      return signed_answer_text(answer, parse_scripted_request(text), pinned_key());
    };
  };
  Line waits(refuse(ProblemCode::kOverloaded, "0"));
  EXPECT_EQ(waits.exchange.exchange(post("{}")).value().status, 200);
  EXPECT_EQ(waits.exchange.repeats(), 1);
  count = 0;
  Line too_long(refuse(ProblemCode::kOverloaded, "6"));
  EXPECT_EQ(too_long.exchange.exchange(post("{}")).value().status, 503);
  count = 0;
  Line closed(refuse(ProblemCode::kClosed, "0"));
  EXPECT_EQ(closed.exchange.exchange(post("{}")).value().status, 503);
}

TEST(SignedExchange, RefusesAnotherKey) {
  const AnswerKey other = AnswerKey::generate().value();
  Line line([&](const std::string& text) {
    return signed_answer_text(json_answer("{}"), parse_scripted_request(text), other);
  });
  const auto answer = line.exchange.exchange(post("{}"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnknownSigner);
  EXPECT_FALSE(is_no_answer(answer.error().code));
  EXPECT_EQ(line.server.requests().size(), 1U);  // never asked again: this was no accident
}

TEST(SignedExchange, RefusesTheAnswerToAnotherRequest) {
  Line line([](const std::string& text) {
    HttpRequest request = parse_scripted_request(text);
    request.body.push_back(' ');
    return signed_answer_text(json_answer("{}"), request, pinned_key());
  });
  EXPECT_EQ(line.exchange.exchange(post("{}")).error().code, ErrorCode::kBadSignature);
}

TEST(SignedExchange, RefusesWhatWasSpoiltOnTheWay) {
  EXPECT_EQ(refusal_of([](HttpAnswer&) {}), ErrorCode::kNone);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) { a.body[5] = '2'; }), ErrorCode::kDigestMismatch);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) {
              a.body[5] = '2';
              header_of(a, "content-digest").value = format_content_digest(sha256(a.body));
            }),
            ErrorCode::kBadSignature);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) { a.status = 201; }), ErrorCode::kBadSignature);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) { header_of(a, "content-type").value = "text/html"; }),
            ErrorCode::kBadSignature);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) {
              std::erase_if(a.headers, [](const auto& h) { return h.name == "content-digest"; });
            }),
            ErrorCode::kDigestMissing);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) {
              std::erase_if(a.headers, [](const auto& h) { return h.name == "signature"; });
            }),
            ErrorCode::kSignatureMissing);
  EXPECT_EQ(refusal_of([](HttpAnswer& a) {
              std::string& input = header_of(a, "signature-input").value;
              const std::string part = " \"content-type\"";
              input.erase(input.find(part), part.size());
            }),
            ErrorCode::kCoverageDiffers);
}

}  // namespace
}  // namespace certrelay
