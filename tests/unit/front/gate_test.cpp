#include <gtest/gtest.h>

#include "relay/front/second_opinion.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kGetHead = "GET /v1/service HTTP/1.1\r\n";
constexpr std::string_view kPostHead = "POST /v1/transactions HTTP/1.1\r\n";

// A head of the request line and some header lines, each without its line break.
std::string head_of(std::string_view request_line, std::initializer_list<std::string> lines) {
  std::string out(request_line);
  for (const auto& line : lines) out += line + "\r\n";
  return out + "\r\n";
}

struct Case {
  const char* name;
  std::string head;
  ErrorCode code;  // kNone: passes
};

// GoogleTest prints it when a case fails.
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

std::vector<Case> request_line_cases() {
  const auto with = [](std::string_view line) { return head_of(line, {"Host: a.example"}); };
  return {
      {"Get", with("GET /v1/service HTTP/1.1\r\n"), ErrorCode::kNone},
      {"Head", with("HEAD /v1/extracts/1 HTTP/1.1\r\n"), ErrorCode::kNone},
      {"Delete", with("DELETE /x HTTP/1.1\r\n"), ErrorCode::kNone},
      {"Root", with("GET / HTTP/1.1\r\n"), ErrorCode::kNone},
      {"SlashAtTheEnd", with("GET /console/ HTTP/1.1\r\n"), ErrorCode::kNone},
      {"LowerCaseMethod", with("get / HTTP/1.1\r\n"), ErrorCode::kGateMethod},
      {"Put", with("PUT / HTTP/1.1\r\n"), ErrorCode::kGateMethod},
      {"Connect", with("CONNECT /a HTTP/1.1\r\n"), ErrorCode::kGateMethod},
      {"Trace", with("TRACE / HTTP/1.1\r\n"), ErrorCode::kGateMethod},
      {"Options", with("OPTIONS / HTTP/1.1\r\n"), ErrorCode::kGateMethod},
      {"Http2Preface", with("PRI * HTTP/2.0\r\n"), ErrorCode::kGateVersion},
      {"AbsoluteForm", with("GET http://a.example/ HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"Asterisk", with("GET * HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"AuthorityForm", with("GET a.example:443 HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"Query", with("GET /a?b HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"Fragment", with("GET /a#b HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"Percent", with("GET /%61 HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"DotSegment", with("GET /a/./b HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"DotDotSegment", with("GET /a/.. HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"EmptySegment", with("GET //a HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"Backslash", with("GET /a\\b HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"Semicolon", with("GET /a;b HTTP/1.1\r\n"), ErrorCode::kGateTarget},
      {"NoTarget", with("GET HTTP/1.1\r\n"), ErrorCode::kGateRequestLine},
      {"TwoSpaces", with("GET  / HTTP/1.1\r\n"), ErrorCode::kGateRequestLine},
      {"SpaceInTarget", with("GET /a b HTTP/1.1\r\n"), ErrorCode::kGateRequestLine},
      {"SpaceBefore", with(" GET / HTTP/1.1\r\n"), ErrorCode::kGateRequestLine},
      {"SpaceAfter", with("GET / HTTP/1.1 \r\n"), ErrorCode::kGateRequestLine},
      {"EmptyLineBefore", "\r\n" + with(kGetHead), ErrorCode::kGateRequestLine},
      {"TabForSpace", with("GET\t/ HTTP/1.1\r\n"), ErrorCode::kGateByte},
      {"Http10", with("GET / HTTP/1.0\r\n"), ErrorCode::kGateVersion},
      {"Http12", with("GET / HTTP/1.2\r\n"), ErrorCode::kGateVersion},
      {"Http2", with("GET / HTTP/2\r\n"), ErrorCode::kGateVersion},
      {"LowerCaseVersion", with("GET / http/1.1\r\n"), ErrorCode::kGateVersion},
      {"NoVersion", with("GET /\r\n"), ErrorCode::kGateRequestLine},
  };
}

std::vector<Case> byte_cases() {
  const std::string nul("X: a\0b", 6);
  return {
      {"Nul", head_of(kGetHead, {"Host: a", nul}), ErrorCode::kGateByte},
      {"Utf8InValue", head_of(kGetHead, {"Host: a", "X: \xe7\x94\xb0"}), ErrorCode::kGateByte},
      {"Delete", head_of(kGetHead, {"Host: a", "X: \x7f"}), ErrorCode::kGateByte},
      {"TabInValue", head_of(kGetHead, {"Host: a", "X: a\tb"}), ErrorCode::kGateByte},
      {"TabBeforeValue", head_of(kGetHead, {"Host: a", "X:\ta"}), ErrorCode::kGateByte},
      {"FoldedBySpace", head_of(kGetHead, {"Host: a", "X: a", " b"}), ErrorCode::kGateFoldedHeader},
      {"FoldedByTab", head_of(kGetHead, {"Host: a", "X: a", "\tb"}), ErrorCode::kGateFoldedHeader},
      {"FoldedFirstLine", head_of(kGetHead, {" Host: a"}), ErrorCode::kGateFoldedHeader},
      {"BareLf", head_of(kGetHead, {"Host: a\nX: b"}), ErrorCode::kGateLineBreak},
      {"BareCr", head_of(kGetHead, {"Host: a\rX: b"}), ErrorCode::kGateLineBreak},
      {"CrCrLf", head_of(kGetHead, {"Host: a\r"}), ErrorCode::kGateLineBreak},
      {"LfCr", head_of(kGetHead, {"Host: a\n\rX: b"}), ErrorCode::kGateLineBreak},
      {"NoEnd", "GET / HTTP/1.1\r\nHost: a\r\n", ErrorCode::kGateHeadIncomplete},
      {"BytesAfterEnd", head_of(kGetHead, {"Host: a"}) + "x", ErrorCode::kGateHeadIncomplete},
      {"TwoHeads", head_of(kGetHead, {"Host: a"}) + head_of(kGetHead, {"Host: a"}),
       ErrorCode::kGateHeadIncomplete},
      {"Nothing", "", ErrorCode::kGateHeadIncomplete},
      {"OneLineBreak", "\r\n", ErrorCode::kGateHeadIncomplete},
      {"TwoLineBreaks", "\r\n\r\n", ErrorCode::kGateRequestLine},
  };
}

std::vector<Case> header_cases() {
  return {
      {"NoColon", head_of(kGetHead, {"Host: a", "X"}), ErrorCode::kGateHeaderName},
      {"NoName", head_of(kGetHead, {"Host: a", ": x"}), ErrorCode::kGateHeaderName},
      {"SpaceBeforeColon", head_of(kGetHead, {"Host : a"}), ErrorCode::kGateHeaderName},
      {"Underscore", head_of(kPostHead, {"Host: a", "Content_Length: 1"}),
       ErrorCode::kGateHeaderName},
      {"NameOf64", head_of(kGetHead, {"Host: a", std::string(64, 'x') + ": a"}), ErrorCode::kNone},
      {"NameOf65", head_of(kGetHead, {"Host: a", std::string(65, 'x') + ": a"}),
       ErrorCode::kGateHeaderName},
      {"NoSpaceAfterColon", head_of(kGetHead, {"Host:a"}), ErrorCode::kNone},
      {"EmptyValue", head_of(kGetHead, {"Host: a", "X:"}), ErrorCode::kNone},
      {"TwoSpacesAfterColon", head_of(kGetHead, {"Host: a", "X:  a"}), ErrorCode::kGateHeaderValue},
      {"SpaceAtTheEnd", head_of(kGetHead, {"Host: a", "X: a "}), ErrorCode::kGateHeaderValue},
      {"ValueOf4096", head_of(kGetHead, {"Host: a", "X: " + std::string(4096, 'x')}),
       ErrorCode::kNone},
      {"ValueOf4097", head_of(kGetHead, {"Host: a", "X: " + std::string(4097, 'x')}),
       ErrorCode::kGateHeaderValue},
      {"NoHost", head_of(kGetHead, {"X: a"}), ErrorCode::kGateHostMissing},
      {"TwoHosts", head_of(kGetHead, {"Host: a", "Host: a"}), ErrorCode::kGateHostTwice},
      {"EmptyHost", head_of(kGetHead, {"Host:"}), ErrorCode::kGateHostForm},
      {"HostWithPort", head_of(kGetHead, {"Host: a.example:8443"}), ErrorCode::kNone},
      {"HostOfIpv6", head_of(kGetHead, {"Host: [::1]:8443"}), ErrorCode::kNone},
      {"HostWithPath", head_of(kGetHead, {"Host: a/b"}), ErrorCode::kGateHostForm},
      {"HostWithUser", head_of(kGetHead, {"Host: u@a"}), ErrorCode::kGateHostForm},
      {"HostList", head_of(kGetHead, {"Host: a, b"}), ErrorCode::kGateHostForm},
      {"UnknownHeaderTwice", head_of(kGetHead, {"Host: a", "X: a", "X: b"}), ErrorCode::kNone},
      {"ForwardedHeaderTwice",
       head_of(kGetHead, {"Host: a", "If-None-Match: \"a\"", "if-none-match: \"a\""}),
       ErrorCode::kGateHeaderTwice},
      {"KeepAlive", head_of(kGetHead, {"Host: a", "Connection: Keep-Alive"}), ErrorCode::kNone},
      {"Close", head_of(kGetHead, {"Host: a", "Connection: close"}), ErrorCode::kNone},
      {"ConnectionTwice", head_of(kGetHead, {"Host: a", "Connection: close", "Connection: close"}),
       ErrorCode::kGateHeaderTwice},
      {"ConnectionList", head_of(kGetHead, {"Host: a", "Connection: close, x"}),
       ErrorCode::kGateConnection},
      {"ConnectionUpgrade", head_of(kGetHead, {"Host: a", "Connection: upgrade"}),
       ErrorCode::kGateConnection},
      {"ConnectionEmpty", head_of(kGetHead, {"Host: a", "Connection:"}),
       ErrorCode::kGateConnection},
      {"Upgrade", head_of(kGetHead, {"Host: a", "Upgrade: h2c"}), ErrorCode::kGateUpgrade},
      {"Expect", head_of(kPostHead, {"Host: a", "Content-Length: 1", "Expect: 100-continue"}),
       ErrorCode::kGateExpect},
      {"ContentEncoding",
       head_of(kPostHead, {"Host: a", "Content-Length: 1", "Content-Encoding: gzip"}),
       ErrorCode::kGateContentCoding},
      {"Trailer", head_of(kGetHead, {"Host: a", "Trailer: x"}), ErrorCode::kGateContentCoding},
  };
}

std::vector<Case> framing_cases() {
  const auto post = [](std::string line) {
    return head_of(kPostHead, {"Host: a", std::move(line)});
  };
  return {
      {"Length", post("Content-Length: 5"), ErrorCode::kNone},
      {"LengthZero", post("Content-Length: 0"), ErrorCode::kNone},
      {"LengthAtTheLimit", post("Content-Length: 65536"), ErrorCode::kNone},
      {"LengthPastTheLimit", post("Content-Length: 65537"), ErrorCode::kGateBodyTooLarge},
      {"LengthOf30Digits", post("Content-Length: " + std::string(30, '9')),
       ErrorCode::kGateBodyTooLarge},
      {"LengthMissing", post("X: a"), ErrorCode::kGateLengthMissing},
      {"LengthTwiceEqual",
       head_of(kPostHead, {"Host: a", "Content-Length: 5", "Content-Length: 5"}),
       ErrorCode::kGateLengthTwice},
      {"LengthList", post("Content-Length: 5, 5"), ErrorCode::kGateLengthForm},
      {"LengthPlus", post("Content-Length: +5"), ErrorCode::kGateLengthForm},
      {"LengthMinus", post("Content-Length: -5"), ErrorCode::kGateLengthForm},
      {"LengthLeadingZero", post("Content-Length: 05"), ErrorCode::kGateLengthForm},
      {"LengthTwoZeros", post("Content-Length: 00"), ErrorCode::kGateLengthForm},
      {"LengthHex", post("Content-Length: 0x5"), ErrorCode::kGateLengthForm},
      {"LengthFraction", post("Content-Length: 5.0"), ErrorCode::kGateLengthForm},
      {"LengthPaddedBefore", post("Content-Length:  5"), ErrorCode::kGateLengthForm},
      {"LengthPaddedAfter", post("Content-Length: 5 "), ErrorCode::kGateLengthForm},
      {"LengthEmpty", post("Content-Length:"), ErrorCode::kGateLengthForm},
      {"LengthOnGet", head_of(kGetHead, {"Host: a", "Content-Length: 5"}),
       ErrorCode::kGateLengthUnexpected},
      {"LengthZeroOnGet", head_of(kGetHead, {"Host: a", "Content-Length: 0"}),
       ErrorCode::kGateLengthUnexpected},
      {"ChunkedBesideLength",
       head_of(kPostHead, {"Host: a", "Content-Length: 5", "Transfer-Encoding: chunked, x"}),
       ErrorCode::kGateTransferEncoding},
      {"Chunked", post("Transfer-Encoding: chunked"), ErrorCode::kGateTransferEncoding},
      {"ChunkedUpperCase", post("TRANSFER-ENCODING: CHUNKED"), ErrorCode::kGateTransferEncoding},
      {"Identity", post("Transfer-Encoding: identity"), ErrorCode::kGateTransferEncoding},
      {"EmptyTransferEncoding", post("Transfer-Encoding:"), ErrorCode::kGateTransferEncoding},
      {"TransferEncodingSpaceBeforeColon", post("Transfer-Encoding : chunked"),
       ErrorCode::kGateHeaderName},
  };
}

class GateTableTest : public ::testing::TestWithParam<Case> {};

TEST_P(GateTableTest, HasItsOutcome) {
  const auto head = check_head(GetParam().head, gate_rules(Role::kCenter));
  const ErrorCode code = head ? ErrorCode::kNone : head.error().code;
  EXPECT_EQ(static_cast<int>(code), static_cast<int>(GetParam().code));
  if (head) {
    EXPECT_TRUE(confirm_head(GetParam().head, head.value(), gate_rules(Role::kCenter)));
  }
}

std::string case_name(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(RequestLine, GateTableTest, ::testing::ValuesIn(request_line_cases()),
                         case_name);
INSTANTIATE_TEST_SUITE_P(Bytes, GateTableTest, ::testing::ValuesIn(byte_cases()), case_name);
INSTANTIATE_TEST_SUITE_P(Headers, GateTableTest, ::testing::ValuesIn(header_cases()), case_name);
INSTANTIATE_TEST_SUITE_P(Framing, GateTableTest, ::testing::ValuesIn(framing_cases()), case_name);

TEST(GateTest, ForwardsOnlyTheRolesClosedList) {
  const std::string head =
      head_of(kPostHead, {"Host: a", "Content-Length: 5", "Content-Type: application/json",
                          "Cookie: a=b", "Certrelay-Statement: x", "Accept: */*"});
  const auto center = check_head(head, gate_rules(Role::kCenter)).value();
  EXPECT_EQ(center.headers, (HttpHeaders{{"content-type", "application/json"}}));
  const auto registry = check_head(head, gate_rules(Role::kRegistry)).value();
  EXPECT_EQ(registry.headers,
            (HttpHeaders{{"content-type", "application/json"}, {"certrelay-statement", "x"}}));
  const auto admin = check_head(head, gate_rules(Role::kAdmin)).value();
  EXPECT_EQ(admin.headers, (HttpHeaders{{"content-type", "application/json"}, {"cookie", "a=b"}}));
}

TEST(GateTest, BodyLimitIsTheRoles) {
  const auto code = [](Role role, const std::string& length) {
    const auto head =
        check_head(head_of(kPostHead, {"Host: a", "Content-Length: " + length}), gate_rules(role));
    return head ? ErrorCode::kNone : head.error().code;
  };
  EXPECT_EQ(code(Role::kRegistry, "1048576"), ErrorCode::kNone);
  EXPECT_EQ(code(Role::kRegistry, "1048577"), ErrorCode::kGateBodyTooLarge);
  EXPECT_EQ(code(Role::kMonitoring, "0"), ErrorCode::kNone);
  EXPECT_EQ(code(Role::kMonitoring, "1"), ErrorCode::kGateBodyTooLarge);
}

TEST(GateTest, ReadsWhatItAccepts) {
  const auto head =
      check_head(head_of(kPostHead, {"Host: a", "Content-Length: 5", "Connection: close"}),
                 gate_rules(Role::kCenter))
          .value();
  EXPECT_EQ(head.method, HttpMethod::kPost);
  EXPECT_EQ(head.path, "/v1/transactions");
  EXPECT_EQ(head.content_length, 5U);
  EXPECT_TRUE(head.close);
}

// A head of exactly `size` bytes, made of several long headers.
std::string head_of_size(std::size_t size) {
  std::string out = std::string(kGetHead) + "Host: a\r\n";
  while (size - out.size() > 3100) out += "X: " + std::string(2995, 'x') + "\r\n";
  out += "X: " + std::string(size - out.size() - 7, 'x') + "\r\n\r\n";
  return out;
}

TEST(GateTest, HeadLimitIs8KiB) {
  const auto rules = gate_rules(Role::kCenter);
  const std::string fits = head_of_size(8192);
  ASSERT_EQ(fits.size(), 8192U);
  EXPECT_TRUE(check_head(fits, rules));
  EXPECT_EQ(find_head_end(fits, rules).value(), std::optional<std::size_t>(8192));
  const std::string long_one = head_of_size(8193);
  EXPECT_EQ(check_head(long_one, rules).error().code, ErrorCode::kGateHeadTooLarge);
  EXPECT_EQ(find_head_end(long_one, rules).error().code, ErrorCode::kGateHeadTooLarge);
}

TEST(GateTest, EndOfHeadIsFoundWhateverFollows) {
  const auto rules = gate_rules(Role::kCenter);
  const std::string head = head_of(kGetHead, {"Host: a"});
  for (std::size_t n = 0; n < head.size(); ++n) {
    EXPECT_EQ(find_head_end(std::string_view(head).substr(0, n), rules).value(), std::nullopt);
  }
  EXPECT_EQ(find_head_end(head + "\nbody", rules).value(), std::optional(head.size()));
}

TEST(GateTest, BareLineFeedIsRefusedBeforeTheHeadEnds) {
  const auto rules = gate_rules(Role::kCenter);
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\nHost", rules).error().code, ErrorCode::kGateLineBreak);
  EXPECT_EQ(find_head_end("\n", rules).error().code, ErrorCode::kGateLineBreak);
}

TEST(GateTest, RefusalsHaveAnOuterStatus) {
  EXPECT_EQ(status_of_refusal(ErrorCode::kGateHostMissing), 400);
  EXPECT_EQ(status_of_refusal(ErrorCode::kGateSecondOpinion), 400);
  EXPECT_EQ(status_of_refusal(ErrorCode::kGateBodyTooLarge), 413);
  EXPECT_EQ(status_of_refusal(ErrorCode::kGateHeadTooLarge), 413);
  EXPECT_EQ(status_of_refusal(ErrorCode::kGateHeadTimeout), 408);
  EXPECT_EQ(status_of_refusal(ErrorCode::kGateBodyTimeout), 408);
  EXPECT_EQ(status_of_refusal(ErrorCode::kVaultOverloaded), 503);
}

TEST(SecondOpinionTest, RefusesAnotherReading) {
  const auto rules = gate_rules(Role::kCenter);
  const std::string bytes =
      head_of(kPostHead, {"Host: a", "Content-Length: 5", "Content-Type: application/json"});
  const GateHead right = check_head(bytes, rules).value();
  const auto refused = [&](auto change) {
    GateHead head = right;
    change(head);
    return !confirm_head(bytes, head, rules);
  };
  EXPECT_FALSE(refused([](GateHead&) {}));
  EXPECT_TRUE(refused([](GateHead& head) { head.method = HttpMethod::kPatch; }));
  EXPECT_TRUE(refused([](GateHead& head) { head.path = "/v1/other"; }));
  EXPECT_TRUE(refused([](GateHead& head) { head.content_length = 4; }));
  EXPECT_TRUE(refused([](GateHead& head) { head.close = true; }));
  EXPECT_TRUE(refused([](GateHead& head) { head.headers.clear(); }));
  EXPECT_TRUE(refused([](GateHead& head) { head.headers[0].value = "text/plain"; }));
}

}  // namespace
}  // namespace certrelay
