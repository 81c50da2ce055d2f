// Goal: what a command says is one text for a person or one object for a program; a bar says how
// far something long has come, and nothing of what is over at once.
#include "firmware/ctl/outcome.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "firmware/ctl/progress_line.hpp"
#include "firmware/ctl/say_failure.hpp"
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

TEST(Outcome, EveryRefusalHasTheSameShape) {
  const auto told = [](const SaidFailure& said) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(say(said, true), said.exit_code);
    EXPECT_EQ(::testing::internal::GetCapturedStderr().substr(0, 14), "certrelayctl: ");
    return ::testing::internal::GetCapturedStdout();
  };
  EXPECT_EQ(told({"接続", {}, "応答がありません", kExitCannotReach}),
            "{\"exit_code\":3,\"text\":\"certrelayctl: 接続: 応答がありません\","
            "\"step\":\"接続\"}\n");
  EXPECT_EQ(told({"", "not_allowed", "拒否されました", kExitRefused}),
            "{\"exit_code\":1,\"text\":\"certrelayctl: 拒否されました\","
            "\"problem\":\"not_allowed\"}\n");
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

// What comes out of a terminal on which `talk` is said.
std::string on_a_terminal(const std::function<void(std::FILE*)>& talk) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_TRUE(master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0);
  auto* const terminal = ::fdopen(::open(::ptsname(master), O_RDWR | O_NOCTTY), "w");
  talk(terminal);
  std::fclose(terminal);
  std::string out;
  char part[256];
  // It comes in pieces, and fails at its end.
  for (ssize_t size = 0; (size = ::read(master, part, sizeof part)) > 0;) {
    out.append(part, static_cast<std::size_t>(size));
  }
  ::close(master);
  return out;
}

TEST(ProgressLine, LeavesNoHalfOfABarBeforeWhatIsSaidNext) {
  const auto after = [](std::uint64_t done) {
    return on_a_terminal([done](std::FILE* out) {
      {
        ProgressLine line(out, "送信", entries_bar);
        line(done, 100);
      }
      std::fputs("done", out);
    });
  };
  EXPECT_TRUE(after(40).ends_with("件\r\x1B[Kdone")) << after(40);
  EXPECT_TRUE(after(100).ends_with("件\r\ndone")) << after(100);  // it ended, and stays
  EXPECT_EQ(after(0), "done");
}

TEST(ProgressLine, SaysNothingOfWhatIsOverAtOnce) { EXPECT_EQ(said_of(19, 20), ""); }

TEST(ProgressLine, TheBarsFiguresAreGrouped) {
  EXPECT_EQ(entries_bar(2'000'000, 5'000'000),
            "[############..................]  40%  2,000,000 / 5,000,000件");
}

}  // namespace
}  // namespace certrelay
