// Goal: path validation to the letter. Method: some hundred cases in the order of the published
// PKITS sections go through `card verify`, the very command; each has its result and its reason,
// and whatever we accept OpenSSL's whole validation must accept too.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdio>
#include <ctime>
#include <map>

#include "firmware/ctl/card_case.hpp"
#include "relay/identity/trust_store.hpp"
#include "tests/support/openssl_opinion.hpp"
#include "tests/support/path_suite_cases.hpp"

namespace certrelay {
namespace {

namespace json = boost::json;

json::array base64_of(const std::vector<Bytes>& list) {
  json::array out;
  for (const auto& one : list) out.emplace_back(to_base64(one));
  return out;
}

std::string line_of(const PathCase& one) {
  json::array policies;
  for (const auto& policy : one.policies) policies.emplace_back(suite_policy_oid(policy));
  return json::serialize(json::object{{"id", one.name},
                                      {"profile", "rfc5280"},
                                      {"now", "2026-11-22T10:00:00Z"},
                                      {"trust_anchors", base64_of(one.anchors)},
                                      {"intermediates", base64_of(one.intermediates)},
                                      {"crls", base64_of(one.lists)},
                                      {"policy_oids", std::move(policies)},
                                      {"explicit_policy", one.explicit_policy},
                                      {"inhibit_any_policy", one.inhibit_any_policy},
                                      {"inhibit_policy_mapping", one.inhibit_policy_mapping},
                                      {"check_revocation", one.check_revocation},
                                      {"certificate", to_base64(one.leaf)}});
}

OpensslQuestion question_of(const PathCase& one) {
  OpensslQuestion out{.anchors = one.anchors,
                      .intermediates = one.intermediates,
                      .lists = one.lists,
                      .leaf = one.leaf,
                      .check_revocation = one.check_revocation};
  for (const auto& policy : one.policies) out.policies.push_back(suite_policy_oid(policy));
  out.explicit_policy = one.explicit_policy;
  out.inhibit_any_policy = one.inhibit_any_policy;
  out.inhibit_policy_mapping = one.inhibit_policy_mapping;
  return out;
}

TEST(PathSuiteTest, EveryCaseHasItsResultAndNoneIsAcceptedByUsAlone) {
  const auto cases = path_suite_cases();
  std::map<std::string, int> counts;
  for (const auto& one : cases) {
    const auto verdict = judge_card_line(line_of(one));
    const auto reason = std::string(json::parse(verdict.line).as_object().at("reason").as_string());
    const std::string said = one.name + ": " + reason;
    EXPECT_EQ(verdict.accepted, one.valid && !one.refused_by_us) << said;
    if (!one.reason.empty()) {
      EXPECT_EQ(reason, one.reason) << one.name;
    }
    if (verdict.accepted && one.openssl_differs.empty()) {
      EXPECT_EQ(openssl_opinion(question_of(one)), "ok") << said;
    }
    ++counts[verdict.accepted ? "accepted" : one.valid ? "valid, refused" : "refused"];
  }
  EXPECT_GE(cases.size(), 300U);
  std::printf("cases %zu: accepted %d, refused %d, valid but refused for a documented reason %d\n",
              cases.size(), counts["accepted"], counts["refused"], counts["valid, refused"]);
}

// Many authorities of one name and many lists: each list costs a verification a key, and they are
// bounded, so that no case takes long.
TEST(PathSuiteTest, ListsAreVerifiedABoundedNumberOfTimes) {
  SuiteCases suite;
  auto& one = suite.valid("lists", {.certificates = {SuiteCases::leaf(SuiteCases::kRoot)}});
  for (const auto* key : {"second key", "third key"}) {
    auto root = SuiteCases::root();
    root.key = key;
    root.issuer_key = key;
    root.write_key_ids = false;
    one.anchors.push_back(suite.pki.certificate(root));
  }
  const auto said = [&](std::size_t lists) {
    one.lists.assign(lists, suite.pki.list(SuiteCases::list(SuiteCases::kRoot)));
    const auto verdict = json::parse(judge_card_line(line_of(one)).line).as_object();
    return std::string(verdict.at("reason").as_string());
  };
  static_assert(kListTriesMax / 3 < kAuthoritiesMax);
  EXPECT_EQ(said(kListTriesMax / 3), "ok");
  EXPECT_EQ(said(kListTriesMax / 3 + 1), "limit_exceeded");
}

TEST(PathSuiteTest, ReasonsForValidCasesAreTheDocumentedOnes) {
  std::map<std::string, int> reasons;
  for (const auto& one : path_suite_cases()) {
    if (one.refused_by_us) ++reasons[one.reason];
  }
  for (const auto& [reason, count] : reasons) {
    EXPECT_TRUE(reason == "policy_mapping_unsupported" || reason == "crl_signature" ||
                reason == "crl_malformed" || reason == "crl_delta" ||
                reason == "crl_number_missing" || reason == "crl_serial_twice" ||
                reason == "crl_indirect" || reason == "policy_required" ||
                reason == "key_identifier_missing" || reason == "card_extended_key_usage" ||
                reason == "card_is_trust_anchor")
        << reason << " " << count;
  }
}

}  // namespace
}  // namespace certrelay
