// What a listener's TLS settings must be, and how a bad one is told (one line with a mend).
#include <gtest/gtest.h>

#include "tests/unit/front/tls_lab.hpp"

namespace certrelay {
namespace {

using testing::tls_lab;

const UtcTime kTlsNow{std::chrono::sys_days{std::chrono::year(2040) / 11 / 22}};

ErrorCode code_of(const TlsSettings& settings, UtcTime now = kTlsNow) {
  const auto server = TlsServer::make(settings, now);
  return server ? ErrorCode::kNone : server.error().code;
}

TlsFault fault_of(const TlsSettings& settings, UtcTime now = kTlsNow) {
  return explain_tls_fault(TlsServer::make(settings, now).error(), settings);
}

TEST(TlsServerTest, GoodSettingsServe) { EXPECT_EQ(code_of(tls_lab().settings), ErrorCode::kNone); }

TEST(TlsServerTest, WrongPassphraseIsToldFromABrokenKey) {
  TlsSettings settings = tls_lab().settings;
  settings.passphrase = "battery staple";
  EXPECT_EQ(code_of(settings), ErrorCode::kWrongPassphrase);
  EXPECT_EQ(fault_of(settings).path, "server.key");
  settings.passphrase = "";
  EXPECT_EQ(code_of(settings), ErrorCode::kWrongPassphrase);
  settings = tls_lab().settings;
  settings.private_key.text = "no key";
  EXPECT_EQ(code_of(settings), ErrorCode::kKeyUnusable);
  settings.private_key.text = settings.certificate.text;
  EXPECT_EQ(code_of(settings), ErrorCode::kKeyUnusable);
}

TEST(TlsServerTest, OpenKeyWantsAnEmptyPassphrase) {
  TlsSettings settings = tls_lab().settings;
  const PkiKey key = PkiKey::from_pkcs8_pem(settings.private_key.text, settings.passphrase).value();
  settings.private_key.text = key.to_pkcs8_pem("").value();
  EXPECT_EQ(code_of(settings), ErrorCode::kKeyUnusable);
  settings.passphrase = "";
  EXPECT_EQ(code_of(settings), ErrorCode::kNone);
}

TEST(TlsServerTest, KeyOfAnotherCertificateIsRefused) {
  TlsSettings settings = tls_lab().settings;
  settings.private_key.text = tls_lab().good.key->to_pkcs8_pem("correct horse").value();
  EXPECT_EQ(code_of(settings), ErrorCode::kTlsKeyMismatch);
}

TEST(TlsServerTest, ClientCertificateIsNoServerCertificate) {
  TlsSettings settings = tls_lab().settings;
  settings.certificate.text = to_pem(tls_lab().good.certificate, "CERTIFICATE");
  settings.private_key.text = tls_lab().good.key->to_pkcs8_pem("correct horse").value();
  EXPECT_EQ(code_of(settings), ErrorCode::kTlsCertificateUnusable);
}

TEST(TlsServerTest, UnreadableFilesAreNamed) {
  TlsSettings settings = tls_lab().settings;
  settings.certificate.text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(code_of(settings), ErrorCode::kTlsCertificateUnusable);
  EXPECT_EQ(fault_of(settings).path, "server.pem");
  settings = tls_lab().settings;
  settings.authority.text = "";
  EXPECT_EQ(code_of(settings), ErrorCode::kTlsAuthorityUnusable);
  EXPECT_EQ(fault_of(settings).path, "clients.pem");
  settings.authority.text = settings.certificate.text;  // a leaf
  EXPECT_EQ(code_of(settings), ErrorCode::kTlsAuthorityUnusable);
}

TEST(TlsServerTest, ValidityIsComparedWithTheGivenTime) {
  const auto validity = testing::lab_validity();
  const TlsSettings& settings = tls_lab().settings;
  const std::chrono::seconds second(1);
  EXPECT_EQ(code_of(settings, validity.not_before), ErrorCode::kNone);
  EXPECT_EQ(code_of(settings, validity.not_before - second), ErrorCode::kTlsNotYetValid);
  EXPECT_EQ(code_of(settings, validity.not_after), ErrorCode::kNone);
  EXPECT_EQ(code_of(settings, validity.not_after + second), ErrorCode::kTlsExpired);
  EXPECT_EQ(fault_of(settings, validity.not_before - second).path, "server.pem");
}

TEST(TlsServerTest, EveryFaultHasAMend) {
  TlsSettings settings = tls_lab().settings;
  settings.passphrase = "x";
  EXPECT_FALSE(fault_of(settings).mend.empty());
  EXPECT_EQ(fault_of(settings).mend.find('\n'), std::string_view::npos);
}

// Peers

LeafIdentity leaf(std::string_view key, std::vector<std::string> names) {
  const auto validity = testing::lab_validity();
  return {.names = std::move(names),
          .spki = sha256(key),
          .not_before = validity.not_before,
          .not_after = validity.not_after};
}
PeerRule rule(std::string_view name, std::string san, std::vector<std::string_view> keys) {
  PeerRule out{PeerName::parse(name).value(), std::move(san), {}};
  for (const auto key : keys) out.pins.push_back(sha256(key));
  return out;
}
ErrorCode rules_code(std::vector<PeerRule> rules) {
  const auto table = PeerTable::make(std::move(rules));
  return table ? ErrorCode::kNone : table.error().code;
}

TEST(PeerTableTest, MatchesNameAndKeyTogether) {
  const auto table = PeerTable::make({rule("a", "DNS:a.example", {"old", "new"}),
                                      rule("b", "DNS:b.example", {"b"})})
                         .value();
  const auto name = [&](const LeafIdentity& identity) {
    const auto peer = table.match(identity, kTlsNow);
    return peer ? std::string(peer->text()) : "";
  };
  EXPECT_EQ(name(leaf("old", {"DNS:a.example"})), "a");
  EXPECT_EQ(name(leaf("new", {"DNS:x.example", "DNS:a.example"})), "a");
  EXPECT_EQ(name(leaf("b", {"DNS:b.example"})), "b");
  EXPECT_EQ(name(leaf("other", {"DNS:a.example"})), "");
  EXPECT_EQ(name(leaf("b", {"DNS:a.example"})), "");
  EXPECT_EQ(name(leaf("old", {})), "");
  EXPECT_EQ(name(leaf("old", {"DNS:A.example"})), "");
  EXPECT_EQ(name(leaf("old", {"URI:a.example"})), "");
  EXPECT_EQ(name(leaf("old", {std::string("DNS:a.example\0", 14)})), "");
}

TEST(PeerTableTest, NobodyOutsideTheCertificatesValidity) {
  const auto table = PeerTable::make({rule("a", "DNS:a.example", {"a"})}).value();
  const auto identity = leaf("a", {"DNS:a.example"});
  EXPECT_TRUE(table.match(identity, identity.not_before));
  EXPECT_TRUE(table.match(identity, identity.not_after));
  EXPECT_FALSE(table.match(identity, identity.not_before - std::chrono::seconds(1)));
  EXPECT_FALSE(table.match(identity, identity.not_after + std::chrono::seconds(1)));
}

TEST(PeerTableTest, CertificateOfTwoPeersIsNeither) {
  const auto table =
      PeerTable::make({rule("a", "DNS:a.example", {"k"}), rule("b", "DNS:b.example", {"k"})})
          .value();
  EXPECT_FALSE(table.match(leaf("k", {"DNS:a.example", "DNS:b.example"}), kTlsNow));
}

TEST(PeerTableTest, RulesAreChecked) {
  EXPECT_EQ(rules_code({}), ErrorCode::kNone);
  EXPECT_EQ(rules_code({rule("a", "a.example", {"k"})}), ErrorCode::kPeerRuleInvalid);
  EXPECT_EQ(rules_code({rule("a", "DNS:", {"k"})}), ErrorCode::kPeerRuleInvalid);
  EXPECT_EQ(rules_code({rule("a", "URI:urn:a", {"k"})}), ErrorCode::kNone);
  EXPECT_EQ(rules_code({rule("a", "DNS:a", {})}), ErrorCode::kPeerRuleInvalid);
  EXPECT_EQ(rules_code({rule("a", "DNS:a", {"1", "2"})}), ErrorCode::kNone);
  EXPECT_EQ(rules_code({rule("a", "DNS:a", {"1", "2", "3"})}), ErrorCode::kPeerRuleInvalid);
  EXPECT_EQ(rules_code({rule("a", "DNS:a", {"1"}), rule("a", "DNS:b", {"2"})}),
            ErrorCode::kPeerRuleInvalid);
  EXPECT_EQ(rules_code({rule("a", "DNS:a", {"1"}), rule("b", "DNS:a", {"2", "1"})}),
            ErrorCode::kPeerRuleInvalid);
}

}  // namespace
}  // namespace certrelay
