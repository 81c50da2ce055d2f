#include "relay/keys/answer_key.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <sstream>
#include <type_traits>

#include "relay/keys/answer_verifier.hpp"
#include "relay/keys/feeder_key.hpp"
#include "tests/unit/wire/examples.hpp"

namespace certrelay::examples {
namespace {

static_assert(!std::is_copy_constructible_v<AnswerKey> && !std::is_copy_assignable_v<AnswerKey>);
static_assert(std::is_nothrow_move_constructible_v<AnswerKey>);
static_assert(!std::is_copy_constructible_v<FeederKey>);

const UtcTime kNow = parse_rfc3339("2026-11-24T10:01:00+09:00").value();

HttpAnswer signed_document(const AnswerKey& key) {
  auto answer = document_answer();
  EXPECT_TRUE(sign_answer(answer, RequestParts::of(issuance_http_request()), key, kNow));
  return answer;
}

AnswerVerifier verifier_of(const AnswerKey& key) {
  return AnswerVerifier::from_pems({public_key_pem(key.spki())}).value();
}

ErrorCode refusal_of(const Result<std::int64_t>& result) {
  return result ? ErrorCode::kNone : result.error().code;
}

class AnswerKeyTest : public testing::Test {
 protected:
  AnswerKey key_ = AnswerKey::generate().value();
  AnswerVerifier verifier_ = verifier_of(key_);
  HttpAnswer answer_ = signed_document(key_);
  RequestParts request_ = RequestParts::of(issuance_http_request());
};

TEST_F(AnswerKeyTest, SignedDocumentVerifies) {
  EXPECT_EQ(verifier_.verify(answer_, request_).value(), 1795482060);
}

TEST_F(AnswerKeyTest, EveryChangedPartOfTheAnswerIsRefused) {  // INV-3
  for (std::size_t i = 0; i < answer_.headers.size(); ++i) {
    auto changed = answer_;
    auto& value = changed.headers[i].value;
    value.back() = value.back() == 'x' ? 'y' : 'x';
    EXPECT_NE(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kNone) << i;
    changed = answer_;
    changed.headers.erase(changed.headers.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kNone) << i;
  }
  auto changed = answer_;
  changed.body.front() ^= 1;
  EXPECT_EQ(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kDigestMismatch);
  changed = answer_;
  changed.status = 201;
  EXPECT_EQ(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kCoverageDiffers);
  changed = answer_;
  changed.body.clear();
  changed.status = 204;
  EXPECT_EQ(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kCoverageDiffers);
}

TEST_F(AnswerKeyTest, AnswerToAnotherRequestIsRefused) {  // INV-3
  auto other = issuance_http_request();
  other.path.replace(other.path.find("0f9e1c5a"), 8, "1f9e1c5a");
  EXPECT_EQ(refusal_of(verifier_.verify(answer_, RequestParts::of(other))),
            ErrorCode::kBadSignature);
  other = issuance_http_request();
  other.body.back() = ' ';
  EXPECT_EQ(refusal_of(verifier_.verify(answer_, RequestParts::of(other))),
            ErrorCode::kBadSignature);
  other = issuance_http_request();
  other.method = HttpMethod::kPatch;
  EXPECT_EQ(refusal_of(verifier_.verify(answer_, RequestParts::of(other))),
            ErrorCode::kCoverageDiffers);
}

TEST_F(AnswerKeyTest, EachBitOfTheSignatureCounts) {
  auto changed = answer_;
  auto raw = parse_signature(*only_header(changed.headers, "signature")).value();
  for (const std::size_t at : {0U, 31U, 32U, 63U}) {
    auto flipped = raw;
    flipped[at] ^= 1;
    changed.headers.back().value = format_signature(flipped);
    EXPECT_EQ(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kBadSignature) << at;
  }
  changed.headers.back().value = format_signature(RawSignature{});
  EXPECT_EQ(refusal_of(verifier_.verify(changed, request_)), ErrorCode::kBadSignature);
}

TEST_F(AnswerKeyTest, UnsignedAnswerIsNoAnswer) {
  EXPECT_EQ(refusal_of(verifier_.verify(document_answer(), request_)),
            ErrorCode::kSignatureMissing);
}

TEST_F(AnswerKeyTest, EmptyAnswerIsSignedToo) {
  HttpAnswer answer{.status = 204, .headers = {}, .body = {}};
  const auto request = RequestParts::of(event_request());
  ASSERT_TRUE(sign_answer(answer, request, key_, kNow));
  EXPECT_TRUE(verifier_.verify(answer, request).has_value());
  EXPECT_NE(refusal_of(verifier_.verify(answer, request_)), ErrorCode::kNone);
}

TEST_F(AnswerKeyTest, SecondSignatureIsRefused) {
  EXPECT_EQ(sign_answer(answer_, request_, key_, kNow).error().code, ErrorCode::kCoverageDiffers);
}

TEST_F(AnswerKeyTest, BothKeysVerifyDuringRotationAndNoThird) {
  const auto next = AnswerKey::generate().value();
  const auto third = AnswerKey::generate().value();
  const auto both =
      AnswerVerifier::from_pems({public_key_pem(key_.spki()), public_key_pem(next.spki())}).value();
  EXPECT_TRUE(both.verify(answer_, request_).has_value());
  EXPECT_TRUE(both.verify(signed_document(next), request_).has_value());
  EXPECT_EQ(refusal_of(both.verify(signed_document(third), request_)), ErrorCode::kUnknownSigner);
}

TEST_F(AnswerKeyTest, OneOrTwoDifferentKeysArePinned) {
  const auto pem = public_key_pem(key_.spki());
  const auto second = public_key_pem(AnswerKey::generate().value().spki());
  const auto third = public_key_pem(AnswerKey::generate().value().spki());
  EXPECT_EQ(AnswerVerifier::from_pems({}).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(AnswerVerifier::from_pems({pem, second, third}).error().code,
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(AnswerVerifier::from_pems({pem, pem}).error().code, ErrorCode::kDuplicateValue);
  EXPECT_EQ(AnswerVerifier::from_pems({"no key"}).error().code, ErrorCode::kKeyUnusable);
  const auto feeder = FeederKey::generate().value();
  EXPECT_EQ(AnswerVerifier::from_pems({public_key_pem(feeder.spki())}).error().code,
            ErrorCode::kKeyUnusable);
}

TEST_F(AnswerKeyTest, ComesBackFromItsEncryptedFile) {
  const auto pem = key_.encrypted_pem("見本の合言葉", PassPhraseOrigin::kChosen).value();
  const auto loaded = AnswerKey::from_pem(pem, "見本の合言葉").value();
  EXPECT_EQ(loaded.keyid(), key_.keyid());
  EXPECT_TRUE(verifier_.verify(signed_document(loaded), request_).has_value());
  EXPECT_EQ(AnswerKey::from_pem(pem, "other").error().code, ErrorCode::kWrongPassphrase);
  EXPECT_EQ(AnswerKey::from_pem(pem, "").error().code, ErrorCode::kWrongPassphrase);
  EXPECT_EQ(AnswerKey::from_pem(pem + pem, "見本の合言葉").error().code, ErrorCode::kKeyUnusable);
  EXPECT_EQ(FeederKey::from_pem(pem, "見本の合言葉").error().code, ErrorCode::kKeyUnusable);
  EXPECT_EQ(AnswerKey::from_pem("", "x").error().code, ErrorCode::kKeyUnusable);
}

// docs/decisions/0070: what opens at each start costs a hundredth of what a person's pass phrase
// needs, and only where no guess could come near.
TEST_F(AnswerKeyTest, RoundsFollowWhereThePassPhraseComesFrom) {
  const auto rounds = [](const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
    const std::unique_ptr<X509_SIG, decltype(&X509_SIG_free)> sealed(
        PEM_read_bio_PKCS8(bio.get(), nullptr, nullptr, nullptr), &X509_SIG_free);
    const X509_ALGOR* algorithm = nullptr;
    X509_SIG_get0(sealed.get(), &algorithm, nullptr);
    const std::unique_ptr<PBE2PARAM, decltype(&PBE2PARAM_free)> scheme(
        static_cast<PBE2PARAM*>(
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter)),
        &PBE2PARAM_free);
    const std::unique_ptr<PBKDF2PARAM, decltype(&PBKDF2PARAM_free)> derivation(
        static_cast<PBKDF2PARAM*>(
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), scheme->keyfunc->parameter)),
        &PBKDF2PARAM_free);
    return ASN1_INTEGER_get(derivation->iter);
  };
  const std::string random = "IUQlZ4C-DRsZA6WmvcbZDW";
  EXPECT_EQ(rounds(key_.encrypted_pem(random, PassPhraseOrigin::kChosen).value()), 600'000);
  const auto pem = key_.encrypted_pem(random, PassPhraseOrigin::kRandom).value();
  EXPECT_EQ(rounds(pem), 10'000);
  EXPECT_TRUE(AnswerKey::from_pem(pem, random).has_value());
  EXPECT_DEATH((void)key_.encrypted_pem(random.substr(1), PassPhraseOrigin::kRandom),
               "pass_phrase");
}

TEST(AnswerKeyFile, KeyInTheClearIsRefused) {
  // A P-256 key as `openssl genpkey` writes it without -aes256 (made for this test alone).
  constexpr std::string_view kClear =
      "-----BEGIN PRIVATE KEY-----\n"
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8NNPyuTCBBGMe3C2\n"
      "DJ00fYnhMhzku+bigWT3FjOmSbmhRANCAASSbMYTomoNDfrdoANoO3RM2vd8zN8M\n"
      "zuIbyU5XqYBh0GQOMzi7hu6Hshc9qbNPgj6BMu1bfliroPm0xCAdkLgK\n"
      "-----END PRIVATE KEY-----\n";
  EXPECT_EQ(AnswerKey::from_pem(kClear, "x").error().code, ErrorCode::kKeyUnusable);
}

// The example of FORMAT.md was signed once by a key that nobody kept.
TEST(AnswerKeyFile, WorkedExampleVerifies) {
  const auto pem = from_format_md("answer public key") + "\n";
  const auto verifier = AnswerVerifier::from_pems({pem}).value();
  HttpAnswer answer{.status = 200, .headers = {}, .body = document_answer().body};
  std::istringstream lines(from_format_md("signed headers"));
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    answer.headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  const auto request = RequestParts::of(issuance_http_request());
  EXPECT_EQ(verifier.verify(answer, request).value(), 1795482060);
}

TEST(FeederKey, StatementVerifiesForItsKindCityNumbersAndBodyAlone) {  // R10, R25
  const auto key = FeederKey::generate().value();
  const auto verifier = FeederVerifier::from_pems({public_key_pem(key.spki())}).value();
  const auto body = as_bytes("{}");
  const auto made = key.sign(StatementKind::kManifest, kCity, statement(), body).value();
  const auto refusal = [&](StatementKind kind, const MunicipalityCode& city,
                           const SignedStatement& signed_statement, ByteView of) {
    const auto result = verifier.verify(kind, city, signed_statement, of);
    return result ? ErrorCode::kNone : result.error().code;
  };
  EXPECT_EQ(refusal(StatementKind::kManifest, kCity, made, body), ErrorCode::kNone);
  EXPECT_EQ(refusal(StatementKind::kActivate, kCity, made, body), ErrorCode::kBadSignature);
  const auto other_city = MunicipalityCode::parse("392910").value();
  EXPECT_EQ(refusal(StatementKind::kManifest, other_city, made, body), ErrorCode::kBadSignature);
  EXPECT_EQ(refusal(StatementKind::kManifest, kCity, made, as_bytes("{ }")),
            ErrorCode::kBadSignature);
  for (const auto change :
       {+[](RegistryStatement& s) { ++s.generation; }, +[](RegistryStatement& s) { ++s.sequence; },
        +[](RegistryStatement& s) { s.sent_at += UtcTime::duration{1}; }}) {
    auto changed = made;
    change(changed.statement);
    EXPECT_EQ(refusal(StatementKind::kManifest, kCity, changed, body), ErrorCode::kBadSignature);
  }
  auto unknown = made;
  unknown.keyid = FeederKey::generate().value().keyid();
  EXPECT_EQ(refusal(StatementKind::kManifest, kCity, unknown, body), ErrorCode::kUnknownSigner);
}

TEST(FeederKey, WorkedExampleVerifies) {
  const auto pem = from_format_md("feeder public key") + "\n";
  const auto verifier = FeederVerifier::from_pems({pem}).value();
  const auto made = parse_statement(from_format_md("statement header")).value();
  EXPECT_TRUE(verifier.verify(StatementKind::kManifest, kCity, made, as_bytes("{}")).has_value());
}

TEST_F(AnswerKeyTest, AReplacedKeySignsFromTheNextAnswerOnAndBothVerify) {
  auto key = AnswerKey::generate().value();
  const auto next = AnswerKey::generate().value();
  const auto both =
      AnswerVerifier::from_pems({public_key_pem(key.spki()), public_key_pem(next.spki())}).value();
  const RequestParts request{HttpMethod::kGet, "/v1/service", std::nullopt};
  const auto answered = [&] {
    HttpAnswer answer{200, {{"content-type", "application/json"}}, {'{', '}'}};
    EXPECT_TRUE(sign_answer(answer, request, key, UtcTime{}).has_value());
    return answer;
  };
  const auto before = answered();
  const auto under_way = key.current();
  key.replace(next);
  const auto after = answered();
  EXPECT_TRUE(both.verify(before, request).has_value());
  EXPECT_TRUE(both.verify(after, request).has_value());
  EXPECT_EQ(key.keyid(), next.keyid());
  EXPECT_NE(under_way.keyid(), next.keyid());
  const auto new_one_alone = AnswerVerifier::from_pems({public_key_pem(next.spki())}).value();
  EXPECT_EQ(new_one_alone.verify(before, request).error().code, ErrorCode::kUnknownSigner);
}

}  // namespace
}  // namespace certrelay::examples
