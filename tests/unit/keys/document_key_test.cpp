// The documents' key, in a file and in SoftHSM2; its CMS is read by OpenSSL.
#include "relay/keys/document_key.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "relay/keys/document_verifier.hpp"
#include "tests/support/signing_files.hpp"

namespace certrelay {
namespace {

using testing::SigningFiles;

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

DocumentKey open(const SigningFiles& files) {
  return DocumentKey::from_pem(files.certificate(), files.key(), SigningFiles::kPassPhrase).value();
}

void expect_signs(const DocumentKey& key, const SigningFiles& files) {
  const auto verifier = DocumentVerifier::from_pem(files.certificate()).value();
  const auto digest = sha256("page");
  const auto cms = key.sign_detached(digest).value();
  EXPECT_LE(cms.size(), key.detached_bytes_max());
  EXPECT_TRUE(verifier.verify_detached(cms, digest));
  EXPECT_EQ(verifier.verify_detached(cms, sha256("another")).error().code,
            ErrorCode::kDocumentAltered);
  const auto signature = key.sign(as_bytes("seal")).value();
  EXPECT_TRUE(verifier.verify(as_bytes("seal"), signature));
  EXPECT_EQ(verifier.verify(as_bytes("seam"), signature).error().code, ErrorCode::kDocumentAltered);
}

TEST(DocumentKeyTest, SignsFromAFile) {
  const SigningFiles files;
  expect_signs(open(files), files);
}

TEST(DocumentKeyTest, OpensslsProgramAcceptsTheSignature) {
  const SigningFiles files;
  const auto folder = files.folder().path();
  const auto cms = open(files).sign_detached(sha256("page")).value();
  std::ofstream(folder + "/cms", std::ios::binary)
      .write(as_text(cms).data(), static_cast<std::streamsize>(cms.size()));
  std::ofstream(folder + "/content", std::ios::binary) << "page";
  const auto verify = [&] {
    return testing::run_command("openssl cms -verify -cades -binary -inform DER -in " + folder +
                                "/cms -content " + folder + "/content -purpose any -CAfile " +
                                files.certificate_path());
  };
  EXPECT_EQ(verify().status, 0) << verify().text;
  std::ofstream(folder + "/content", std::ios::binary) << "pagf";
  EXPECT_NE(verify().status, 0);
}

TEST(DocumentKeyTest, EveryChangedOctetOfTheSignatureIsRefused) {
  const SigningFiles files;
  const auto verifier = DocumentVerifier::from_pem(files.certificate()).value();
  const auto digest = sha256("page");
  const auto cms = open(files).sign_detached(digest).value();
  const auto signer = cms.size() - 240;  // from here on: the signer's own part
  for (auto at = signer; at < cms.size(); ++at) {
    auto changed = cms;
    changed[at] ^= 1;
    EXPECT_FALSE(verifier.verify_detached(changed, digest)) << at - signer;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, cms.size() - 1}) {
    EXPECT_FALSE(verifier.verify_detached(ByteView(cms).first(size), digest));
  }
}

TEST(DocumentKeyTest, AnotherCertificatesSignatureIsNone) {
  const SigningFiles files;
  const SigningFiles other;
  const auto digest = sha256("page");
  const auto cms = open(files).sign_detached(digest).value();
  const auto verifier = DocumentVerifier::from_pem(other.certificate()).value();
  EXPECT_EQ(verifier.verify_detached(cms, digest).error().code, ErrorCode::kDocumentUnsigned);
}

TEST(DocumentKeyTest, ACertificateOfAnotherKeyIsRefused) {
  const SigningFiles files;
  const SigningFiles other;
  const auto mixed =
      DocumentKey::from_pem(other.certificate(), files.key(), SigningFiles::kPassPhrase);
  EXPECT_EQ(mixed.error().code, ErrorCode::kKeyUnusable);
  EXPECT_EQ(DocumentKey::from_pem(files.certificate(), files.key(), "wrong").error().code,
            ErrorCode::kWrongPassphrase);
  EXPECT_EQ(
      DocumentKey::from_pem("no certificate", files.key(), SigningFiles::kPassPhrase).error().code,
      ErrorCode::kKeyUnusable);
  EXPECT_EQ(DocumentKey::from_pem(files.certificate() + "-----BEGIN CERTIFICATE-----\nA\n",
                                  files.key(), SigningFiles::kPassPhrase)
                .error()
                .code,
            ErrorCode::kKeyUnusable);
}

TEST(DocumentKeyTest, AChainHasAtMostFourCertificates) {
  const SigningFiles files;
  auto chain =
      files.certificate() + files.certificate() + files.certificate() + files.certificate();
  EXPECT_TRUE(DocumentKey::from_pem(chain, files.key(), SigningFiles::kPassPhrase));
  chain += files.certificate();
  EXPECT_EQ(DocumentKey::from_pem(chain, files.key(), SigningFiles::kPassPhrase).error().code,
            ErrorCode::kKeyUnusable);
}

TEST(DocumentKeyTest, KnowsItsCertificatesValidity) {
  const SigningFiles files(10);
  const auto key = open(files);
  EXPECT_TRUE(key.valid_at(key.not_after()));
  EXPECT_FALSE(key.valid_at(key.not_after() + std::chrono::milliseconds(1)));
  EXPECT_FALSE(key.valid_at(key.not_after() - std::chrono::days(11)));
}

TEST(DocumentKeyTest, SignsInATokenThatKeepsTheKey) {
  const SigningFiles files;
  const auto& folder = files.folder();
  std::filesystem::create_directory(folder / "tokens");
  std::ofstream(folder / "softhsm2.conf")
      << "directories.tokendir = " << (folder / "tokens") << "\nobjectstore.backend = file\n";
  ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);  // NOLINT: one thread
  const auto made = testing::run_command(
      "softhsm2-util --init-token --free --label mihon --so-pin 1234 --pin 5678 && "
      "openssl pkey -in " +
      files.key_path() + " -passin pass:" + SigningFiles::kPassPhrase + " -out " +
      (folder / "clear.pem") + " && softhsm2-util --import " + (folder / "clear.pem") +
      " --token mihon --label 'certrelay documents' --id 01 --pin 5678");
  ASSERT_EQ(made.status, 0) << made.text;
  TokenSettings token{
      .module = kSoftHsm, .token = "mihon", .pin = "5678", .label = "certrelay documents"};
  expect_signs(DocumentKey::from_token(files.certificate(), token).value(), files);
  const SigningFiles other;
  EXPECT_EQ(DocumentKey::from_token(other.certificate(), token).error().code,
            ErrorCode::kKeyUnusable);
  token.label = "another";
  EXPECT_EQ(DocumentKey::from_token(files.certificate(), token).error().code,
            ErrorCode::kTokenUnusable);
}

}  // namespace
}  // namespace certrelay
