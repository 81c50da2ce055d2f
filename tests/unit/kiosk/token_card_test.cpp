// Goal: a certificate and its key in a PKCS#11 token sign as a card does, and every way in which
// that fails says which and how to mend. Method: SoftHSM2 tokens of the test's own, filled by
// OpenSC's pkcs11-tool; the PIN comes from the test instead of a terminal.
#include "firmware/kiosk/token/token_card.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/identity/certificate.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";
const Validity kTokenValidity{UtcTime{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}},
                              UtcTime{std::chrono::sys_days{std::chrono::year{2120} / 1 / 1}}};

Result<Pin> pin(std::string_view digits) { return Pin::from(as_bytes(digits)); }

struct TokenCards : ::testing::Test {
  TokenCards() {
    std::filesystem::create_directory(folder / "tokens");
    std::ofstream(folder / "softhsm2.conf")
        << "directories.tokendir = " << (folder / "tokens") << "\nobjectstore.backend = file\n";
    ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
  }

  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  static void shell(const std::string& line) { EXPECT_EQ(std::system(line.c_str()), 0) << line; }
  static void make_token(const std::string& name) {
    shell("softhsm2-util --init-token --free --label " + name +
          " --so-pin 1234 --pin 5678 > /dev/null");
  }
  std::string file(const std::string& name, ByteView content) const {
    const auto path = folder / name;
    std::ofstream(path, std::ios::binary) << as_text(content);
    return path;
  }
  void add_key(const std::string& token, const std::string& id, const PkiKey& key) const {
    const auto pem = key.to_pkcs8_pem("").value();
    shell("softhsm2-util --import " + file("key.pem", as_bytes(pem)) + " --token " + token +
          " --pin 5678 --label key --id " + id + " > /dev/null");
  }
  void add_certificate(const std::string& token, const std::string& id, const Bytes& der) const {
    shell(std::string("pkcs11-tool --module ") + kModule + " --token-label " + token +
          " --login --pin 5678 --type cert --id " + id + " --write-object " +
          file("certificate.der", der) + " > /dev/null 2>&1");
  }

  static Bytes card_of(const PkiKey& key) {
    return root.issue(jpki_card_spec("見本", serial_from(2), kTokenValidity), key).value();
  }
  // The whole token of a resident.
  Bytes make_card(const std::string& name, const PkiKey& key) const {
    make_token(name);
    Bytes certificate = card_of(key);
    add_certificate(name, "01", certificate);
    add_key(name, "01", key);
    return certificate;
  }

  Result<std::unique_ptr<TokenCard>> open(const std::string& digits = "5678") {
    return TokenCard::open({kModule, label}, [&](std::string_view prompt) {
      ++asked;
      prompts = prompt;
      return pin(digits);
    });
  }

  static inline const PkiKey root_key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  static inline const PkiAuthority root =
      PkiAuthority::self_signed(jpki_root_spec(serial_from(1), kTokenValidity), root_key).value();
  static inline const PkiKey rsa = PkiKey::generate(PkiKeyKind::kRsa2048).value();

  testing::TempFolder folder;
  std::string label;  // empty: whichever fits
  std::string prompts;
  int asked = 0;
};

void expect_signs(const TokenCard& card, CardAlgorithm algorithm) {
  EXPECT_EQ(card.algorithm(), algorithm);
  const Bytes payload(200, 0x5A);
  const auto signature = card.sign(payload);
  ASSERT_TRUE(signature) << signature.error().where;
  const auto view = parse_certificate(card.certificate()).value();
  EXPECT_TRUE(
      check_payload_signature(view.spki, algorithm, payload, signature.value(), KeyRules{}));
  const Bytes other(200, 0x5B);
  EXPECT_FALSE(check_payload_signature(view.spki, algorithm, other, signature.value(), KeyRules{}));
}

TEST_F(TokenCards, SignsWithRsaAsACardOfToday) {
  const auto certificate = make_card("mihon", rsa);
  const auto card = open();
  ASSERT_TRUE(card) << card.error().where;
  EXPECT_EQ(card.value()->certificate(), certificate);
  EXPECT_EQ(prompts, "PIN (mihon): ");
  expect_signs(*card.value(), CardAlgorithm::kRsaPkcs1Sha256);
}

TEST_F(TokenCards, SignsWithP384AsTheNextCard) {
  make_card("mihon", PkiKey::generate(PkiKeyKind::kEcP384).value());
  const auto card = open();
  ASSERT_TRUE(card) << card.error().where;
  expect_signs(*card.value(), CardAlgorithm::kEcdsaP384Sha384);
}

TEST_F(TokenCards, WrongPinIsTriedOnceAndSaysWhichPin) {
  make_card("mihon", rsa);
  const auto card = open("0000");
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().code, ErrorCode::kTokenPin);
  EXPECT_EQ(asked, 1);
  EXPECT_NE(std::string_view(card.error().where).find("four digits"), std::string_view::npos);
  // The card is as good as before.
  EXPECT_TRUE(open());
}

TEST_F(TokenCards, PersonWhoGivesUpIsNotLoggedIn) {
  make_card("mihon", rsa);
  const auto card = TokenCard::open({kModule, ""}, [](std::string_view /*prompt*/) {
    return Result<Pin>(Error{ErrorCode::kTokenPin, "PIN: given up"});
  });
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().code, ErrorCode::kTokenPin);
}

TEST_F(TokenCards, ModuleThatIsNotThereOrNoneIsUnavailable) {
  for (const char* module : {"/nowhere/module.so", "libcrypto.so.3"}) {
    const auto card = TokenCard::open({module, ""}, [](auto) { return pin("5678"); });
    ASSERT_FALSE(card) << module;
    EXPECT_EQ(card.error().code, ErrorCode::kTokenUnavailable) << module;
    EXPECT_NE(std::string_view(card.error().where).find("opensc-pkcs11"), std::string_view::npos);
  }
}

TEST_F(TokenCards, LabelThatNoTokenHasIsUnavailable) {
  make_card("mihon", rsa);
  label = "other";
  const auto card = open();
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().code, ErrorCode::kTokenUnavailable);
  EXPECT_EQ(asked, 0);
}

TEST_F(TokenCards, NothingToPresentAsksForNoPin) {
  make_token("mihon");
  add_key("mihon", "01", rsa);
  // Neither an authority's certificate nor one for signing documents is presented.
  add_certificate("mihon", "01", root.certificate_der());
  auto spec = jpki_card_spec("見本", serial_from(3), kTokenValidity);
  spec.key_usage = "digitalSignature,nonRepudiation";
  add_certificate("mihon", "02", root.issue(spec, rsa).value());
  const auto card = open();
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().code, ErrorCode::kTokenObjects);
  EXPECT_EQ(asked, 0);
}

TEST_F(TokenCards, TwoCardsAtOnceNeedALabel) {
  make_card("mihon-a", rsa);
  make_card("mihon-b", rsa);
  const auto card = open();
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().code, ErrorCode::kTokenObjects);
  EXPECT_EQ(asked, 0);
  label = "mihon-b";
  EXPECT_TRUE(open());
  EXPECT_EQ(prompts, "PIN (mihon-b): ");
}

TEST_F(TokenCards, CertificateWithoutItsKeyIsNoCard) {
  make_token("mihon");
  add_certificate("mihon", "01", card_of(rsa));
  add_key("mihon", "02", rsa);
  const auto card = open();
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().code, ErrorCode::kTokenObjects);
}

TEST_F(TokenCards, KeyOfSomebodyElseSignsNothingThatLeaves) {
  make_token("mihon");
  add_certificate("mihon", "01", card_of(rsa));
  add_key("mihon", "01", PkiKey::generate(PkiKeyKind::kRsa2048).value());
  const auto card = open();
  ASSERT_TRUE(card) << card.error().where;
  const auto signature = card.value()->sign(Bytes(10, 1));
  ASSERT_FALSE(signature);
  EXPECT_EQ(signature.error().code, ErrorCode::kTokenObjects);
}

TEST(PinTest, TakesUpTo64OctetsAndIsEmptyOnceMoved) {
  EXPECT_EQ(pin("").error().code, ErrorCode::kTokenPin);
  EXPECT_TRUE(Pin::from(Bytes(kPinBytesMax, '1')));
  EXPECT_EQ(Pin::from(Bytes(kPinBytesMax + 1, '1')).error().code, ErrorCode::kTokenPin);
  auto first = pin("1234").value();
  Pin second(std::move(first));
  EXPECT_EQ(as_text(second.reveal()), "1234");
  EXPECT_TRUE(first.reveal().empty());  // NOLINT(bugprone-use-after-move): what is tested
}

}  // namespace
}  // namespace certrelay
