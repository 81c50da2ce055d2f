#include "relay/identity/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <bit>
#include <optional>

#include "protocol/base/names.hpp"
#include "relay/identity/der.hpp"
#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

using namespace std::string_view_literals;

// Whole AlgorithmIdentifiers: RSA with the NULL that RFC 4055 §5 demands, ECDSA without parameters
// (RFC 5758 §3.2). Any other spelling is refused.
constexpr Names<SignatureAlgorithm, 5> kAlgorithms{{
    {SignatureAlgorithm::kRsaSha256,
     "\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B\x05\x00"sv},
    {SignatureAlgorithm::kRsaSha384,
     "\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C\x05\x00"sv},
    {SignatureAlgorithm::kRsaSha512,
     "\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D\x05\x00"sv},
    {SignatureAlgorithm::kEcdsaSha256, "\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02"sv},
    {SignatureAlgorithm::kEcdsaSha384, "\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x03"sv},
}};

template <auto F>
struct With {
  template <class T>
  void operator()(T* object) const {
    F(object);
  }
};
using Context = std::unique_ptr<EVP_PKEY_CTX, With<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, With<EVP_MD_CTX_free>>;

const EVP_MD* digest_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kRsaSha384:
    case SignatureAlgorithm::kEcdsaSha384:
      return EVP_sha384();
    case SignatureAlgorithm::kRsaSha512:
      return EVP_sha512();
    default:
      return EVP_sha256();
  }
}

EVP_PKEY* key_from(const char* type, OSSL_PARAM* params) {
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
    return nullptr;
  }
  return key;
}

struct RsaNumbers {
  ByteView modulus;  // without leading zeros
  std::uint64_t exponent = 0;
};

struct CurvePoint {
  bool p384 = true;
  ByteView octets;  // uncompressed
};

// A SubjectPublicKeyInfo that was read; one of the two.
struct KeyParts {
  std::optional<RsaNumbers> rsa;
  std::optional<CurvePoint> point;
};

Result<RsaNumbers> read_rsa(ByteView key_bits, const KeyRules& rules) {
  constexpr auto kBounds = ErrorCode::kPublicKeyOutOfBounds;
  DerReader outer(key_bits, ErrorCode::kCertificateMalformed);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  CERTRELAY_TRY(const auto modulus_value, in.expect(der_tag::kInteger));
  CERTRELAY_TRY(const auto exponent_value, in.expect(der_tag::kInteger));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(const auto modulus, der_positive(modulus_value.content, kBounds));
  CERTRELAY_TRY(const auto exponent, der_unsigned(exponent_value.content, kBounds));
  const std::size_t bits =
      modulus.size() * 8 - static_cast<std::size_t>(std::countl_zero(modulus[0]));
  if (bits < rules.rsa_bits_min || bits > rules.rsa_bits_max || (modulus.back() & 1) == 0) {
    return Error{kBounds, "public key: modulus"};
  }
  if (bits % 8 != 0) return Error{kBounds, "public key: modulus of odd length"};
  if (exponent < kRsaExponentMin || exponent > rules.rsa_exponent_max || (exponent & 1) == 0) {
    return Error{kBounds, "public key: exponent"};
  }
  return RsaNumbers{modulus, exponent};
}

Result<CurvePoint> read_point(ByteView curve, ByteView point, const KeyRules& rules) {
  const bool p384 = as_text(curve) == oid::kP384;
  if (p384 ? !rules.p384 : !(rules.p256 && as_text(curve) == oid::kP256)) {
    return Error{ErrorCode::kPublicKeyUnsupported, "public key: curve"};
  }
  if (point.size() != (p384 ? 97U : 65U) || point[0] != 0x04) {
    return Error{ErrorCode::kPublicKeyOutOfBounds, "public key: point form"};
  }
  return CurvePoint{p384, point};
}

Result<KeyParts> read_key(ByteView spki, const KeyRules& rules) {
  DerReader outer(spki, ErrorCode::kCertificateMalformed);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  CERTRELAY_TRY(auto algorithm, in.enter(der_tag::kSequence));
  CERTRELAY_TRY(const auto type, algorithm.expect(der_tag::kOid));
  CERTRELAY_TRY(const auto bits, in.expect(der_tag::kBitString));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(const auto key, der_whole_octets(bits.content, in.code()));
  const auto type_oid = as_text(type.content);
  if (type_oid != oid::kEcPublicKey && !(rules.rsa && type_oid == oid::kRsa)) {
    return Error{ErrorCode::kPublicKeyUnsupported, "public key: algorithm"};
  }
  CERTRELAY_TRY(const auto parameters, algorithm.any());
  CERTRELAY_TRY(algorithm.expect_end());
  KeyParts out;
  if (type_oid == oid::kRsa) {
    if (parameters.tag != der_tag::kNull || !parameters.content.empty()) {
      return Error{ErrorCode::kPublicKeyUnsupported, "public key: RSA parameters"};
    }
    CERTRELAY_TRY(out.rsa, read_rsa(key, rules));
    return out;
  }
  if (parameters.tag != der_tag::kOid) {
    return Error{ErrorCode::kPublicKeyUnsupported, "public key: explicit curve"};
  }
  CERTRELAY_TRY(out.point, read_point(parameters.content, key, rules));
  return out;
}

// OSSL_PARAM numbers are in the machine's order: the modulus is turned round.
EVP_PKEY* build_rsa(const RsaNumbers& numbers) {
  Bytes native(numbers.modulus.rbegin(), numbers.modulus.rend());
  if constexpr (std::endian::native == std::endian::big) {
    native.assign(numbers.modulus.begin(), numbers.modulus.end());
  }
  auto exponent = numbers.exponent;
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, native.data(), native.size()),
      OSSL_PARAM_construct_uint64(OSSL_PKEY_PARAM_RSA_E, &exponent), OSSL_PARAM_construct_end()};
  return key_from("RSA", params);
}

// None for a point that is not on the curve.
EVP_PKEY* build_point(const CurvePoint& point) {
  std::string group = point.p384 ? "P-384" : "P-256";
  Bytes octets(point.octets.begin(), point.octets.end());
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end()};
  return key_from("EC", params);
}

// ECDSA-Sig-Value { r, s }, each positive and of at most that many octets.
bool is_ecdsa_form(ByteView signature, std::size_t octets_max) {
  constexpr auto kCode = ErrorCode::kCardSignatureForm;
  DerReader outer(signature, kCode);
  DerValue value;
  if (!outer.next_is(der_tag::kSequence) || !outer.read(value) || !outer.at_end()) return false;
  DerReader in(value.content, kCode);
  for (int i = 0; i < 2; ++i) {
    DerValue number;
    if (!in.next_is(der_tag::kInteger) || !in.read(number)) return false;
    const auto magnitude = der_positive(number.content, kCode);
    if (!magnitude || magnitude.value().size() > octets_max) return false;
  }
  return in.at_end();
}

}  // namespace

Result<SignatureAlgorithm> parse_signature_algorithm(ByteView whole, const KeyRules& rules,
                                                     ErrorCode code) {
  const auto found = value_of(kAlgorithms, as_text(whole), "signature algorithm");
  if (!found) return Error{code, "signature algorithm"};
  const bool chosen = found.value() == SignatureAlgorithm::kRsaSha256     ? rules.rsa
                      : found.value() == SignatureAlgorithm::kEcdsaSha384 ? rules.p384
                                                                          : rules.other_digests;
  if (!chosen) return Error{code, "signature algorithm"};
  return found.value();
}

SignatureAlgorithm signature_algorithm_of(CardAlgorithm algorithm) {
  return algorithm == CardAlgorithm::kRsaPkcs1Sha256 ? SignatureAlgorithm::kRsaSha256
                                                     : SignatureAlgorithm::kEcdsaSha384;
}

void CardPublicKey::Free::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

Result<void> CardPublicKey::check_spki(ByteView spki, const KeyRules& rules) {
  CERTRELAY_TRY(read_key(spki, rules));
  return ok();
}

Result<CardPublicKey> CardPublicKey::from_spki(ByteView spki, const KeyRules& rules) {
  CERTRELAY_TRY(const auto parts, read_key(spki, rules));
  if (parts.rsa) {
    Handle key(build_rsa(*parts.rsa));
    if (!key) return Error{ErrorCode::kPublicKeyOutOfBounds, "public key: RSA"};
    return CardPublicKey(Kind::kRsa, std::move(key));
  }
  Handle key(build_point(*parts.point));
  if (!key) return Error{ErrorCode::kPublicKeyOutOfBounds, "public key: point"};
  return CardPublicKey(parts.point->p384 ? Kind::kP384 : Kind::kP256, std::move(key));
}

bool CardPublicKey::fits(SignatureAlgorithm algorithm) const {
  switch (algorithm) {
    case SignatureAlgorithm::kEcdsaSha256:
      return kind_ == Kind::kP256;
    case SignatureAlgorithm::kEcdsaSha384:
      return kind_ == Kind::kP384;
    default:
      return kind_ == Kind::kRsa;
  }
}

bool CardPublicKey::is_signature_form(ByteView signature) const {
  if (kind_ != Kind::kRsa) return is_ecdsa_form(signature, kind_ == Kind::kP384 ? 48 : 32);
  return signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
}

bool CardPublicKey::verifies(SignatureAlgorithm algorithm, ByteView signed_bytes,
                             ByteView signature) const {
  // RFC 5758 §3.2 leaves it open which digest goes with which curve; fits() is the card's own rule.
  const bool of_a_curve = algorithm == SignatureAlgorithm::kEcdsaSha256 ||
                          algorithm == SignatureAlgorithm::kEcdsaSha384;
  if (of_a_curve == (kind_ == Kind::kRsa)) return false;
  // RSASSA-PKCS1-v1_5 is what a fresh context uses; nothing here selects another padding.
  const DigestContext context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm), nullptr, key_.get()) ==
             1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), signed_bytes.data(),
                          signed_bytes.size()) == 1;
}

}  // namespace certrelay
