#include "protocol/record/note.hpp"

#include <gtest/gtest.h>

#include "protocol/record/checkpoint.hpp"

namespace certrelay {
namespace {

const std::string kText = "example.com/foo\nsecond line\n";

SignedNote note() {
  return {.text = kText,
          .signatures = {{.name = "example.com/foo", .key_id = {1, 2, 3, 4}, .signature = {5, 6}}}};
}

TEST(NoteTest, ParsesWhatItEncoded) {
  EXPECT_EQ(encode_note(note()), kText + "\n\xE2\x80\x94 example.com/foo AQIDBAUG\n");
  EXPECT_EQ(parse_note(encode_note(note())).value(), note());
}

TEST(NoteTest, RefusesEveryOtherForm) {
  const auto good = encode_note(note());
  EXPECT_FALSE(parse_note(good.substr(0, good.size() - 1)).has_value());
  EXPECT_FALSE(parse_note(kText + "\n").has_value());  // no signature
  EXPECT_FALSE(parse_note("\n" + good).has_value());
  EXPECT_FALSE(parse_note(good + "\n").has_value());
  EXPECT_FALSE(parse_note("a\tb\n\n\xE2\x80\x94 k AQIDBAUG\n").has_value());
  EXPECT_FALSE(parse_note(kText + "\n- example.com/foo AQIDBAUG\n").has_value());
  EXPECT_FALSE(parse_note(kText + "\n\xE2\x80\x94 a+b AQIDBAUG\n").has_value());
  EXPECT_FALSE(parse_note(kText + "\n\xE2\x80\x94 k AQIDBA==\n").has_value());  // id alone
  EXPECT_EQ(parse_note(std::string(kNoteBytesMax + 1, 'a')).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(NoteTest, SignaturesUpToTheLimitAndNotOneMore) {
  auto many = note();
  many.signatures.assign(kNoteSignaturesMax, note().signatures[0]);
  EXPECT_TRUE(parse_note(encode_note(many)).has_value());
  many.signatures.push_back(note().signatures[0]);
  EXPECT_EQ(parse_note(encode_note(many)).error().code, ErrorCode::kLimitExceeded);
}

// The example key of the specification's reference (golang.org/x/mod/sumdb/note).
TEST(NoteTest, KeyIdIsTheSpecifications) {
  constexpr std::string_view kKey =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const auto verifier = NoteVerifier::parse(kKey).value();
  EXPECT_EQ(to_hex(verifier.key_id()), "c74f20a3");
  EXPECT_EQ(verifier.text(), kKey);
  EXPECT_FALSE(NoteVerifier::parse("PeterNeumann+c74f20a4+" + std::string(kKey.substr(22))));
  EXPECT_FALSE(NoteVerifier::parse("PeterNeumann"));
  EXPECT_EQ(signature_of(note(), verifier).error().code, ErrorCode::kUnknownKey);
}

TEST(CheckpointTest, ParsesWhatItEncoded) {
  auto state = empty_chain("ledger.example/39");
  auto checkpoint = checkpoint_of("ledger.example/39", state);
  EXPECT_EQ(encode_checkpoint(checkpoint),
            "ledger.example/39\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  EXPECT_EQ(parse_checkpoint(encode_checkpoint(checkpoint)).value(), checkpoint);
  checkpoint.size = 18'446'744'073'709'551'615U;
  checkpoint.extensions = {"later"};
  EXPECT_EQ(parse_checkpoint(encode_checkpoint(checkpoint)).value(), checkpoint);
}

TEST(CheckpointTest, RefusesEveryOtherSpelling) {
  const std::string root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  EXPECT_TRUE(parse_checkpoint("a\n1\n" + root).has_value());
  EXPECT_FALSE(parse_checkpoint("a\n01\n" + root).has_value());
  EXPECT_FALSE(parse_checkpoint("a\n+1\n" + root).has_value());
  EXPECT_FALSE(parse_checkpoint("a\n-1\n" + root).has_value());
  EXPECT_FALSE(parse_checkpoint("a\n18446744073709551616\n" + root).has_value());
  EXPECT_FALSE(parse_checkpoint("a\n1\n" + root.substr(0, root.size() - 1)).has_value());
  EXPECT_FALSE(parse_checkpoint("a\n1\nAAAA\n").has_value());
  EXPECT_FALSE(parse_checkpoint("a b\n1\n" + root).has_value());
  EXPECT_FALSE(parse_checkpoint("").has_value());
}

}  // namespace
}  // namespace certrelay
