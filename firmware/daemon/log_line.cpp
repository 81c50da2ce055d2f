#include "firmware/daemon/log_line.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace certrelay {
namespace {

// One line each: what would end it is a space.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text;
}

// As logfmt has it: quoted where a reader would cut it.
std::string field_value(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" \"=]") == std::string::npos;
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// systemd.exec(5): the variable names the journal's stream by device and inode. It is inherited by
// whatever a process starts, with standard error elsewhere too, so it alone says nothing.
bool stderr_is_the_journals() {
  const char* const named = ::getenv("JOURNAL_STREAM");  // nobody sets it while we run
  struct stat found{};
  if (named == nullptr || ::fstat(STDERR_FILENO, &found) != 0) return false;
  return std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino) == named;
}

LogLine begin_kept(LogWords sentence) {
  LogLine out(LogLevel::kWarning, "reload");
  out.say("reload: ").say(sentence);
  return out;
}

}  // namespace

LogDetail LogDetail::place(const Error& error) { return LogDetail(std::string(error.where)); }

LogLine::LogLine(LogLevel level, LogWords event) : level_(level) { with("event", event); }

LogLine& LogLine::say(LogWords piece) {
  sentence_ += piece.text();
  return *this;
}

LogLine& LogLine::say(const LogDetail& piece) {
  sentence_ += piece.text();
  return *this;
}

LogLine& LogLine::with(LogWords name, LogWords value) { return field(name.text(), value.text()); }

LogLine& LogLine::with(LogWords name, const LogDetail& value) {
  return field(name.text(), value.text());
}

LogLine& LogLine::field(std::string_view name, std::string_view value) {
  if (!fields_.empty()) fields_ += ' ';
  fields_ += std::string(name) + "=" + field_value(on_one_line(std::string(value)));
  return *this;
}

std::string LogLine::text() const {
  return on_one_line("certrelayd: " + sentence_ + " [" + fields_ + "]");
}

void LogLine::write() const {
  std::string line;
  if (stderr_is_the_journals()) {
    line = "<" + std::to_string(static_cast<int>(level_)) + ">";
  }
  line += text() + "\n";
  // Lost where nobody reads: a relay does not stop for its log.
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

LogLine kept_line(LogWords part, LogWords sentence) {
  return std::move(begin_kept(sentence).with("part", part).with("outcome", "kept"));
}

LogLine kept_line(const ProcessName& part, LogWords sentence) {
  return std::move(begin_kept(sentence).with("part", part).with("outcome", "kept"));
}

void log_kept(LogWords part, LogWords sentence, const StartFailure& failure) {
  kept_line(part, sentence).say(failure).write();
}

LogLine alarm_line(std::string_view label, ErrorCode reason) {
  const auto code = static_cast<int>(reason);
  LogLine out(LogLevel::kError, "alarm");
  out.say("ALARM ").say(LogDetail::own(label)).say(": error ").say(code);
  out.say("; nothing is issued until two operators clear it with a reason");
  out.with("alarm", LogDetail::own(label)).with("error", code);
  return out;
}

}  // namespace certrelay
