#include "protocol/extract/manifest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

Manifest sample_manifest() {
  auto content = sample::content(2);
  content.images["a.png"] = sample::png();
  return sample::extract(content).manifest;
}

ErrorCode refusal(std::string_view json) {
  const auto out = decode_manifest(as_bytes(json));
  return out ? ErrorCode::kNone : out.error().code;
}

std::string replaced(std::string_view from, std::string_view to) {
  auto json = encode(sample_manifest()).value();
  const auto at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(Manifest, DecodesWhatItEncodes) {
  const auto manifest = sample_manifest();
  EXPECT_EQ(decode_manifest(as_bytes(encode(manifest).value())).value(), manifest);
}

TEST(Manifest, FormatMdsExampleIsWhatEncodeWrites) {
  std::ifstream file(CERTRELAY_SOURCE_DIR "/protocol/extract/FORMAT.md");
  std::stringstream text;
  text << file.rdbuf();
  const auto format = text.str();
  const auto at = format.find("```json\n") + 8;
  const auto example = format.substr(at, format.find("\n```", at) - at);
  const auto manifest = decode_manifest(as_bytes(example));
  ASSERT_TRUE(manifest.has_value());
  EXPECT_EQ(manifest.value().last_change, 17U);
  EXPECT_EQ(manifest.value().issuers.front(), sample::issuer_der());
  EXPECT_EQ(encode(manifest.value()).value(), example);
}

TEST(Manifest, SaysThatNumbersAreHeldInOneWayOrNotAtAll) {  // R08
  EXPECT_EQ(encode(sample_manifest()).value().find("individual_number"), std::string::npos);
  const auto held = sample::extract(sample::numbered(2)).manifest;
  const auto json = encode(held).value();
  EXPECT_NE(json.find(R"("operator":"mihon-01","individual_number":true,"counts")"),
            std::string::npos);
  EXPECT_EQ(decode_manifest(as_bytes(json)).value(), held);
  for (const auto* other : {"false", "1", "null", "\"true\""}) {
    EXPECT_EQ(refusal(replaced("\"counts\"",
                               "\"individual_number\":" + std::string(other) + ",\"counts\"")),
              ErrorCode::kManifestMalformed)
        << other;
  }
}

TEST(Manifest, OtherSchemaVersionRefusesBeforeAnythingElse) {
  EXPECT_EQ(refusal(R"({"schema_version":2,"surprise":1})"), ErrorCode::kSchemaVersion);
}

TEST(Manifest, UnknownMembersAndFilesRefuse) {  // R22
  EXPECT_EQ(refusal(replaced("{\"muni", "{\"x\":1,\"muni")), ErrorCode::kUnknownMember);
  EXPECT_EQ(refusal(replaced("fees.csv", "feez.csv")), ErrorCode::kUnknownItem);
  EXPECT_EQ(refusal(replaced("images/a.png", "images/../a.png")), ErrorCode::kUnknownItem);
}

TEST(Manifest, PromiseOfAHundredGigabytesRefuses) {
  auto manifest = sample_manifest();
  manifest.files.back().bytes = kExtractBytesMax + 1;
  EXPECT_EQ(encode(manifest).error().code, ErrorCode::kLimitExceeded);
  manifest.files.back().bytes = 1000;
  const auto json = encode(manifest).value();
  auto huge = json;
  huge.replace(huge.rfind("\"bytes\":1000"), 12, "\"bytes\":107374182400");
  EXPECT_NE(refusal(huge), ErrorCode::kNone);
}

TEST(Manifest, FilesStandInTheStreamsOrder) {
  auto manifest = sample_manifest();
  std::swap(manifest.files[0], manifest.files[1]);
  EXPECT_EQ(encode(manifest).error().code, ErrorCode::kManifestMalformed);
  manifest = sample_manifest();
  manifest.files.pop_back();
  EXPECT_EQ(encode(manifest).error().code, ErrorCode::kManifestMalformed);
  manifest = sample_manifest();
  manifest.files.push_back(manifest.files.back());
  EXPECT_EQ(encode(manifest).error().code, ErrorCode::kManifestMalformed);
}

TEST(Manifest, GenerationRisesAboveItsBase) {
  auto manifest = sample_manifest();
  manifest.generation = 0;
  EXPECT_FALSE(encode(manifest).has_value());
  manifest.generation = 5;
  manifest.base_generation = 5;
  EXPECT_FALSE(encode(manifest).has_value());
  manifest.base_generation = 4;
  manifest.last_change = 17;
  EXPECT_TRUE(encode(manifest).has_value());
}

TEST(Manifest, IssuersAtTheLimitAndOnePast) {
  auto manifest = sample_manifest();
  manifest.issuers.clear();
  for (std::uint8_t i = 0; i < kIssuersMax; ++i) manifest.issuers.push_back({0x30, 0x01, i});
  EXPECT_TRUE(encode(manifest).has_value());
  manifest.issuers.push_back({0x30, 0x02, 0, 0});
  EXPECT_EQ(encode(manifest).error().code, ErrorCode::kLimitExceeded);
  manifest.issuers = {{0x30, 0x00}, {0x30, 0x00}};
  EXPECT_EQ(encode(manifest).error().code, ErrorCode::kManifestMalformed);
}

}  // namespace
}  // namespace certrelay
