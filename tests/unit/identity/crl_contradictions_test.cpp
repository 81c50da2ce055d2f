// Goal: two lists of one issuer that contradict each other are believed in neither, in whatever
// order they come (RFC 5280 §5.2.3: numbers rise with time, and one number is one list).
#include <gtest/gtest.h>

#include <algorithm>

#include "relay/identity/path.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

using std::chrono::minutes;

class CrlContradictionsTest : public testing::TestWithParam<bool> {
 protected:
  // Number 10 + `step`, made `later` minutes after the others.
  Bytes list(unsigned step, int later, bool revoking = false) const {
    auto pki = pki_;
    pki.crl_spec.number = 10 + step;
    pki.crl_spec.this_update += minutes(later);
    if (revoking) {
      pki.crl_spec.entries.push_back(
          {serial_from(100), test_now(), RevocationReason::kUnspecified});
    }
    return pki.crl();
  }
  ErrorCode one_order(const std::vector<Bytes>& lists) const {
    const auto rules = GetParam() ? PathRules::for_jpki({{0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08,
                                                          0x05, 0x01, 0x03, 0x1E}})
                                  : PathRules::for_rfc5280();
    const auto store = TrustStore::load({{pki_.root().certificate_der()}, {}, lists}, rules);
    if (!store) return store.error().code;
    const auto card = pki_.card();
    return code_of(
        validate_path(store.value(), parse_certificate(card).value(), rules, test_now()));
  }
  // The verdict of every order, which is one.
  ErrorCode verdict(std::vector<Bytes> lists) const {
    std::sort(lists.begin(), lists.end());
    const auto first = one_order(lists);
    while (std::next_permutation(lists.begin(), lists.end())) {
      EXPECT_EQ(one_order(lists), first);
    }
    return first;
  }

  TestPki pki_;
};

TEST_P(CrlContradictionsTest, NumbersThatRiseWithTimeAreNone) {
  EXPECT_EQ(verdict({list(0, 0), list(1, 1)}), ErrorCode::kNone);
  EXPECT_EQ(verdict({list(0, 0), list(1, 0)}), ErrorCode::kNone);
  EXPECT_EQ(verdict({list(0, 0), list(0, 0)}), ErrorCode::kNone);  // the same file twice
  EXPECT_EQ(verdict({list(0, 0), list(1, 1, true)}), ErrorCode::kCardRevoked);
  EXPECT_EQ(verdict({list(0, 0, true), list(1, 1)}), ErrorCode::kNone);
}

TEST_P(CrlContradictionsTest, OneNumberIsOneList) {
  EXPECT_EQ(verdict({list(0, 0), list(0, 0, true)}), ErrorCode::kCrlRollBack);
  EXPECT_EQ(verdict({list(0, 0), list(0, 1)}), ErrorCode::kCrlRollBack);
  // Whatever a higher one says.
  EXPECT_EQ(verdict({list(0, 0), list(0, 0, true), list(2, 2)}), ErrorCode::kCrlRollBack);
}

TEST_P(CrlContradictionsTest, ALowerNumberIsNoLater) {
  EXPECT_EQ(verdict({list(0, 1, true), list(1, 0)}), ErrorCode::kCrlRollBack);
  EXPECT_EQ(verdict({list(0, 1), list(1, 0), list(2, 2)}), ErrorCode::kCrlRollBack);
}

TEST_P(CrlContradictionsTest, ListsOfAnotherKeyCountForThemselves) {
  auto second = pki_.root_spec;
  second.serial = serial_from(2);
  const auto root = PkiAuthority::self_signed(second, test_other_key()).value();
  const auto rules = PathRules::for_rfc5280();
  const auto store = TrustStore::load({{pki_.root().certificate_der(), root.certificate_der()},
                                       {},
                                       {list(0, 0, true), root.issue_crl(pki_.crl_spec).value()}},
                                      rules);
  ASSERT_TRUE(store.has_value());
  const auto card = pki_.card();
  EXPECT_EQ(
      code_of(validate_path(store.value(), parse_certificate(card).value(), rules, test_now())),
      ErrorCode::kCardRevoked);
}

INSTANTIATE_TEST_SUITE_P(Profiles, CrlContradictionsTest, testing::Bool(),
                         [](const auto& of) { return of.param ? "jpki" : "rfc5280"; });

}  // namespace
}  // namespace certrelay
