#include "relay/keys/checkpoint_key.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

constexpr std::string_view kOrigin = "ledger.example/393274";

// FORMAT.md's note, signed by RFC 8032's first test key with another program.
constexpr std::string_view kNote =
    "ledger.example/393274\n3\nfcNS1J4KKUc1xWblcMXhyaBNxGNob7jIl8ZV/PIdS9Y=\n\n"
    "\xE2\x80\x94 ledger.example/393274 Anps13iYhnG9w0gNvXMe898h4taLuYBE8J99zIsOXiEXS/Q4AiPgSQ2SZ"
    "NLvsQpSQ3Cflo6uTUxykzxFOkZndbvKdwg=\n";
constexpr std::string_view kKey =
    "ledger.example/393274+027a6cd7+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

TEST(CheckpointKeyTest, VerifiesTheDocumentedNote) {
  const auto key = NoteVerifier::parse(kKey).value();
  EXPECT_EQ(verify_checkpoint(kNote, key).value().size, 3U);
  std::string other(kNote);
  other[other.find("\n3\n") + 1] = '4';
  EXPECT_EQ(verify_checkpoint(other, key).error().code, ErrorCode::kBadSignature);
}

TEST(CheckpointKeyTest, VerifiesWhatItSignedAndNobodyElsesNote) {
  const auto key = CheckpointKey::generate(kOrigin).value();
  const Checkpoint checkpoint{
      .origin = std::string(kOrigin), .size = 7, .root = {}, .extensions = {}};
  const auto note = key.sign(checkpoint).value();
  EXPECT_EQ(verify_checkpoint(note, key.verifier()).value(), checkpoint);
  const auto other = CheckpointKey::generate(kOrigin).value();
  EXPECT_EQ(verify_checkpoint(note, other.verifier()).error().code, ErrorCode::kUnknownKey);
}

TEST(CheckpointKeyTest, RefusesAnOriginThatNoNoteCanName) {
  EXPECT_EQ(CheckpointKey::generate("two words").error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace certrelay
