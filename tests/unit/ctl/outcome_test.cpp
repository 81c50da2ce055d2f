// Goal: what a command says is one text for a person or one object for a program; a bar says how
// far something long has come, and nothing of what is over at once.
#include "firmware/ctl/outcome.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "firmware/ctl/progress_line.hpp"
#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

TEST(Outcome, AProgramGetsOneObjectAndAPersonTheText) {
  const Outcome done{0, "済みました", {{"last", 12}}};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(tell(done, false), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "済みました\n");
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(tell(done, true), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(),
            "{\"exit_code\":0,\"text\":\"済みました\",\"last\":12}\n");
}

TEST(Outcome, AFailureIsSaidOnStandardErrorAndToldToAProgramToo) {
  const Outcome refused{1, "できません", {{"reason", 404}}};
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(tell(refused, true), 1);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "できません\n");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(),
            "{\"exit_code\":1,\"text\":\"できません\",\"reason\":404}\n");
}

std::string said_of(std::uint64_t all, std::uint64_t all_min) {
  auto* const file = std::tmpfile();
  ProgressLine line(file, "検証", entries_bar, all_min);
  for (std::uint64_t done = 1; done <= all; ++done) line(done, all);
  std::string out(4096, '\0');
  std::rewind(file);
  out.resize(std::fread(out.data(), 1, out.size(), file));
  std::fclose(file);
  return out;
}

TEST(ProgressLine, IsALineForEveryTenthWhereNoTerminalIs) {
  EXPECT_EQ(said_of(20, 20),
            "検証 10%\n検証 20%\n検証 30%\n検証 40%\n検証 50%\n検証 60%\n検証 70%\n検証 80%\n"
            "検証 90%\n検証 100%\n");
}

TEST(ProgressLine, SaysNothingOfWhatIsOverAtOnce) { EXPECT_EQ(said_of(19, 20), ""); }

TEST(ProgressLine, TheBarsFiguresAreGrouped) {
  EXPECT_EQ(entries_bar(2'000'000, 5'000'000),
            "[############..................]  40%  2,000,000 / 5,000,000件");
}

}  // namespace
}  // namespace certrelay
