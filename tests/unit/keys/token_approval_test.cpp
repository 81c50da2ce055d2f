// Goal: a person's approval key in a PKCS#11 token signs what a file's key would, and whatever is
// not exactly one Ed25519 pair of that label is none. Method: SoftHSM2 and OpenSC's pkcs11-tool, a
// token of the test's own. R29, R31
#include <gtest/gtest.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "relay/keys/approval_key.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kApprovalModule = "/usr/lib/softhsm/libsofthsm2.so";

void must(const std::string& command) {
  const int ended = std::system((command + " > /dev/null 2>&1").c_str());  // NOLINT
  ASSERT_EQ(ended, 0) << command;
}

struct TokenApprovalTest : ::testing::Test {
  TokenApprovalTest() {
    std::filesystem::create_directory(folder / "tokens");
    std::ofstream(folder / "softhsm2.conf")
        << "directories.tokendir = " << (folder / "tokens") << "\nobjectstore.backend = file\n";
    ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
    must("softhsm2-util --init-token --free --label mihon --so-pin 1234 --pin 5678");
    make_pair("EC:edwards25519", "approval");
  }
  static void make_pair(const std::string& type, const std::string& label) {
    must("pkcs11-tool --module " + std::string(kApprovalModule) +
         " --token-label mihon --login --pin 5678 --keypairgen --key-type " + type + " --label " +
         label);
  }
  ErrorCode refusal() const { return ApprovalKey::from_token(settings).error().code; }

  testing::TempFolder folder;
  TokenSettings settings{
      .module = std::string(kApprovalModule), .token = "mihon", .pin = "5678", .label = "approval"};
};

// SoftHSM2 forgets a string of OpenSSL's at each Ed25519 signature: not ours, so not counted.
PersonalSignature signed_by(const ApprovalKey& key, ByteView message) {
#ifdef __SANITIZE_ADDRESS__
  const __lsan::ScopedDisabler theirs;
#endif
  return key.sign(message).value();
}

TEST_F(TokenApprovalTest, SignsWhatTheVaultVerifies) {
  const auto key = ApprovalKey::from_token(settings).value();
  const auto message = as_bytes("certrelay action v1");
  const auto signature = signed_by(key, message);
  EXPECT_EQ(signature.keyid, key.keyid());
  EXPECT_TRUE(verify_personal(key.spki(), message, signature).has_value());
  EXPECT_FALSE(verify_personal(key.spki(), as_bytes("certrelay action v2"), signature).has_value());
  // The same key after another log-in: the account keeps its meaning.
  EXPECT_EQ(ApprovalKey::from_token(settings).value().keyid(), key.keyid());
}

TEST_F(TokenApprovalTest, NeverLeavesTheToken) {
  const auto key = ApprovalKey::from_token(settings).value();
  EXPECT_EQ(key.encrypted_pem("a pass phrase").error().code, ErrorCode::kKeyUnusable);
}

TEST_F(TokenApprovalTest, WhatIsNotOnePairOfThatLabelIsRefused) {
  make_pair("EC:prime256v1", "other");
  auto right = settings;
  settings.label = "none";
  EXPECT_EQ(refusal(), ErrorCode::kTokenUnusable);
  settings.label = "other";
  EXPECT_EQ(refusal(), ErrorCode::kTokenUnusable);
  settings = right;
  settings.pin = "0000";
  EXPECT_EQ(refusal(), ErrorCode::kTokenUnusable);
  settings = right;
  settings.token = "others";
  EXPECT_EQ(refusal(), ErrorCode::kTokenUnusable);
  settings = right;
  make_pair("EC:edwards25519", "approval");
  EXPECT_EQ(refusal(), ErrorCode::kTokenUnusable);  // which of the two?
}

}  // namespace
}  // namespace certrelay
