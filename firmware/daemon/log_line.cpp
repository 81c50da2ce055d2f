#include "firmware/daemon/log_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

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
  if (::getenv("JOURNAL_STREAM") != nullptr) {  // systemd.exec(5); nobody sets it while we run
    line = "<" + std::to_string(static_cast<int>(level_)) + ">";
  }
  line += text() + "\n";
  // Lost where nobody reads: a relay does not stop for its log.
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

void log_kept(LogWords part, LogWords sentence, const StartFailure& failure) {
  LogLine(LogLevel::kWarning, "reload")
      .say("reload: ")
      .say(sentence)
      .say(failure)
      .with("part", part)
      .with("outcome", "kept")
      .write();
}

}  // namespace certrelay
