// `certrelayctl card verify --stdin-jsonl`, line by line.
#include "firmware/ctl/card_case.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "protocol/base/json.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

namespace json = boost::json;

json::object good_case() {
  const TestPki pki;
  const auto base64 = [](ByteView bytes) { return json::string(to_base64(bytes)); };
  const auto message = as_bytes("message");
  return {{"id", "a"},
          {"now", "2026-11-22T19:00:00+09:00"},
          {"trust_anchors", json::array{base64(pki.root().certificate_der())}},
          {"crls", json::array{base64(pki.crl())}},
          {"check_revocation", true},
          {"certificate", base64(pki.card())},
          {"message", base64(message)},
          {"signature", base64(test_card_key().sign(message).value())},
          {"algorithm", "rsa-pkcs1-sha256"}};
}

std::string reason_of(const json::object& one) {
  const auto verdict = judge_card_line(json::serialize(one));
  const auto answer = json::parse(verdict.line).as_object();
  EXPECT_EQ(verdict.accepted, answer.at("result") == "accept");
  EXPECT_EQ(verdict.accepted, answer.at("reason") == "ok");
  EXPECT_GE(answer.at("ms").to_number<double>(), 0.0);
  return std::string(answer.at("reason").as_string());
}

json::object with(std::string_view name, json::value value) {
  auto one = good_case();
  one[name] = std::move(value);
  return one;
}

TEST(CardCaseTest, AcceptsAGoodCaseAndRepeatsItsId) {
  EXPECT_EQ(reason_of(good_case()), "ok");
  EXPECT_EQ(judge_card_line(json::serialize(with("id", "b\"1"))).line.find(R"({"id":"b\"1",)"), 0U);
  EXPECT_EQ(judge_card_line(json::serialize(with("id", 7))).line.find(R"({"id":7,)"), 0U);
}

TEST(CardCaseTest, TellsTheReason) {
  EXPECT_EQ(reason_of(with("now", "2036-11-22T19:00:00+09:00")), "issuer_expired");
  EXPECT_EQ(reason_of(with("crls", json::array{})), "card_status_unknown");
  EXPECT_EQ(reason_of(with("trust_anchors", json::array{})), "crl_issuer_unknown");
  EXPECT_EQ(reason_of(with("message", json::string(to_base64(as_bytes("x"))))), "card_signature");
  EXPECT_EQ(reason_of(with("algorithm", "ecdsa-p384-sha384")), "card_algorithm_mismatch");
  EXPECT_EQ(reason_of(with("algorithm", "rsa-pkcs1-sha1")), "card_algorithm_mismatch");
  EXPECT_EQ(reason_of(with("ocsp", json::array{"AAAA"})), "ocsp_malformed");
  EXPECT_EQ(reason_of(with("policy_oids", json::array{"1.2.3"})), "card_policy_not_accepted");
  EXPECT_EQ(reason_of(with("certificate", "AAAA")), "certificate_malformed");
}

TEST(CardCaseTest, TakesTimesAsProgramsWriteThem) {
  // 10:00:00Z is where the card's validity ends.
  const auto end = test_validity().not_after;
  TestPki pki;
  pki.root_spec.not_after += std::chrono::hours(24);
  pki.crl_spec.next_update = end + std::chrono::hours(24);
  auto one = with("crls", json::array{json::string(to_base64(pki.crl()))});
  one["trust_anchors"] = json::array{json::string(to_base64(pki.root().certificate_der()))};
  const auto at = [&](std::string_view fraction, std::string_view zone) {
    auto text = to_rfc3339_jst(end);
    text.replace(text.find('+'), std::string::npos, "");
    one["now"] = text + std::string(fraction) + std::string(zone);
    return reason_of(one);
  };
  EXPECT_EQ(at("", "+09:00"), "ok");
  EXPECT_EQ(at(".000000", "+09:00"), "ok");
  EXPECT_EQ(at(".000000000000", "+09:00"), "ok");
  EXPECT_EQ(at(".000001", "+09:00"), "certificate_expired");  // not rounded into its validity
  EXPECT_EQ(at(".001", "+09:00"), "certificate_expired");
  EXPECT_EQ(at(".123456", "+09:01"), "ok");
  EXPECT_EQ(at(".", "+09:00").substr(0, 9), "bad_input");
  one["now"] = "2026-11-22t10:00:00.5z";
  EXPECT_EQ(reason_of(one), "ok");
}

TEST(CardCaseTest, TakesUpTo512OfEachKind) {
  const TestPki pki;
  const auto many = [](std::size_t count, ByteView one) {
    return json::array(count, json::string(to_base64(one)));
  };
  const auto root = pki.root().certificate_der();
  const auto list = pki.crl();
  auto one = with("profile", "rfc5280");
  one["intermediates"] = many(kAuthoritiesMax, root);
  one["crls"] = many(kAuthoritiesMax, list);
  one["trust_anchors"] = many(kAuthoritiesMax, root);
  EXPECT_EQ(reason_of(one), "ok");
  const auto one_more = [&](std::string_view name, ByteView der) {
    auto more = one;
    more[name] = many(kAuthoritiesMax + 1, der);
    return reason_of(more);
  };
  EXPECT_EQ(one_more("intermediates", root), "limit_exceeded");
  EXPECT_EQ(one_more("crls", list), "limit_exceeded");
  EXPECT_EQ(one_more("trust_anchors", root), "limit_exceeded");
  EXPECT_EQ(one_more("ocsp", list), "limit_exceeded");
}

// Goal: whoever feeds more than a case needs gets the same verdict; a list that might be the one
// that revokes is never left out.
TEST(CardCaseTest, ARefusedListConcernsItsIssuerAlone) {
  TestPki stranger;
  stranger.root_spec.subject.back().second = "Stranger";
  const TestPki pki;
  const auto base64 = [](ByteView bytes) { return json::string(to_base64(bytes)); };
  const auto beside = [&](const Bytes& list, std::string_view profile) {
    auto one = with("crls", json::array{base64(list), base64(pki.crl())});
    one["profile"] = profile;
    return reason_of(one);
  };
  const auto delta = RawExtension{"2.5.29.27", true, {0x02, 0x01, 0x01}};
  auto changed = pki;
  changed.crl_spec.more = {delta};
  stranger.crl_spec.more = {delta};
  EXPECT_EQ(beside(changed.crl(), "rfc5280"), "crl_delta");
  EXPECT_EQ(beside(changed.crl(), "jpki"), "crl_delta");
  EXPECT_EQ(beside(stranger.crl(), "rfc5280"), "ok");
  EXPECT_EQ(beside(stranger.crl(), "jpki"), "crl_delta");  // what a site configures is its own
  EXPECT_EQ(beside(Bytes{0x30, 0x00}, "rfc5280"), "crl_malformed");  // anybody's
}

TEST(CardCaseTest, FlagsAreHonoured) {
  auto one = with("crls", json::array{});
  one["check_revocation"] = false;
  EXPECT_EQ(reason_of(one), "ok");
  one["profile"] = "rfc5280";
  EXPECT_EQ(reason_of(one), "ok");
  one["policy_oids"] = json::array{"1.2.3"};
  EXPECT_EQ(reason_of(one), "ok");  // no policy is required
  one["explicit_policy"] = true;
  EXPECT_EQ(reason_of(one), "policy_required");
}

TEST(CardCaseTest, JudgesAPublicKeyAlone) {
  auto one = good_case();
  one.erase("certificate");
  one.erase("now");
  one["public_key"] = json::string(to_base64(test_card_key().public_key_der()));
  EXPECT_EQ(reason_of(one), "ok");
  one["public_key"] = json::string(to_base64(test_other_key().public_key_der()));
  EXPECT_EQ(reason_of(one), "card_signature");
}

TEST(CardCaseTest, WhatIsNoCaseIsRejectedAndSaidSo) {
  const auto bad = [](std::string_view line) {
    const auto verdict = judge_card_line(line);
    EXPECT_NE(verdict.line.find("bad_input"), std::string::npos) << line;
    EXPECT_FALSE(verdict.accepted);
    return !verdict.understood;
  };
  EXPECT_TRUE(bad("{"));
  EXPECT_TRUE(bad("[]"));
  EXPECT_TRUE(bad("{}"));
  EXPECT_TRUE(bad(R"({"id":"a","id":"b"})"));
  for (const auto* name : {"certificate", "message", "signature", "algorithm", "now"}) {
    auto one = good_case();
    one.erase(name);
    EXPECT_TRUE(bad(json::serialize(one))) << name;
  }
  EXPECT_TRUE(bad(json::serialize(with("profile", "other"))));
  EXPECT_TRUE(bad(json::serialize(with("unknown", 1))));
  EXPECT_TRUE(bad(json::serialize(with("certificate", "not base64"))));
  EXPECT_TRUE(bad(json::serialize(with("check_revocation", "yes"))));
}

}  // namespace
}  // namespace certrelay
