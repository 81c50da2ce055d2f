// Goal: which policies and algorithms are accepted is the site's choice, per purpose and
// generation, out of a closed list; a bad choice is named and refused before anything is verified.
#include "relay/identity/card_purposes.hpp"

#include <gtest/gtest.h>

#include "relay/identity/current_cards.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

constexpr auto kToday = CardAlgorithm::kRsaPkcs1Sha256;
constexpr auto kNext = CardAlgorithm::kEcdsaP384Sha384;
constexpr auto* kNextPolicy = "1.2.392.200149.8.5.1.3.31";

GenerationChoice one_generation(const std::string& policy, CardAlgorithm algorithm) {
  GenerationChoice out;
  out.policies = {policy};
  out.algorithms = {algorithm};
  return out;
}

PurposeChoices two_generations() {
  PurposeChoices out;
  out.authentication = {one_generation(std::string(kDefaultCardPolicy), kToday),
                        one_generation(kNextPolicy, kNext)};
  return out;
}

// "purpose index key", or "" for a good choice.
std::string fault_text(const PurposeChoices& choices) {
  const auto found = fault_of(choices);
  EXPECT_EQ(rules_of(choices).has_value(), !found);
  if (!found) return "";
  EXPECT_GT(found->mend.size(), 10U);
  return std::string(found->signing ? "signing " : "authentication ") +
         std::to_string(found->index) + " " + std::string(found->key);
}

TEST(CardPurposesTest, TheDefaultsAreEveryCardOfToday) {
  const PurposeChoices defaults;
  EXPECT_EQ(fault_text(defaults), "");
  const auto rules = rules_of(defaults).value();
  EXPECT_TRUE(rules.keys.rsa);
  EXPECT_TRUE(rules.keys.p384);
  EXPECT_FALSE(rules.keys.p256);
  EXPECT_FALSE(rules.keys.other_digests);
  EXPECT_EQ(rules.keys.rsa_bits_min, 2048U);
  EXPECT_EQ(rules.keys.rsa_bits_max, 2048U);
  EXPECT_EQ(rules.keys.rsa_exponent_max, std::uint64_t{1} << 32);
  EXPECT_EQ(rules.policies.size(), 1U);
  EXPECT_EQ(rules.other_purpose_policies.size(), 1U);
}

TEST(CardPurposesTest, AFaultIsNamedByItsPlace) {
  auto choices = two_generations();
  EXPECT_EQ(fault_text(choices), "");
  choices.authentication[1].policies = {};
  EXPECT_EQ(fault_text(choices), "authentication 1 policies");
  for (const auto* bad : {"", "1", "3.1", "1.40", "1.2.", "1..2", "1.02", "x", "2.5.29.32.0",
                          "1.2.392.200149.8.5.1.1.10", " 1.2.3"}) {
    choices = two_generations();
    choices.authentication[0].policies = {"1.2.3", bad};
    EXPECT_EQ(fault_text(choices), "authentication 0 policies") << bad;
  }
  choices = two_generations();
  choices.authentication[0].policies = {"1.2.3", "1.2.3"};
  EXPECT_EQ(fault_text(choices), "authentication 0 policies");
  choices = two_generations();
  choices.authentication[1].algorithms = {};
  EXPECT_EQ(fault_text(choices), "authentication 1 algorithms");
  choices.authentication[1].algorithms = {kNext, kNext};
  EXPECT_EQ(fault_text(choices), "authentication 1 algorithms");
  choices = two_generations();
  choices.signing = {{{"1.2.3"}}, {{"2.5.29.32.0"}}};
  EXPECT_EQ(fault_text(choices), "signing 1 policies");
}

TEST(CardPurposesTest, ExponentsAreBounded) {
  PurposeChoices choices;
  auto& max = choices.authentication[0].rsa_exponent_max;
  for (const auto& [bound, good] : {std::pair<std::uint64_t, bool>{65'536, false},
                                    {65'537, true},
                                    {4'294'967'296, true},
                                    {4'294'967'297, false},
                                    {0, false}}) {
    max = bound;
    EXPECT_EQ(fault_text(choices), good ? "" : "authentication 0 rsa_exponent_max") << bound;
  }
  max = 65'537;
  choices.authentication[0].algorithms = {kNext};
  EXPECT_EQ(fault_text(choices), "authentication 0 rsa_exponent_max");  // no RSA to bound
}

TEST(CardPurposesTest, SoManyGenerationsAndPoliciesAndNoMore) {
  PurposeChoices choices;
  auto& all = choices.authentication;
  all.assign(kCardGenerationsMax, GenerationChoice{});
  EXPECT_EQ(fault_text(choices), "");
  all.emplace_back();
  EXPECT_EQ(fault_text(choices), "authentication 0 ");
  all.clear();
  EXPECT_EQ(fault_text(choices), "authentication 0 ");
  choices = {};
  choices.signing.assign(kCardGenerationsMax, SigningChoice{});
  EXPECT_EQ(fault_text(choices), "");
  choices.signing.emplace_back();
  EXPECT_EQ(fault_text(choices), "signing 0 ");
  choices = {};
  auto& policies = choices.authentication[0].policies;
  policies.clear();
  for (std::size_t i = 0; i < kCardPoliciesMax; ++i) policies.push_back("1.2." + std::to_string(i));
  EXPECT_EQ(fault_text(choices), "");
  policies.emplace_back("1.3");
  EXPECT_EQ(fault_text(choices), "authentication 0 policies");
}

// What cards a choice lets in.

struct Trust {
  TestPki pki;
  PurposeChoices choices;

  ErrorCode load() const {
    auto config = pki.config();
    config.purposes = choices;
    return code_of(CardVerifier::load(config));
  }
  // Of a card with that policy and key.
  ErrorCode verdict(const std::string& policy, CardAlgorithm algorithm) const {
    auto config = pki.config();
    config.purposes = choices;
    const auto verifier = CardVerifier::load(config);
    if (!verifier) return verifier.error().code;
    auto spec = pki.card_spec;
    spec.policies = policy;
    const auto& key = algorithm == kToday ? test_card_key() : test_p384_key();
    const auto payload = as_bytes("payload");
    return code_of(verifier.value()->verify(pki.root().issue(spec, key).value(), payload,
                                            key.sign(payload).value(), algorithm, test_now()));
  }
};

TEST(CardPurposesTest, APolicyAndAnAlgorithmOfDifferentGenerations) {
  Trust trust;
  const std::string today(kDefaultCardPolicy);
  EXPECT_EQ(trust.verdict(today, kToday), ErrorCode::kNone);
  EXPECT_EQ(trust.verdict(today, kNext), ErrorCode::kNone);
  // The root of this test is RSA: what it signs is of the first generation, whoever's key it is.
  trust.choices = two_generations();
  EXPECT_EQ(trust.verdict(today, kToday), ErrorCode::kNone);
  EXPECT_EQ(trust.verdict(today, kNext), ErrorCode::kCardGeneration);
  EXPECT_EQ(trust.verdict(kNextPolicy, kToday), ErrorCode::kCardGeneration);
  EXPECT_EQ(trust.verdict(kNextPolicy, kNext), ErrorCode::kCardGeneration);
  EXPECT_EQ(trust.verdict("1.2.3", kToday), ErrorCode::kCardPolicyNotAccepted);
  EXPECT_EQ(trust.verdict(std::string(kSigningCardPolicy), kToday), ErrorCode::kCardOfOtherPurpose);
}

TEST(CardPurposesTest, TheNextGenerationUnderItsOwnRoot) {
  Trust trust;
  trust.choices = two_generations();
  auto config = trust.pki.config();
  config.purposes = trust.choices;
  auto root_spec = trust.pki.root_spec;
  root_spec.serial = serial_from(2);
  const auto root = PkiAuthority::self_signed(root_spec, test_p384_key()).value();
  config.roots.push_back(root.certificate_der());
  config.crls.push_back(root.issue_crl(trust.pki.crl_spec).value());
  const auto verifier = CardVerifier::load(config).value();
  const auto said = [&](const std::string& policy, const PkiKey& key, CardAlgorithm algorithm) {
    auto spec = trust.pki.card_spec;
    spec.policies = policy;
    const auto payload = as_bytes("payload");
    return code_of(verifier->verify(root.issue(spec, key).value(), payload,
                                    key.sign(payload).value(), algorithm, test_now()));
  };
  EXPECT_EQ(said(kNextPolicy, test_p384_key(), kNext), ErrorCode::kNone);
  EXPECT_EQ(said(kNextPolicy, test_card_key(), kToday), ErrorCode::kCardGeneration);
  EXPECT_EQ(said(std::string(kDefaultCardPolicy), test_card_key(), kToday),
            ErrorCode::kCardGeneration);
}

TEST(CardPurposesTest, AnAlgorithmThatWasNotChosenIsNowhereAccepted) {
  Trust trust;
  trust.choices.authentication[0].algorithms = {kNext};
  EXPECT_EQ(trust.load(), ErrorCode::kTrustAnchorInvalid);  // the root is RSA
  trust.choices.authentication[0].algorithms = {kToday};
  EXPECT_EQ(trust.load(), ErrorCode::kNone);
  EXPECT_EQ(trust.verdict(std::string(kDefaultCardPolicy), kNext),
            ErrorCode::kPublicKeyUnsupported);
}

TEST(CardPurposesTest, ABadChoiceLoadsNothing) {
  Trust trust;
  trust.choices.authentication[0].policies = {std::string(kSigningCardPolicy)};
  EXPECT_EQ(trust.load(), ErrorCode::kMalformed);
  trust.choices = {};
  trust.choices.signing_roots = {Bytes{0x30, 0x00}};
  EXPECT_EQ(trust.load(), ErrorCode::kTrustAnchorInvalid);
}

TEST(CardPurposesTest, ARootOfSigningCertificatesIsKnownByItsFileAndNeverPinned) {
  Trust trust;
  TestPki signing;
  signing.root_spec.subject.back().second = "Another Agency";
  auto config = trust.pki.config();
  const auto said = [&] { return code_of(CardVerifier::load(config)); };
  const auto card_said = [&] {
    const auto payload = as_bytes("payload");
    return code_of(CardVerifier::load(config).value()->verify(
        signing.card(), payload, test_card_key().sign(payload).value(), kToday, test_now()));
  };
  EXPECT_EQ(card_said(), ErrorCode::kIssuerUnknown);
  config.purposes.signing_roots = {signing.root().certificate_der()};
  EXPECT_EQ(card_said(), ErrorCode::kIssuerOfOtherPurpose);
  config.roots.push_back(signing.root().certificate_der());
  EXPECT_EQ(said(), ErrorCode::kTrustAnchorInvalid);
}

}  // namespace
}  // namespace certrelay
