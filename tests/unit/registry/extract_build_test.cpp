#include "firmware/ctl/extract_build.hpp"

#include <gtest/gtest.h>

#include "firmware/ctl/folder_files.hpp"
#include "protocol/extract/walk.hpp"
#include "relay/env/posix_files.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

struct ExtractBuild : ::testing::Test {
  ExtractBuild() : key(FeederKey::generate().value()) {
    EXPECT_TRUE(files.make_folder(source).has_value());
    write("extract.json",
          R"({"municipality_code":"392901","generation":1,"base_generation":0,"last_change":0,)"
          R"("operator":"mihon-01","issuers":[")" +
              to_base64(sample::issuer_der()) + R"("]})");
  }
  void write(const std::string& name, std::string_view text) {
    const auto file = files.open(source + "/" + name, OpenMode::kCreate).value();
    ASSERT_TRUE(file->truncate(0).has_value());
    ASSERT_TRUE(file->write_at(0, as_bytes(text)).has_value());
  }
  void write_tables(const sample::Extract& extract) {
    for (const auto& [name, text] : extract.files) write(name, text);
  }
  Result<Manifest> build(IndividualNumbers numbers = IndividualNumbers::kNotHeld) {
    auto head =
        load_extract_head(files, source, parse_rfc3339("2026-11-22T12:00:00+09:00").value());
    head.value().numbers = numbers;
    return build_extract(files, source, target, head.value(), key, diagnostics);
  }
  PosixFiles files;
  testing::TempFolder folder;
  std::string source = folder / "csv";
  std::string target = folder / "extract";
  FeederKey key;
  Diagnostics diagnostics;
};

TEST_F(ExtractBuild, RowsInAnyOrderAndLineFeedsBecomeASignedExtract) {
  auto content = sample::content(5);
  std::reverse(content.households.begin(), content.households.end());
  std::swap(content.households[0].members.front(), content.households[0].members.back());
  auto extract = sample::extract(content);
  for (auto& [name, text] : extract.files) {
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  }
  write_tables(extract);
  const auto built = build();
  ASSERT_TRUE(built.has_value()) << diagnostics.rejections().front().rule;
  const auto json = files.read_all(target + "/manifest.json", kManifestBytesMax).value();
  EXPECT_EQ(decode_manifest(json).value(), built.value());
  const auto statement =
      parse_statement(as_text(files.read_all(target + "/manifest.statement", 1000).value()))
          .value();
  const auto verifier = FeederVerifier::from_pems({public_key_pem(key.spki())}).value();
  EXPECT_TRUE(verifier.verify(StatementKind::kManifest, built.value().municipality, statement, json)
                  .has_value());
  const auto persons = files.read_all(target + "/persons.csv", 1 << 20).value();
  EXPECT_LT(as_text(persons).find("00000000011"), as_text(persons).find("00000000051"));
}

TEST_F(ExtractBuild, NumbersComeOnlyWithTheConsentOfTheCommand) {  // R08
  write_tables(sample::extract(sample::numbered(3)));
  EXPECT_EQ(build().error().code, ErrorCode::kForbiddenItem);
  EXPECT_EQ(files.info(target).error().code, ErrorCode::kNotFound);
  diagnostics = {};
  const auto built = build(IndividualNumbers::kHeld);
  ASSERT_TRUE(built.has_value()) << diagnostics.rejections().front().rule;
  EXPECT_EQ(built.value().numbers, IndividualNumbers::kHeld);
  const auto persons = files.read_all(target + "/persons.csv", 1 << 20).value();
  EXPECT_NE(as_text(persons).find(sample::individual_number(11).reveal()), std::string_view::npos);
}

TEST_F(ExtractBuild, FaultNamesTheSourcesLineAndLeavesNothing) {
  auto content = sample::content(3);
  content.households[0].members[2].order = 9;
  std::reverse(content.households.begin(), content.households.end());
  write_tables(sample::extract(content));
  EXPECT_FALSE(build().has_value());
  // Header, one member, two members, and the third of three.
  const auto& fault = diagnostics.rejections().front();
  EXPECT_EQ(fault.file, "persons.csv");
  EXPECT_EQ(fault.rule, "order");
  EXPECT_EQ(fault.line, 7U);
  EXPECT_EQ(files.info(target).error().code, ErrorCode::kNotFound);
}

TEST_F(ExtractBuild, MissingTableAndUnknownColumnRefuse) {
  auto extract = sample::extract(sample::content(2));
  write_tables(extract);
  write("purposes.csv", "purpose,purpose_name,個人番号\nGENERAL,一般,1\n");
  EXPECT_EQ(build().error().code, ErrorCode::kForbiddenItem);
  ASSERT_TRUE(files.remove(source + "/purposes.csv").has_value());
  diagnostics = {};
  EXPECT_EQ(build().error().code, ErrorCode::kNotFound);
}

TEST_F(ExtractBuild, ExistingTargetIsNeverTouched) {
  write_tables(sample::extract(sample::content(2)));
  ASSERT_TRUE(build().has_value());
  EXPECT_EQ(build().error().code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(files.info(target + "/manifest.json").has_value());
}

}  // namespace
}  // namespace certrelay
