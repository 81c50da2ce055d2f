// The relay's own log: one event is one line on standard error, a sentence for a person and behind
// it the fields for a program. Nothing of a request, a transaction or a resident has a type that
// can be said here, and no peer makes a line: what one does is counted and in the ledger (R16).
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "firmware/daemon/process_name.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "protocol/base/sha256.hpp"

namespace certrelay {

// syslog's numbers: systemd takes them from the line's beginning.
enum class LogLevel : std::uint8_t { kError = 3, kWarning = 4, kNotice = 5 };

// The program's own words: a literal.
class LogWords {
 public:
  template <std::size_t N>
  consteval LogWords(const char (&text)[N]) : text_(text, N - 1) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// What a line may say besides.
class LogDetail {
 public:
  LogDetail(std::integral auto number) : text_(std::to_string(number)) {}
  LogDetail(const StartFailure& failure) : text_(failure.what()) {}  // says nothing of anybody
  LogDetail(const ProcessName& name) : text_(name.text()) {}
  LogDetail(const Digest& digest) : text_(to_hex(digest)) {}
  // Of an Error: a literal, by its contract.
  static LogDetail place(const Error& error);
  // A path or a name that the configuration has, a key's id, an alarm's label: made on this
  // machine, never by a peer.
  static LogDetail own(std::string_view text) { return LogDetail(std::string(text)); }
  const std::string& text() const { return text_; }

 private:
  explicit LogDetail(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

class LogLine {
 public:
  LogLine(LogLevel level, LogWords event);
  // The sentence, piece by piece.
  LogLine& say(LogWords piece);
  LogLine& say(const LogDetail& piece);
  LogLine& with(LogWords name, LogWords value);
  LogLine& with(LogWords name, const LogDetail& value);
  // certrelayd: reload: the answer keys stay as they were: ... [event=reload outcome=kept]
  std::string text() const;
  // By one call; headed by <level> where standard error is the journal's own stream.
  void write() const;

 private:
  LogLine& field(std::string_view name, std::string_view value);

  LogLevel level_;
  std::string sentence_;
  std::string fields_;
};

// A part of the relay that goes on as it was, because what was offered instead is bad:
// "reload: SENTENCE" and the fields of every such line; the caller may say why, and writes it.
LogLine kept_line(LogWords part, LogWords sentence);
LogLine kept_line(const ProcessName& part, LogWords sentence);
// Why it is bad, written.
void log_kept(LogWords part, LogWords sentence, const StartFailure& failure);
// An alarm that is latched; `label` is AlarmLatch::label().
LogLine alarm_line(std::string_view label, ErrorCode reason);

}  // namespace certrelay
