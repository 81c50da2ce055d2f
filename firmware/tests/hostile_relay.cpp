// In the place of certrelayd and of certrelay-fetch in the update that must fail its health: tries
// what one that somebody took over would try, says what the machine answered, and ends.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

void say(const char* what, bool done) {
  const char* answer = done ? "DONE" : std::strerror(errno);
  std::fprintf(stderr, "hostile %s: %s: %s\n", program_invocation_short_name, what, answer);
}

bool sends(int type, const char* address, int port) {
  const int fd = ::socket(AF_INET, type, 0);
  if (fd < 0) return false;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address, &to.sin_addr);
  const timeval patience{.tv_sec = 3, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const bool done = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
                    ::send(fd, "x", 1, 0) == 1;
  const int error = errno;
  ::close(fd);
  errno = error;
  return done;
}

}  // namespace

int main() {
  say("tcp 10.0.2.2:80", sends(SOCK_STREAM, "10.0.2.2", 80));
  say("udp 10.0.2.3:53", sends(SOCK_DGRAM, "10.0.2.3", 53));
  say("disk /dev/vda", ::open("/dev/vda", O_RDWR | O_CLOEXEC) >= 0);
  return 1;
}
