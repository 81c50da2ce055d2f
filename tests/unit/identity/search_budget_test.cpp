// Goal: whatever comes with a certificate, judging it costs a bounded number of signatures, and
// copies cost nothing. Method: hostile input in growing numbers, measured by PathCost, not by time;
// each bound is met and passed by one.
#include <gtest/gtest.h>

#include "relay/identity/path.hpp"
#include "relay/identity/search_budget.hpp"
#include "tests/support/path_suite_cases.hpp"
#include "tests/support/test_ocsp.hpp"

namespace certrelay {
namespace {

struct Judged {
  ErrorCode code = ErrorCode::kNone;
  PathCost cost;
};

Judged judge(const TrustMaterial& material, const Bytes& leaf, bool check_revocation = true) {
  auto rules = PathRules::for_rfc5280();
  rules.check_revocation = check_revocation;
  const auto store = TrustStore::load(material, rules);
  if (!store) return {store.error().code, {}};
  const auto view = parse_certificate(leaf);
  if (!view) return {view.error().code, {}};
  Judged out;
  out.code = code_of(validate_path(store.value(), view.value(), rules, test_now(), &out.cost));
  return out;
}

Judged judge(const PathCase& one) {
  return judge({one.anchors, one.intermediates, one.lists, {}}, one.leaf, one.check_revocation);
}

void copy(std::vector<Bytes>& list) { list.assign(kAuthoritiesMax, list.at(0)); }

TEST(SearchBudgetTest, CopiesCostNothing) {
  SuiteCases suite;
  auto& one =
      suite.valid("copies", {.certificates = {SuiteCases::ca("CA"), SuiteCases::leaf("CA")}});
  EXPECT_EQ(judge(one).cost.certificates, 2U);
  copy(one.anchors);
  copy(one.intermediates);
  one.lists.resize(1);
  const auto judged = judge(one);
  EXPECT_EQ(judged.code, ErrorCode::kCardStatusUnknown);  // one list is missing now
  EXPECT_EQ(judged.cost.certificates, 2U);
}

// Roots of one key that differ in their serials alone: 512 of them are one signature.
TEST(SearchBudgetTest, CertificatesOfOneKeyAreOneSignature) {
  SuiteCases suite;
  auto& one = suite.invalid("one key", {.certificates = {SuiteCases::leaf(SuiteCases::kRoot)}});
  one.anchors.clear();
  while (one.anchors.size() < kAuthoritiesMax) {
    auto root = SuiteCases::root();
    root.not_after = suite_utc("260101000000Z");  // no path is good: all are tried
    one.anchors.push_back(suite.pki.certificate(root));
  }
  const auto judged = judge(one);
  EXPECT_EQ(judged.code, ErrorCode::kIssuerExpired);
  EXPECT_EQ(judged.cost.certificates, 1U);
}

// Authorities of the leaf's issuer's name, each with a key of its own and no key identifier.
TEST(SearchBudgetTest, CertificatesOnTheWayAreTriedSoManyTimes) {
  SuiteCases suite;
  auto leaf = SuiteCases::leaf("CA");
  leaf.write_key_ids = false;
  auto& one = suite.invalid("keys", {.certificates = {SuiteCases::ca("CA"), leaf}});
  one.check_revocation = false;
  one.intermediates.clear();
  while (one.intermediates.size() < kSignatureTriesMax) {
    auto other = SuiteCases::ca("CA");
    other.key = "other " + std::to_string(one.intermediates.size());
    other.write_key_ids = false;
    one.intermediates.push_back(suite.pki.certificate(other));
  }
  auto judged = judge(one);
  EXPECT_EQ(judged.code, ErrorCode::kCertificateSignature);
  EXPECT_EQ(judged.cost.certificates, kSignatureTriesMax);
  auto right = SuiteCases::ca("CA");
  right.write_key_ids = false;
  one.intermediates.push_back(suite.pki.certificate(right));
  judged = judge(one);
  EXPECT_NE(judged.code, ErrorCode::kNone);
  EXPECT_EQ(judged.cost.certificates, kSignatureTriesMax);
}

// Keys for lists of the issuer's name, all certified by the root: each costs one signature.
Judged with_list_signers(std::size_t signers) {
  SuiteCases suite;
  SuitePath path{.certificates = {SuiteCases::ca("CA"), SuiteCases::leaf("CA")}};
  for (std::size_t i = 0; i < signers; ++i) {
    auto signer = SuiteCases::ca("CA");
    signer.key = "for lists " + std::to_string(i);
    signer.key_usage = 0x02;
    signer.is_authority = false;
    path.besides.push_back(signer);
    path.lists.push_back({.issuer = "CA", .key = signer.key});
  }
  path.lists.push_back({.issuer = "CA"});
  return judge(suite.valid("signers", path));
}

TEST(SearchBudgetTest, KeysForListsAreTriedSoManyTimes) {
  auto judged = with_list_signers(kSignerTriesMax);
  EXPECT_EQ(judged.code, ErrorCode::kNone);
  EXPECT_EQ(judged.cost.list_signers, kSignerTriesMax);
  judged = with_list_signers(kSignerTriesMax + 1);
  EXPECT_EQ(judged.code, ErrorCode::kPathTooLong);
  EXPECT_EQ(judged.cost.list_signers, kSignerTriesMax);
  judged = with_list_signers(kAuthoritiesMax - 2);
  EXPECT_EQ(judged.code, ErrorCode::kPathTooLong);
  EXPECT_EQ(judged.cost.list_signers, kSignerTriesMax);
  EXPECT_LE(judged.cost.certificates, kSignatureTriesMax);
}

// The same keys for lists on many paths at once: what was found of one is remembered.
TEST(SearchBudgetTest, KeysForListsAreTriedOnceForAllPaths) {
  SuiteCases suite;
  SuitePath path{.certificates = {SuiteCases::ca("CA"), SuiteCases::leaf("CA")}};
  for (int i = 0; i < 20; ++i) {
    auto signer = SuiteCases::ca("CA");
    signer.key = "for lists " + std::to_string(i);
    signer.key_usage = 0x02;
    signer.is_authority = false;
    path.besides.push_back(signer);
    path.lists.push_back({.issuer = "CA", .key = signer.key});
  }
  path.lists.push_back({.issuer = "CA", .next_update = suite_utc("261122095959Z")});
  auto& one = suite.invalid("paths", path);
  for (int i = 0; i < 30; ++i) one.anchors.push_back(suite.pki.certificate(SuiteCases::root()));
  for (int i = 0; i < 30; ++i)
    one.intermediates.push_back(suite.pki.certificate(SuiteCases::ca("CA")));
  const auto judged = judge(one);
  EXPECT_EQ(judged.code, ErrorCode::kCrlExpired);
  EXPECT_LE(judged.cost.list_signers, 20U);
  EXPECT_LE(judged.cost.certificates, kSignatureTriesMax);
}

Judged with_answers(std::size_t answers, bool copies) {
  const TestPki pki;
  const auto root = pki.root();
  const auto card = pki.card();
  TrustMaterial material{.anchors_der = {root.certificate_der()}};
  for (std::size_t i = 0; i < answers; ++i) {
    OcspSpec spec{.certificate = card};
    spec.write_certificate = false;
    if (!copies) spec.this_update -= std::chrono::seconds(i);
    material.ocsp_der.push_back(ocsp_answer(spec, root, root));
  }
  return judge(material, card);
}

TEST(SearchBudgetTest, AnswersAreVerifiedSoManyTimes) {
  auto judged = with_answers(kAnswerTriesMax, false);
  EXPECT_EQ(judged.code, ErrorCode::kNone);
  EXPECT_EQ(judged.cost.answers, kAnswerTriesMax);
  judged = with_answers(kAnswerTriesMax + 1, false);
  EXPECT_EQ(judged.code, ErrorCode::kPathTooLong);
  EXPECT_EQ(judged.cost.answers, kAnswerTriesMax);
  judged = with_answers(kAuthoritiesMax, true);
  EXPECT_EQ(judged.code, ErrorCode::kNone);
  EXPECT_EQ(judged.cost.answers, 1U);
}

// Authorities that all certify each other, and none of them leads to a root: every order of them is
// a path, and only so many are walked.
TEST(SearchBudgetTest, ACircleOfMany) {
  SuiteCases suite;
  auto& one =
      suite.invalid("circle", {.certificates = {SuiteCases::ca("0"), SuiteCases::leaf("0")}});
  one.check_revocation = false;
  one.intermediates.clear();
  constexpr int kAround = 8;
  for (int i = 0; i < kAround; ++i) {
    for (int j = 0; j < kAround; ++j) {
      if (i == j) continue;
      one.intermediates.push_back(
          suite.pki.certificate(SuiteCases::ca(std::to_string(i), std::to_string(j))));
    }
  }
  const auto judged = judge(one);
  EXPECT_EQ(judged.code, ErrorCode::kPathTooLong);
  EXPECT_LE(judged.cost.certificates, kSignatureTriesMax);
}

// As many certificates between leaf and root as are followed, and one more.
TEST(SearchBudgetTest, PathsAreFollowedSoFar) {
  for (const std::size_t length : {kPathMax, kPathMax + 1}) {
    SuiteCases suite;
    SuitePath path;
    std::string issuer = SuiteCases::kRoot;
    for (std::size_t i = 0; i < length; ++i) {
      path.certificates.push_back(SuiteCases::ca("Step " + std::to_string(i), issuer));
      issuer = path.certificates.back().subject;
    }
    path.certificates.push_back(SuiteCases::leaf(issuer));
    EXPECT_EQ(judge(suite.valid("long", path)).code,
              length == kPathMax ? ErrorCode::kNone : ErrorCode::kPathTooLong);
  }
}

// A certificate with many points and a list for many places: names are compared a bounded number
// of times.
TEST(SearchBudgetTest, NamesOfPointsAreComparedSoManyTimes) {
  SuiteCases suite;
  const auto names = [](char first, std::size_t count) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string text = first + std::to_string(i);
      out.push_back(der_of(0x86, {Bytes(text.begin(), text.end())}));
    }
    return der_of(0xA0, {der_of(0xA0, out)});
  };
  std::vector<Bytes> points;
  for (std::size_t i = 0; i < kDistributionPointsMax; ++i) {
    points.push_back(der_of(0x30, {names('a', kPointNamesMax)}));
  }
  const auto said = [&](std::size_t lists) {
    SuitePath path{.certificates = {SuiteCases::ca("CA"), SuiteCases::leaf("CA")}};
    path.certificates.back().more = {{"2.5.29.31", false, der_of(0x30, points)}};
    for (std::size_t i = 0; i < lists; ++i) {
      path.lists.push_back(SuiteCases::list("CA"));
      path.lists.back().more = {
          {"2.5.29.28", true, der_of(0x30, {names(static_cast<char>('b' + i), kPointNamesMax)})}};
    }
    return judge(suite.invalid("points", path)).code;
  };
  constexpr auto kOne = kDistributionPointsMax * kPointNamesMax * kPointNamesMax + 1;
  constexpr auto kLists = kStatusStepsMax / kOne;
  EXPECT_EQ(said(kLists), ErrorCode::kCrlScope);
  EXPECT_EQ(said(kLists + 1), ErrorCode::kPathTooLong);
}

}  // namespace
}  // namespace certrelay
