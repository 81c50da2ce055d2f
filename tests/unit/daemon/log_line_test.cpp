// Goal: the log is one line an event, with fields that a program reads, and takes nothing that a
// peer or a resident said. R16
#include "firmware/daemon/log_line.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <type_traits>

namespace certrelay {
namespace {

TEST(LogLine, HasASentenceAndItsFields) {
  LogLine line(LogLevel::kNotice, "reload");
  line.say("reload: card roots and lists are in force (").say(2).say(" newer)");
  line.with("outcome", "in_force").with("newer", 2);
  EXPECT_EQ(line.text(),
            "certrelayd: reload: card roots and lists are in force (2 newer) "
            "[event=reload outcome=in_force newer=2]");
}

TEST(LogLine, StaysOneLineWhateverAFileIsCalled) {
  LogLine line(LogLevel::kWarning, "reload");
  line.say(LogDetail::own("a\nb")).with("file", LogDetail::own("x y=\"z\"\r\n"));
  EXPECT_EQ(line.text(), "certrelayd: a b [event=reload file=\"x y=\\\"z\\\"  \"]");
}

// What was written with JOURNAL_STREAM as `stream` makes it of standard error's device and inode.
std::string written(const std::function<std::string(const struct stat&)>& stream) {
  ::testing::internal::CaptureStderr();
  struct stat found{};
  EXPECT_EQ(::fstat(STDERR_FILENO, &found), 0);
  ::setenv("JOURNAL_STREAM", stream(found).c_str(), 1);
  LogLine(LogLevel::kError, "alarm").say("ALARM").write();
  ::unsetenv("JOURNAL_STREAM");
  return ::testing::internal::GetCapturedStderr();
}

TEST(LogLine, IsWrittenAtOnceAndIntoTheJournalsOwnStreamWithItsLevel) {
  const std::string line = "certrelayd: ALARM [event=alarm]\n";
  const auto name = [](dev_t device, ino_t inode) {
    return std::to_string(device) + ":" + std::to_string(inode);
  };
  EXPECT_EQ(written([&](const auto& it) { return name(it.st_dev, it.st_ino); }), "<3>" + line);
  // Inherited by whoever starts us with standard error in a file.
  EXPECT_EQ(written([&](const auto& it) { return name(it.st_dev, it.st_ino + 1); }), line);
  EXPECT_EQ(written([&](const auto& it) { return name(it.st_dev + 1, it.st_ino); }), line);
  EXPECT_EQ(written([](const auto&) { return std::string("8"); }), line);
}

TEST(LogLine, WhatStaysAsItWasHasItsPartAndItsCause) {
  EXPECT_EQ(kept_line("cards", "lists stay: ").with("error", 129).text(),
            "certrelayd: reload: lists stay:  [event=reload part=cards outcome=kept error=129]");
  EXPECT_EQ(kept_line(ProcessName{Role::kCenter}, "x").text(),
            "certrelayd: reload: x [event=reload part=center outcome=kept]");
}

// What came over a connection is a string, a view or bytes: none of them is a detail.
static_assert(!std::is_convertible_v<std::string, LogDetail>);
static_assert(!std::is_convertible_v<std::string_view, LogDetail>);
static_assert(!std::is_convertible_v<const char*, LogDetail>);
static_assert(!std::is_constructible_v<LogDetail, std::string>);
static_assert(!std::is_constructible_v<LogDetail, std::string_view>);
static_assert(!std::is_constructible_v<LogDetail, const char*>);

}  // namespace
}  // namespace certrelay
