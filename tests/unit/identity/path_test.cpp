// The RFC 5280 profile of the same code path: intermediates, constraints, policies.
#include "relay/identity/path.hpp"

#include <gtest/gtest.h>

#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// root -> middle -> leaf, each spec changeable; no revocation unless a test asks.
struct Chain {
  CertificateSpec root = jpki_root_spec(serial_from(1), test_validity());
  CertificateSpec middle = role_authority_spec("Middle", serial_from(2), test_validity());
  CertificateSpec leaf =
      tls_client_spec("leaf", "DNS:leaf.example", serial_from(3), test_validity());
  PathRules rules = PathRules::for_rfc5280();
  std::vector<Bytes> crls;
  bool with_middle = true;

  Chain() { rules.check_revocation = false; }
  PkiAuthority root_ca() const { return PkiAuthority::self_signed(root, test_root_key()).value(); }
  PkiAuthority middle_ca() const {
    return root_ca().issue_authority(middle, test_other_key()).value();
  }
  ErrorCode code() const {
    const auto der = middle_ca().issue(leaf, test_card_key()).value();
    TrustMaterial material{{root_ca().certificate_der()}, {}, crls};
    if (with_middle) material.intermediates_der = {middle_ca().certificate_der()};
    const auto store = TrustStore::load(material, rules);
    if (!store) return store.error().code;
    return code_of(validate_path(store.value(), parse_certificate(der).value(), rules, test_now()));
  }
};

TEST(PathTest, FindsThePathThroughAnIntermediate) {
  Chain chain;
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
  chain.with_middle = false;
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerUnknown);
}

TEST(PathTest, TheJpkiProfileNeverUsesGivenIntermediates) {
  Chain chain;
  chain.rules = PathRules::for_jpki({});
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerUnknown);
}

TEST(PathTest, AnIntermediateMustBeAnAuthorityThatMaySignCertificates) {
  Chain chain;
  chain.middle.is_authority = false;
  chain.middle.path_length.reset();
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerNotAuthority);
  chain.middle.write_basic_constraints = false;
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerNotAuthority);
  chain = Chain();
  chain.middle.key_usage = "digitalSignature,cRLSign";
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerKeyUsage);
  chain.middle.key_usage = "";
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
}

TEST(PathTest, PathLengthConstraintsHold) {
  Chain chain;
  chain.root.path_length = 0;
  EXPECT_EQ(chain.code(), ErrorCode::kPathTooLong);
  chain.root.path_length = 1;
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
}

TEST(PathTest, IntermediatesHaveDatesToo) {
  Chain chain;
  chain.middle.not_after = test_now() - seconds(1);
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerExpired);
  chain = Chain();
  chain.middle.not_before = test_now() + seconds(1);
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerNotYetValid);
}

TEST(PathTest, ConstraintsThatAreNotImplementedRefuseTheWholePath) {
  Chain chain;
  chain.middle.more = {{"2.5.29.33", true, {0x30, 0x00}}};
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyMappingUnsupported);
  chain.middle.more = {{"2.5.29.30", true, {0x30, 0x00}}};
  EXPECT_EQ(chain.code(), ErrorCode::kNameConstraintsUnsupported);
  chain.middle.more.clear();
  chain.root.more = {{"2.5.29.30", true, {0x30, 0x00}}};
  EXPECT_EQ(chain.code(), ErrorCode::kNameConstraintsUnsupported);
}

TEST(PathTest, ExplicitPolicyNeedsOneThatEveryCertificateHas) {
  Chain chain;
  chain.rules.explicit_policy = true;
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyRequired);  // none at all
  chain.middle.policies = "1.2.3.1";
  chain.leaf.policies = "1.2.3.1";
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
  chain.leaf.policies = "1.2.3.2";
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyRequired);
  chain.rules.explicit_policy = false;
  EXPECT_EQ(chain.code(), ErrorCode::kNone);  // an empty tree is no fault then
}

TEST(PathTest, TheAcceptedPoliciesCountWhenOneIsRequired) {
  Chain chain;
  chain.rules.explicit_policy = true;
  chain.middle.policies = "1.2.3.1";
  chain.leaf.policies = "1.2.3.1";
  chain.rules.policies = {{0x2A, 0x03, 0x02}};  // 1.2.3.2
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyRequired);
  chain.rules.policies = {{0x2A, 0x03, 0x01}};
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
}

TEST(PathTest, AnyPolicyCountsUnlessInhibited) {
  Chain chain;
  chain.rules.explicit_policy = true;
  chain.middle.policies = "2.5.29.32.0";
  chain.leaf.policies = "1.2.3.1";
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
  chain.rules.inhibit_any_policy = true;
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyRequired);
  chain.rules.inhibit_any_policy = false;
  chain.middle.policies = "1.2.3.1";
  chain.leaf.policies = "2.5.29.32.0";
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
  chain.middle.more = {{"2.5.29.54", true, {0x02, 0x01, 0x00}}};  // inhibitAnyPolicy 0
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyRequired);
}

TEST(PathTest, AnIntermediateCanRequireAPolicy) {
  Chain chain;
  chain.middle.policies = "1.2.3.1";
  chain.leaf.policies = "1.2.3.2";
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
  chain.middle.more = {{"2.5.29.36", true, {0x30, 0x03, 0x80, 0x01, 0x00}}};
  EXPECT_EQ(chain.code(), ErrorCode::kPolicyRequired);
}

TEST(PathTest, EveryCertificatesStatusIsAsked) {
  Chain chain;
  chain.rules.check_revocation = true;
  const auto list = [](std::vector<RevokedEntry> entries) {
    return CrlSpec{3, test_now() - hours(1), test_now() + hours(1), std::move(entries), {}};
  };
  const auto of_root = chain.root_ca().issue_crl(list({})).value();
  const auto of_middle = chain.middle_ca().issue_crl(list({})).value();
  chain.crls = {of_root, of_middle};
  EXPECT_EQ(chain.code(), ErrorCode::kNone);
  chain.crls = {of_root};
  EXPECT_EQ(chain.code(), ErrorCode::kCardStatusUnknown);
  chain.crls = {of_middle};
  EXPECT_EQ(chain.code(), ErrorCode::kCardStatusUnknown);
  chain.crls = {of_root, sign_again(tbs_of(of_middle), test_root_key())};
  EXPECT_EQ(chain.code(), ErrorCode::kCrlSignature);
  chain.crls = {chain.root_ca().issue_crl(list({{serial_from(2), test_now(), {}}})).value(),
                of_middle};
  EXPECT_EQ(chain.code(), ErrorCode::kIssuerRevoked);
  chain.crls = {of_root, Bytes{0x30, 0x00}};
  EXPECT_EQ(chain.code(), ErrorCode::kCrlMalformed);
}

TEST(PathTest, ASignatureOfAnotherKeyEndsThePath) {
  Chain chain;
  const auto leaf = sign_again(tbs_of(chain.middle_ca().issue(chain.leaf, test_card_key()).value()),
                               test_card_key());
  const auto store =
      TrustStore::load(
          {{chain.root_ca().certificate_der()}, {chain.middle_ca().certificate_der()}, {}},
          chain.rules)
          .value();
  EXPECT_EQ(code_of(validate_path(store, parse_certificate(leaf).value(), chain.rules, test_now())),
            ErrorCode::kCertificateSignature);
}

Bytes name_of(std::uint8_t tag, std::string_view text) {
  const Bytes value(text.begin(), text.end());
  return der_of(
      0x30, {der_of(0x31, {der_of(0x30, {{0x06, 0x03, 0x55, 0x04, 0x03}, der_of(tag, {value})})})});
}

TEST(NameMatchTest, CaseAndSpaceCountInJpkiOnly) {
  const auto printable = name_of(0x13, "Example CA");
  const auto utf8 = name_of(0x0C, " example   ca ");
  EXPECT_TRUE(names_match(printable, utf8, NameMatching::kRfc5280));
  EXPECT_FALSE(names_match(printable, utf8, NameMatching::kExact));
  EXPECT_TRUE(names_match(utf8, utf8, NameMatching::kExact));
  EXPECT_FALSE(names_match(printable, name_of(0x13, "ExampleCA"), NameMatching::kRfc5280));
  // A T61String is compared as bytes.
  EXPECT_FALSE(names_match(printable, name_of(0x14, "Example CA"), NameMatching::kRfc5280));
}

TEST(NameMatchTest, MoreOrFewerPartsDoNotMatch) {
  const auto one = name_of(0x13, "a");
  const auto content = ByteView(one).subspan(2);
  const Bytes part(content.begin(), content.end());
  EXPECT_FALSE(names_match(one, der_of(0x30, {part, part}), NameMatching::kRfc5280));
  EXPECT_FALSE(names_match(one, der_of(0x30, {}), NameMatching::kRfc5280));
  EXPECT_FALSE(names_match(one, {}, NameMatching::kRfc5280));
}

}  // namespace
}  // namespace certrelay
