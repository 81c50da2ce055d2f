// Goal: the log is one line an event, with fields that a program reads, and takes nothing that a
// peer or a resident said. R16
#include "firmware/daemon/log_line.hpp"

#include <gtest/gtest.h>

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

TEST(LogLine, IsWrittenAtOnceAndForTheJournalWithItsLevel) {
  for (const bool journal : {false, true}) {
    if (journal) ::setenv("JOURNAL_STREAM", "8:1", 1);
    ::testing::internal::CaptureStderr();
    LogLine(LogLevel::kError, "alarm").say("ALARM").write();
    EXPECT_EQ(::testing::internal::GetCapturedStderr(),
              std::string(journal ? "<3>" : "") + "certrelayd: ALARM [event=alarm]\n");
  }
  ::unsetenv("JOURNAL_STREAM");
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
