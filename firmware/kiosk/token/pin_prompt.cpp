#include "firmware/kiosk/token/pin_prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace certrelay {
namespace {

constexpr char kCtrlC = 0x03, kCtrlD = 0x04, kBackspace = 0x08, kDelete = 0x7F;

Error no_terminal() {
  return {ErrorCode::kTokenPin, "PIN: it is typed at a terminal only, and there is none"};
}

// The process's terminal: no echo, each octet as it comes, no signals. A signal would end the
// program and leave its caller a terminal that shows nothing.
class QuietTerminal {
 public:
  QuietTerminal() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (file_ < 0 || ::tcgetattr(file_, &before_) != 0) return;
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    ready_ = ::tcsetattr(file_, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (ready_) ::tcsetattr(file_, TCSAFLUSH, &before_);
    if (file_ >= 0) ::close(file_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  bool ready() const { return ready_; }

  bool show(std::string_view text) const {
    while (!text.empty()) {
      const auto written = ::write(file_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  // False at the end of the terminal.
  bool take(char& octet) const {
    for (;;) {
      const auto read = ::read(file_, &octet, 1);
      if (read < 0 && errno == EINTR) continue;
      return read == 1;
    }
  }

 private:
  int file_;
  bool ready_ = false;
  termios before_{};
};

// Into `typed`, one octet longer than a PIN may be, so that Pin::from() sees what is too long.
bool read_line(const QuietTerminal& terminal, std::span<std::uint8_t> typed, std::size_t& size) {
  char octet = 0;
  while (terminal.take(octet)) {
    if (octet == '\r' || octet == '\n') return true;
    if (octet == kCtrlC || octet == kCtrlD) return false;
    if (octet == kBackspace || octet == kDelete) {
      if (size > 0) --size;
    } else if (size < typed.size()) {
      typed[size++] = static_cast<std::uint8_t>(octet);
    }
  }
  return false;
}

}  // namespace

Result<Pin> Pin::from(ByteView typed) {
  if (typed.empty()) return Error{ErrorCode::kTokenPin, "PIN: none was typed"};
  if (typed.size() > kPinBytesMax) return Error{ErrorCode::kTokenPin, "PIN: longer than any"};
  Pin out;
  std::copy(typed.begin(), typed.end(), out.bytes_.begin());
  out.size_ = typed.size();
  return out;
}

Pin::Pin(Pin&& other) noexcept : bytes_(other.bytes_), size_(std::exchange(other.size_, 0)) {
  wipe(other.bytes_);
}

Result<Pin> ask_pin(std::string_view prompt) {
  const QuietTerminal terminal;
  if (!terminal.ready() || !terminal.show(prompt)) return no_terminal();
  std::array<std::uint8_t, kPinBytesMax + 1> typed{};
  std::size_t size = 0;
  const bool whole = read_line(terminal, typed, size);
  terminal.show("\n");
  auto pin = whole ? Pin::from(ByteView(typed).first(size))
                   : Result<Pin>(Error{ErrorCode::kTokenPin, "PIN: given up"});
  wipe(typed);
  return pin;
}

}  // namespace certrelay
