// Goal: the client speaks to the one expected server only and takes one whole answer or none.
// Method: real sockets on the loopback interface, port 0, a scripted TLS server.
#include "firmware/client/https_client.hpp"

#include <gtest/gtest.h>

#include "tests/support/socket_test_clock.hpp"
#include "tests/support/tls_test_files.hpp"

namespace certrelay {
namespace {

std::string answer_with(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class HttpsClientTest : public testing::Test {
 protected:
  static HttpsClient client_of(const TlsContext& context, const ScriptedTlsServer& server,
                               HttpsLimits limits = {}) {
    static const SocketTestClock clock;
    return {context, parse_address(server.address()).value(), clock, limits};
  }

  static ErrorCode refusal_of(const std::string& answer, HttpsLimits limits = {}) {
    ScriptedTlsServer server(tls_test_files().server, [&](const std::string&) { return answer; });
    const TlsContext context = TlsContext::make(tls_test_files().client).value();
    HttpsClient client = client_of(context, server, limits);
    const auto result = client.exchange({HttpMethod::kGet, "/v1/service", {}, {}});
    return result ? ErrorCode::kNone : result.error().code;
  }

  static ErrorCode refusal_with(const TlsCredentials& credentials) {
    ScriptedTlsServer server(tls_test_files().server,
                             [](const std::string&) { return answer_with("x"); });
    const TlsContext context = TlsContext::make(credentials).value();
    HttpsClient client = client_of(context, server);
    const auto result = client.exchange({HttpMethod::kGet, "/", {}, {}});
    EXPECT_TRUE(server.requests().empty() || result);
    return result ? ErrorCode::kNone : result.error().code;
  }
};

TEST_F(HttpsClientTest, KeepsOneConnectionForManyExchanges) {
  ScriptedTlsServer server(tls_test_files().server, [](const std::string& request) {
    return answer_with(std::to_string(request.size()));
  });
  const TlsContext context = TlsContext::make(tls_test_files().client).value();
  HttpsClient client = client_of(context, server);
  const HttpRequest request{HttpMethod::kPost,
                            "/v1/transactions",
                            {{"content-type", "application/json"}},
                            Bytes{'{', '}'}};
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.exchange(request);
    ASSERT_TRUE(answer) << answer.error().where;
    EXPECT_EQ(answer.value().status, 200);
    EXPECT_EQ(as_text(answer.value().body), std::to_string(server.requests()[0].size()));
  }
  EXPECT_EQ(server.connections(), 1);
  const std::string port = parse_address(server.address()).value().port;
  EXPECT_EQ(server.requests()[0],
            "POST /v1/transactions HTTP/1.1\r\nHost: center.relay.example:" + port +
                "\r\ncontent-type: application/json\r\n"
                "Content-Length: 2\r\n\r\n{}");
  client.disconnect();
}

TEST_F(HttpsClientTest, OpensAnotherConnectionAfterClose) {
  ScriptedTlsServer server(tls_test_files().server, [](const std::string&) {
    return "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n" +
           std::string(1, ScriptedTlsServer::kThenClose);
  });
  const TlsContext context = TlsContext::make(tls_test_files().client).value();
  HttpsClient client = client_of(context, server);
  EXPECT_EQ(client.exchange({HttpMethod::kPost, "/", {}, {}}).value().status, 204);
  EXPECT_EQ(client.exchange({HttpMethod::kPost, "/", {}, {}}).value().status, 204);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpsClientTest, TakesAnAnswerUpToTheLimitAndNoMore) {
  HttpsLimits limits;
  limits.body_bytes_max = 100'000;
  EXPECT_EQ(refusal_of(answer_with(std::string(100'000, 'a')), limits), ErrorCode::kNone);
  EXPECT_EQ(refusal_of(answer_with(std::string(100'001, 'a')), limits), ErrorCode::kLimitExceeded);
}

TEST_F(HttpsClientTest, TellsBrokenConnectionsFromMalformedAnswers) {
  const std::string close(1, ScriptedTlsServer::kThenClose);
  EXPECT_EQ(refusal_of(""), ErrorCode::kConnectionBroken);
  EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\nContent-Le" + close), ErrorCode::kConnectionBroken);
  EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd" + close),
            ErrorCode::kConnectionBroken);
  EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd"),
            ErrorCode::kAnswerMalformed);
  EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\n\r\nabcd"), ErrorCode::kAnswerMalformed);
  EXPECT_EQ(refusal_of(std::string(kAnswerHeadBytesMax + 1, 'x')), ErrorCode::kAnswerMalformed);
}

TEST_F(HttpsClientTest, CountsWhatWasDeliveredOfABrokenAnswerAndNothingOfARefusal) {
  std::string answer;
  ScriptedTlsServer server(tls_test_files().server, [&](const std::string&) { return answer; });
  const TlsContext context = TlsContext::make(tls_test_files().client).value();
  HttpsClient client = client_of(context, server);
  const HttpRequest request{HttpMethod::kGet, "/", {}, {}};
  answer = answer_with("abc");
  ASSERT_TRUE(client.exchange(request));
  EXPECT_EQ(client.delivered_bytes(), 3U);
  answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nabc";
  ASSERT_TRUE(client.exchange(request));
  EXPECT_EQ(client.delivered_bytes(), 3U);
  answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd" +
           std::string(1, ScriptedTlsServer::kThenClose);
  ASSERT_FALSE(client.exchange(request));
  EXPECT_EQ(client.delivered_bytes(), 7U);
}

TEST_F(HttpsClientTest, GivesUpAtTheDeadline) {
  HttpsLimits limits;
  limits.answer_ms = std::chrono::milliseconds{1};
  EXPECT_EQ(refusal_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", limits),
            ErrorCode::kDeadlinePassed);
}

// R44: no application byte unless both sides know each other.
TEST_F(HttpsClientTest, RefusesAServerOfAnotherAuthorityOrName) {
  EXPECT_EQ(refusal_with(tls_test_files().client), ErrorCode::kNone);
  TlsCredentials other_authority = tls_test_files().client;
  other_authority.server_ca_pem = tls_test_files().other_authority_pem;
  EXPECT_EQ(refusal_with(other_authority), ErrorCode::kTlsFailed);
  TlsCredentials other_name = tls_test_files().client;
  other_name.server_name = "registry.relay.example";
  EXPECT_EQ(refusal_with(other_name), ErrorCode::kTlsFailed);
  other_name.server_name = "127.0.0.1";
  EXPECT_EQ(refusal_with(other_name), ErrorCode::kTlsFailed);
}

TEST_F(HttpsClientTest, SaysWhenTheServerRefusesOurCertificate) {
  EXPECT_EQ(refusal_with(tls_test_files().stranger), ErrorCode::kTlsFailed);
}

TEST_F(HttpsClientTest, SaysWhenNothingAccepts) {
  std::string address;
  {
    const ScriptedTlsServer server(tls_test_files().server,
                                   [](const std::string&) { return std::string(); });
    address = server.address();
  }
  const SocketTestClock clock;
  const TlsContext context = TlsContext::make(tls_test_files().client).value();
  HttpsClient client(context, parse_address(address).value(), clock);
  EXPECT_EQ(client.connect().error().code, ErrorCode::kCannotReach);
}

TEST_F(HttpsClientTest, RefusesCredentialsThatDoNotFit) {
  TlsCredentials mixed = tls_test_files().client;
  mixed.private_key_pem = tls_test_files().stranger.private_key_pem;
  EXPECT_EQ(TlsContext::make(mixed).error().code, ErrorCode::kTlsFailed);
  mixed.private_key_pem = "not PEM";
  EXPECT_EQ(TlsContext::make(mixed).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace certrelay
