#include "firmware/kiosk/city/card_keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace certrelay {
namespace {

constexpr unsigned kThreadsMax = 8;
constexpr unsigned kExponent = 65537;
constexpr Error kFailed{ErrorCode::kInternal, "card key"};

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using Scratch = std::unique_ptr<BN_CTX, Free<BN_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

Number new_number() { return Number(BN_new()); }

Number prime_of(const PkiKey& key, const char* which) {
  BIGNUM* out = nullptr;
  if (EVP_PKEY_get_bn_param(key.handle(), which, &out) != 1) return nullptr;
  return Number(out);
}

// At least `count` primes of 1,024 bits, any two of which make a modulus of 2,048.
Result<std::vector<Number>> make_primes(std::size_t count) {
  std::vector<Number> primes((count + 1) / 2 * 2);
  for_each_in_parallel(primes.size() / 2, [&](std::size_t i) {
    const auto key = PkiKey::generate(PkiKeyKind::kRsa2048);
    if (!key) return;
    primes[2 * i] = prime_of(key.value(), OSSL_PKEY_PARAM_RSA_FACTOR1);
    primes[2 * i + 1] = prime_of(key.value(), OSSL_PKEY_PARAM_RSA_FACTOR2);
  });
  for (const auto& prime : primes) {
    if (prime == nullptr) return kFailed;
  }
  return primes;
}

struct RsaNumbers {
  Number n = new_number(), e = new_number(), d = new_number();
  Number dp = new_number(), dq = new_number(), q_inverse = new_number();
};

// RFC 8017 §3.2, second representation.
bool compute(const BIGNUM& p, const BIGNUM& q, RsaNumbers& out) {
  const Scratch scratch(BN_CTX_secure_new());
  const Number p1(BN_dup(&p));
  const Number q1(BN_dup(&q));
  const Number phi = new_number();
  return BN_sub_word(p1.get(), 1) == 1 && BN_sub_word(q1.get(), 1) == 1 &&
         BN_set_word(out.e.get(), kExponent) == 1 &&
         BN_mul(out.n.get(), &p, &q, scratch.get()) == 1 &&
         BN_mul(phi.get(), p1.get(), q1.get(), scratch.get()) == 1 &&
         BN_mod_inverse(out.d.get(), out.e.get(), phi.get(), scratch.get()) != nullptr &&
         BN_mod(out.dp.get(), out.d.get(), p1.get(), scratch.get()) == 1 &&
         BN_mod(out.dq.get(), out.d.get(), q1.get(), scratch.get()) == 1 &&
         BN_mod_inverse(out.q_inverse.get(), &q, &p, scratch.get()) != nullptr;
}

Key assemble(const BIGNUM& p, const BIGNUM& q) {
  RsaNumbers numbers;
  if (!compute(p, q, numbers)) return nullptr;
  const Builder builder(OSSL_PARAM_BLD_new());
  const auto push = [&](const char* name, const BIGNUM* value) {
    return OSSL_PARAM_BLD_push_BN(builder.get(), name, value) == 1;
  };
  if (!push(OSSL_PKEY_PARAM_RSA_N, numbers.n.get()) ||
      !push(OSSL_PKEY_PARAM_RSA_E, numbers.e.get()) ||
      !push(OSSL_PKEY_PARAM_RSA_D, numbers.d.get()) || !push(OSSL_PKEY_PARAM_RSA_FACTOR1, &p) ||
      !push(OSSL_PKEY_PARAM_RSA_FACTOR2, &q) ||
      !push(OSSL_PKEY_PARAM_RSA_EXPONENT1, numbers.dp.get()) ||
      !push(OSSL_PKEY_PARAM_RSA_EXPONENT2, numbers.dq.get()) ||
      !push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, numbers.q_inverse.get())) {
    return nullptr;
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

Result<PkiKey> card_key(const BIGNUM& p, const BIGNUM& q) {
  const Key key = assemble(p, q);
  const Bio bio(BIO_new(BIO_s_mem()));
  if (key == nullptr || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0,
                                                      nullptr, nullptr) != 1) {
    return kFailed;
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return PkiKey::from_pkcs8_pem({text, static_cast<std::size_t>(size)}, "");
}

}  // namespace

void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
  };
  std::vector<std::jthread> threads;
  const auto cores = std::clamp(std::thread::hardware_concurrency(), 1U, kThreadsMax);
  for (unsigned i = 1; i < cores; ++i) threads.emplace_back(run);
  run();
}

Result<std::vector<PkiKey>> make_card_keys(std::size_t count) {
  std::size_t needed = 2;
  while (needed * (needed - 1) / 2 < count) ++needed;
  CERTRELAY_TRY(const auto primes, make_primes(needed));
  std::vector<PkiKey> keys;
  for (std::size_t i = 0; i < needed && keys.size() < count; ++i) {
    for (std::size_t j = i + 1; j < needed && keys.size() < count; ++j) {
      CERTRELAY_TRY(auto key, card_key(*primes[i], *primes[j]));
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

}  // namespace certrelay
