#include "firmware/kiosk/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr Error kIo{ErrorCode::kIoError, "pipe to another program"};

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return kIo;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Starts the program between the two pipes' child ends.
Result<pid_t> start(const std::vector<std::string>& arguments, const Pipe& in, const Pipe& out) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  CERTRELAY_CHECK(posix_spawn_file_actions_init(&actions) == 0);
  CERTRELAY_CHECK(posix_spawn_file_actions_adddup2(&actions, in.read.get(), STDIN_FILENO) == 0);
  CERTRELAY_CHECK(posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO) == 0);
  pid_t child = 0;
  const int code = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) return Error{ErrorCode::kNotFound, "program"};
  return child;
}

// Writes and reads by turns, as the pipes allow, until the program closes its output.
Result<Bytes> pump(Descriptor& to, const Descriptor& from, ByteView input) {
  if (::fcntl(to.get(), F_SETFL, O_NONBLOCK) != 0) return kIo;
  Bytes out;
  std::array<std::uint8_t, 65536> chunk;
  while (true) {
    if (input.empty()) to.close();
    std::array<pollfd, 2> both{{{from.get(), POLLIN, 0}, {to.get(), POLLOUT, 0}}};
    if (::poll(both.data(), both.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return kIo;
    }
    if (both[1].revents != 0) {
      const ssize_t written = ::write(to.get(), input.data(), input.size());
      // A program that has read enough closes its input: the rest is not for it.
      input = written > 0 ? input.subspan(static_cast<std::size_t>(written)) : ByteView{};
    }
    if (both[0].revents == 0) continue;
    const ssize_t read = ::read(from.get(), chunk.data(), chunk.size());
    if (read < 0) return kIo;
    if (read == 0) return out;
    out.insert(out.end(), chunk.begin(), chunk.begin() + read);
    if (out.size() > kProgramOutputBytesMax) return Error{ErrorCode::kLimitExceeded, "program"};
  }
}

}  // namespace

Result<Bytes> run_filter(const std::vector<std::string>& arguments, ByteView input) {
  CERTRELAY_CHECK(!arguments.empty());
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) return kIo;
  CERTRELAY_TRY(Pipe in, make_pipe());
  CERTRELAY_TRY(Pipe out, make_pipe());
  CERTRELAY_TRY(const pid_t child, start(arguments, in, out));
  in.read.close();
  out.write.close();
  Result<Bytes> output = pump(in.write, out.read, input);
  in.write.close();
  out.read.close();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (output && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
    return Error{ErrorCode::kProgramFailed, "program"};
  }
  return output;
}

}  // namespace certrelay
