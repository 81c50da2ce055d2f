// docs/integrators.md: every value in it is computed here by the code that the relay runs.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/subject_tag.hpp"
#include "tests/unit/wire/examples.hpp"

namespace certrelay::examples {
namespace {

const std::string& document() {
  static const std::string text = [] {
    std::ifstream file(CERTRELAY_INTEGRATORS_MD);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return text;
}

std::string stated(const std::string& name) {
  const auto& text = document();
  const auto head = "Example " + name + ":\n```\n";
  const auto begin = text.find(head);
  if (begin == std::string::npos) return "not there";
  const auto from = begin + head.size();
  return text.substr(from, text.find("\n```", from) - from);
}

TEST(IntegratorsGuide, CardPayloadIsWhatTheVaultMakes) {
  auto text = stated("card payload");
  std::erase(text, '\n');
  EXPECT_EQ(text, to_hex(card_payload_bytes(card_payload())));
  EXPECT_NE(document().find("1795482120000, that is 2026-11-24T10:02:00+09:00"), std::string::npos);
  EXPECT_EQ(kExpiresAt.time_since_epoch().count(), 1795482120000);
}

TEST(IntegratorsGuide, SubjectTagIsWhatThePageCarries) {  // INV-3
  EXPECT_EQ(stated("subject tag"), subject_tag(kTransaction, kHead));
}

TEST(IntegratorsGuide, DigestsAreOfTheExamplesBodies) {
  EXPECT_EQ(stated("request digest"),
            format_content_digest(sha256(encode(inquiry_answer()).value())));
  EXPECT_EQ(stated("content digest"),
            format_content_digest(sha256(encode(issuance_request()).value())));
}

TEST(IntegratorsGuide, SignatureIsTheWorkedOneOverThatBase) {
  EXPECT_EQ(stated("signature base"), from_format_md("signature base"));
  const auto headers = from_format_md("signed headers");
  EXPECT_NE(headers.find("signature: " + stated("signature")), std::string::npos);
}

}  // namespace
}  // namespace certrelay::examples
