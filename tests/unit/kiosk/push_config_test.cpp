#include "firmware/ctl/push_config.hpp"

#include <gtest/gtest.h>

#include "relay/env/posix_files.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

// The example of firmware/ctl/PUSH.md.
std::string documented_example() {
  PosixFiles files;
  const Bytes page = files.read_all(CERTRELAY_PUSH_MD, std::size_t{64} * 1024).value();
  const std::string text(as_text(page));
  const std::size_t begin = text.find("```json\n") + 8;
  return text.substr(begin, text.find("```", begin) - begin);
}

Result<PushConfig> load(const std::string& text) {
  const certrelay::testing::TempFolder folder;
  PosixFiles files;
  CERTRELAY_TRY(files.write_durably(folder / "feeder.json", as_bytes(text)));
  auto config = load_push_config(files, folder / "feeder.json");
  if (config) {
    EXPECT_EQ(config.value().feeder_key, folder / "feeder-sign.pem");
  }
  return config;
}

TEST(PushConfig, ReadsTheDocumentedExample) {
  const auto config = load(documented_example());
  ASSERT_TRUE(config) << config.error().where;
  EXPECT_EQ(config.value().registry.address, "192.0.2.10:8443");
  EXPECT_EQ(config.value().registry.server_name, "registry.relay.example");
  EXPECT_EQ(config.value().registry.answer_keys.size(), 1U);
}

TEST(PushConfig, RefusesAMemberTooManyOrTooFew) {
  std::string more = documented_example();
  more.insert(1, R"("extra":1,)");
  EXPECT_EQ(load(more).error().code, ErrorCode::kUnknownMember);
  std::string fewer = documented_example();
  const std::string member = R"("server_ca":"server-ca.pem",)";
  fewer.erase(fewer.find(member), member.size());
  EXPECT_EQ(load(fewer).error().code, ErrorCode::kMissingMember);
}

}  // namespace
}  // namespace certrelay
