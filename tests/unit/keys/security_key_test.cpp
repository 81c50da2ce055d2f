// Goal: a security key's answer counts for one challenge, on the console's own page, with the
// person verified, and for nothing else. Method: an honest key in software, then each part spoiled.
#include "relay/keys/security_key.hpp"

#include <gtest/gtest.h>

#include "relay/keys/attestation_object.hpp"
#include "tests/support/software_security_key.hpp"

namespace certrelay {
namespace {

using testing::KeySays;
using testing::SoftwareSecurityKey;

const Digest kChallenge = sha256("a challenge");
constexpr std::string_view kHost = "localhost";

ErrorCode fault_of_make(const KeySays& says) {
  const SoftwareSecurityKey key;
  const auto made = key.make(kChallenge, says);
  const auto out =
      verify_registration(kHost, kChallenge, made.client_data, made.attestation_object, UtcTime{});
  return out ? ErrorCode::kNone : out.error().code;
}

struct Registered {
  SoftwareSecurityKey key;
  SecurityKey known;
  Registered() {
    const auto made = key.make(kChallenge);
    known =
        verify_registration(kHost, kChallenge, made.client_data, made.attestation_object, UtcTime{})
            .value();
  }
  ErrorCode fault_of(const PersonalSignature& signature, std::string_view host = kHost,
                     const Digest& challenge = kChallenge) const {
    const auto out = verify_assertion(host, known, challenge, signature);
    return out ? ErrorCode::kNone : out.error().code;
  }
  ErrorCode fault_of(const KeySays& says) const {
    return fault_of(key.sign(kChallenge, known.keyid(), says));
  }
};

TEST(SecurityKey, IsRegisteredWithAnAttestationOverTheChallenge) {
  const Registered one;
  EXPECT_EQ(one.known.credential_id, one.key.credential_id());
  EXPECT_EQ(one.known.spki.size(), 91U);
  EXPECT_EQ(one.known.keyid().size(), 22U);
}

TEST(SecurityKey, RegistrationOfAnotherPageCallOrChallengeIsRefused) {
  EXPECT_EQ(fault_of_make({.origin = "https://evil.example"}), ErrorCode::kForeignSignature);
  EXPECT_EQ(fault_of_make({.origin = "http://localhost"}), ErrorCode::kForeignSignature);
  EXPECT_EQ(fault_of_make({.origin = "https://localhost.evil.example"}),
            ErrorCode::kForeignSignature);
  EXPECT_EQ(fault_of_make({.origin = "https://localhost:"}), ErrorCode::kForeignSignature);
  EXPECT_EQ(fault_of_make({.origin = "https://localhost"}), ErrorCode::kNone);
  EXPECT_EQ(fault_of_make({.type = "webauthn.get"}), ErrorCode::kForeignSignature);
  EXPECT_EQ(fault_of_make({.crossed = true}), ErrorCode::kForeignSignature);
  EXPECT_EQ(fault_of_make({.host = "other"}), ErrorCode::kKeyUnusable);
  const SoftwareSecurityKey key;
  const auto made = key.make(sha256("another"));
  EXPECT_EQ(verify_registration(kHost, kChallenge, made.client_data, made.attestation_object, {})
                .error()
                .code,
            ErrorCode::kBadSignature);
}

TEST(SecurityKey, RegistrationNeedsThePersonAndASignature) {
  EXPECT_EQ(fault_of_make({.verified = false}), ErrorCode::kKeyUnusable);
  EXPECT_EQ(fault_of_make({.format = "none"}), ErrorCode::kKeyUnusable);
  EXPECT_EQ(fault_of_make({.format = "other"}), ErrorCode::kKeyUnusable);
  EXPECT_EQ(fault_of_make({.broken_signature = true}), ErrorCode::kKeyUnusable);
}

TEST(SecurityKey, AnAssertionCountsForItsChallengeAlone) {
  const Registered one;
  EXPECT_EQ(one.fault_of(KeySays{}), ErrorCode::kNone);
  const auto signature = one.key.sign(kChallenge, one.known.keyid());
  EXPECT_EQ(one.fault_of(signature, kHost, sha256("another")), ErrorCode::kBadSignature);
  EXPECT_EQ(one.fault_of(signature, "other"), ErrorCode::kForeignSignature);
  EXPECT_EQ(one.fault_of(KeySays{.broken_signature = true}), ErrorCode::kBadSignature);
}

TEST(SecurityKey, AnAssertionNeedsThePersonOnOurPage) {
  const Registered one;
  EXPECT_EQ(one.fault_of(KeySays{.verified = false}), ErrorCode::kBadSignature);
  EXPECT_EQ(one.fault_of(KeySays{.present = false}), ErrorCode::kBadSignature);
  EXPECT_EQ(one.fault_of(KeySays{.host = "other"}), ErrorCode::kBadSignature);
  EXPECT_EQ(one.fault_of(KeySays{.origin = "https://evil.example"}), ErrorCode::kForeignSignature);
  EXPECT_EQ(one.fault_of(KeySays{.type = "webauthn.create"}), ErrorCode::kForeignSignature);
  EXPECT_EQ(one.fault_of(KeySays{.crossed = true}), ErrorCode::kForeignSignature);
}

TEST(SecurityKey, AnotherKeyDoesNotSign) {
  const Registered one;
  const SoftwareSecurityKey other;
  EXPECT_EQ(one.fault_of(other.sign(kChallenge, one.known.keyid())), ErrorCode::kBadSignature);
  EXPECT_EQ(one.fault_of(one.key.sign(kChallenge, "AAAAAAAAAAAAAAAAAAAAAA")),
            ErrorCode::kForeignSignature);
  PersonalSignature none{one.known.keyid()};
  EXPECT_EQ(one.fault_of(none), ErrorCode::kForeignSignature);
}

TEST(SecurityKey, AnAssertionHasLimits) {
  const auto of = [](std::size_t data, std::size_t client, std::size_t signature) {
    return check(KeyAssertion{Bytes(data), Bytes(client), Bytes(signature)}).has_value();
  };
  EXPECT_TRUE(of(kAuthenticatorDataMin, 1, 1));
  EXPECT_TRUE(of(kAuthenticatorDataMax, kClientDataMax, kKeySignatureMax));
  EXPECT_FALSE(of(kAuthenticatorDataMin - 1, 1, 1));
  EXPECT_FALSE(of(kAuthenticatorDataMax + 1, 1, 1));
  EXPECT_FALSE(of(kAuthenticatorDataMin, kClientDataMax + 1, 1));
  EXPECT_FALSE(of(kAuthenticatorDataMin, 1, kKeySignatureMax + 1));
}

TEST(AttestationObject, IsReadStrictly) {
  const SoftwareSecurityKey key;
  const auto good = key.make(kChallenge).attestation_object;
  ASSERT_TRUE(parse_attestation_object(good));
  EXPECT_EQ(parse_attestation_object(good).value().format, "packed");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(parse_attestation_object(ByteView(good).first(size))) << size;
  }
  auto longer = good;
  longer.push_back(0);
  EXPECT_EQ(parse_attestation_object(longer).error().code, ErrorCode::kTrailingBytes);
  // A map of half a billion members, an indefinite length, five levels.
  EXPECT_FALSE(parse_attestation_object(Bytes{0xba, 0x20, 0, 0, 0}));
  EXPECT_FALSE(parse_attestation_object(Bytes{0xbf, 0xff}));
}

// libcbor would make room for what a length promises; found by attestation_fuzz.
TEST(AttestationObject, ALengthWithoutItsBytesNeverReachesTheLibrary) {
  Bytes data(32 + 1 + 4, 0);
  EXPECT_TRUE(check_authenticator_data(data, false));
  EXPECT_FALSE(check_authenticator_data(data, true));
  data.push_back(0);
  EXPECT_EQ(check_authenticator_data(data, false).error().code, ErrorCode::kTrailingBytes);
  data.assign(32 + 1 + 4 + 16 + 2, 0);
  data[32] = 0x40;
  EXPECT_FALSE(check_authenticator_data(data, true));  // no key behind
  const Bytes promise{0x9b, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58};
  data.insert(data.end(), promise.begin(), promise.end());
  EXPECT_EQ(check_authenticator_data(data, true).error().code, ErrorCode::kMalformed);
  data.resize(32 + 1 + 4 + 16 + 2);
  data.push_back(0xa0);
  EXPECT_TRUE(check_authenticator_data(data, true));
  data[32] = 0xc0;  // extensions are said to follow
  EXPECT_FALSE(check_authenticator_data(data, true));
}

}  // namespace
}  // namespace certrelay
