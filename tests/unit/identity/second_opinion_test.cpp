// Goal: no mutant of a card or a list is accepted by our path and refused by OpenSSL's full
// validation. Method: every byte of the signed part is changed in three ways and every TLV is
// dropped or doubled; the mutant is signed again by the root, so that its content is judged, and
// judged once more with the stale signature, which must never pass.
#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <functional>

#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

template <auto F>
struct With {
  template <class T>
  void operator()(T* object) const {
    F(object);
  }
};
using Certificate = std::unique_ptr<X509, With<X509_free>>;
using List = std::unique_ptr<X509_CRL, With<X509_CRL_free>>;

Certificate read_certificate(ByteView der) {
  const auto* at = der.data();
  Certificate read(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return at == der.data() + der.size() ? std::move(read) : nullptr;
}

// OpenSSL's whole path: chain, dates, policy, list. Its fault in words, "ok" for none.
std::string openssl_says(ByteView root_der, ByteView crl_der, ByteView card_der) {
  const auto root = read_certificate(root_der);
  const auto card = read_certificate(card_der);
  const auto* at = crl_der.data();
  const List crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(crl_der.size())));
  if (!root || !card || !crl) return "unreadable";
  const std::unique_ptr<X509_STORE, With<X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  X509_STORE_add_crl(store.get(), crl.get());
  const std::unique_ptr<X509_STORE_CTX, With<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), card.get(), nullptr);
  auto* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(
      param,
      std::chrono::duration_cast<std::chrono::seconds>(test_now().time_since_epoch()).count());
  X509_VERIFY_PARAM_set_flags(
      param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_EXPLICIT_POLICY);
  X509_VERIFY_PARAM_add0_policy(param, OBJ_txt2obj(kJpkiAuthenticationPolicy, 1));
  if (X509_verify_cert(context.get()) == 1) return "ok";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

struct Opinions {
  std::size_t mutants = 0;
  std::size_t accepted_by_both = 0;
};

class SecondOpinionTest : public testing::Test {
 protected:
  bool we_accept(ByteView crl, ByteView card) const {
    CardConfig config;
    config.roots = {root_};
    config.crls = {Bytes(crl.begin(), crl.end())};
    const auto verifier = CardVerifier::load(config);
    return verifier &&
           verifier.value()
               ->verify(card, as_bytes("p"), signature_, CardAlgorithm::kRsaPkcs1Sha256, test_now())
               .has_value();
  }
  void judge(ByteView crl, ByteView card, Opinions& opinions) const {
    ++opinions.mutants;
    if (!we_accept(crl, card)) return;
    EXPECT_EQ(openssl_says(root_, crl, card), "ok") << to_hex(card) << "\n" << to_hex(crl);
    ++opinions.accepted_by_both;
  }

  TestPki pki_;
  Bytes root_ = pki_.root().certificate_der();
  Bytes crl_ = pki_.crl();
  Bytes card_ = pki_.card();
  Bytes signature_ = test_card_key().sign(as_bytes("p")).value();
};

using UseBytes = std::function<void(const Bytes&)>;

// Calls `use` with every variant of `value` in which one TLV at any depth is dropped or doubled.
void each_restructured(const Bytes& value, const UseBytes& use) {
  if (value.empty() || (value[0] & 0x20) == 0) return;
  const auto parts = parts_of(value);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto fewer = parts;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    use(der_of(value[0], fewer));
    auto more = parts;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), parts[i]);
    use(der_of(value[0], more));
    each_restructured(parts[i], [&](const Bytes& changed) {
      auto other = parts;
      other[i] = changed;
      use(der_of(value[0], other));
    });
  }
}

void each_mutant(const Bytes& tbs, const UseBytes& use) {
  for (std::size_t i = 0; i < tbs.size(); ++i) {
    for (const std::uint8_t mask : std::array<std::uint8_t, 3>{0x01, 0x80, 0x20}) {
      auto mutant = tbs;
      mutant[i] ^= mask;
      use(mutant);
    }
  }
  each_restructured(tbs, use);
}

TEST_F(SecondOpinionTest, TheGoodCardIsAcceptedByBoth) {
  EXPECT_TRUE(we_accept(crl_, card_));
  EXPECT_EQ(openssl_says(root_, crl_, card_), "ok");
}

TEST_F(SecondOpinionTest, NoMutantOfACardIsAcceptedByOursAlone) {
  Opinions opinions;
  each_mutant(tbs_of(card_),
              [&](const Bytes& tbs) { judge(crl_, sign_again(tbs, test_root_key()), opinions); });
  EXPECT_GT(opinions.mutants, 1500U);
  EXPECT_GT(opinions.accepted_by_both, 0U);  // another serial or name: equal in meaning
}

TEST_F(SecondOpinionTest, NoMutantOfAListIsAcceptedByOursAlone) {
  Opinions opinions;
  each_mutant(tbs_of(crl_),
              [&](const Bytes& tbs) { judge(sign_again(tbs, test_root_key()), card_, opinions); });
  EXPECT_GT(opinions.mutants, 600U);
}

TEST_F(SecondOpinionTest, NoMutantOfARevokingListFreesTheCardForUsAlone) {
  pki_.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kCertificateHold}};
  Opinions opinions;
  each_mutant(tbs_of(pki_.crl()),
              [&](const Bytes& tbs) { judge(sign_again(tbs, test_root_key()), card_, opinions); });
  EXPECT_GT(opinions.mutants, 600U);
}

TEST_F(SecondOpinionTest, NoByteOfTheWholeFilesMayChangeUnderTheOldSignature) {
  for (std::size_t i = 0; i < card_.size(); ++i) {
    auto mutant = card_;
    mutant[i] ^= 0x01;
    EXPECT_FALSE(we_accept(crl_, mutant)) << i;
  }
  for (std::size_t i = 0; i < crl_.size(); ++i) {
    auto mutant = crl_;
    mutant[i] ^= 0x01;
    EXPECT_FALSE(we_accept(mutant, card_)) << i;
  }
}

}  // namespace
}  // namespace certrelay
