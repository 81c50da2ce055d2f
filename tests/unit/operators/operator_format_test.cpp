// Goal: FORMAT.md tells the truth about what operators send and sign.
#include <gtest/gtest.h>

#include <fstream>

#include "protocol/wire/login_message.hpp"
#include "protocol/wire/overview_message.hpp"
#include "relay/keys/approval_key.hpp"

namespace certrelay {
namespace {

std::string example(std::string_view name) {
  std::ifstream file(CERTRELAY_WIRE_FORMAT_MD, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto title = text.find("Example " + std::string(name) + ":");
  EXPECT_NE(title, std::string::npos) << name;
  const auto begin = text.find('\n', text.find("```", title)) + 1;
  return text.substr(begin, text.find("\n```", begin) - begin);
}

template <class Decode>
auto decoded(std::string_view name, Decode decode) {
  const auto stated = example(name);
  auto message = decode(as_bytes(stated));
  EXPECT_TRUE(message.has_value()) << name << ": " << message.error().where;
  EXPECT_EQ(as_text(encode(message.value()).value()), stated) << name;
  return std::move(message).value();
}

TEST(OperatorFormat, ExamplesAreWhatTheCodeMakes) {
  decoded("action report", decode_action_report);
  decoded("pending list", decode_pending_list);
  decoded("operator list", decode_operator_list);
  decoded("relay state", decode_relay_state);
  decoded("session view", decode_session_view);
  decoded("overview", decode_overview);
  const auto by_key = decoded("signature by a security key", decode_approve_request);
  EXPECT_TRUE(by_key.signature.assertion);
}

TEST(OperatorFormat, TheSignedExampleVerifiesOverTheDocumentedBytes) {
  const auto request = decoded("propose request", decode_propose_request);
  std::string digits;
  for (const char c : example("action bytes")) {
    if (c != '\n') digits += c;
  }
  const auto city = MunicipalityCode::parse("392901").value();
  const auto bytes = action_bytes(city, request.action);
  EXPECT_EQ(to_hex(bytes), digits);
  // RFC 8032 §7.1, test 1.
  const auto spki = from_hex(
                        "302a300506032b6570032100"
                        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
                        .value();
  EXPECT_TRUE(verify_personal(spki, bytes, request.signature).has_value());
  auto other = request.action;
  other.parameters[0].value = "kisai_jiko";
  EXPECT_FALSE(verify_personal(spki, action_bytes(city, other), request.signature).has_value());
}

TEST(OperatorFormat, UnknownMissingAndUnorderedMembersAreRefused) {
  const auto good = example("propose request");
  const auto refused = [](std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    return !decode_propose_request(as_bytes(text)).has_value();
  };
  EXPECT_TRUE(refused(good, "{\"action_id\"", "{\"more\":1,\"action_id\""));
  EXPECT_TRUE(refused(good, "\"reason\":\"用紙\",", ""));
  EXPECT_TRUE(refused(good, "\"name\":\"kind\"", "\"name\":\"Kind\""));
  EXPECT_TRUE(
      refused(good, "[{\"name\":\"kind\"", "[{\"name\":\"z\",\"value\":\"1\"},{\"name\":\"kind\""));
  EXPECT_TRUE(refused(good, "[{\"name\":\"kind\"",
                      "[{\"name\":\"kind\",\"value\":\"1\"},{\"name\":\"kind\""));
  EXPECT_TRUE(refused(good, "10:02:00", "10:02:00.5"));
}

TEST(OperatorFormat, ParametersAreTwelveAtMostAndTheirValuesBounded) {
  auto action = decode_propose_request(as_bytes(example("propose request"))).value().action;
  action.parameters.clear();
  for (char c = 'a'; c < 'a' + 12; ++c) action.parameters.push_back({std::string(1, c), "x"});
  EXPECT_TRUE(check(action).has_value());
  action.parameters.push_back({"z", "x"});
  EXPECT_FALSE(check(action).has_value());
  action.parameters = {{"a", std::string(512, 'x')}};
  EXPECT_TRUE(check(action).has_value());
  action.parameters = {{"a", std::string(513, 'x')}};
  EXPECT_FALSE(check(action).has_value());
}

}  // namespace
}  // namespace certrelay
