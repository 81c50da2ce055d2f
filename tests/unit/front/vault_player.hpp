// The vault's end of a front's link, played by a test: synchronous, frame by frame.
#pragma once

#include <string>
#include <vector>

#include "protocol/wire/vault_frame.hpp"

namespace certrelay::testing {

class VaultPlayer {
 public:
  VaultPlayer();
  ~VaultPlayer();
  VaultPlayer(const VaultPlayer&) = delete;
  VaultPlayer& operator=(const VaultPlayer&) = delete;

  // The front's end, to be given to it once.
  int front_fd() const { return front_fd_; }
  void send(const VaultFrame& frame) const;
  void send_raw(ByteView bytes) const;
  void serve(bool serving = true) const { send(ServingFrame{serving}); }
  // Takes what has come. Complete requests and reports are appended to the lists.
  void take();
  // Ends the link.
  void hang_up();

  std::vector<RequestFrame> requests;
  std::vector<RefusalsFrame> refusals;

 private:
  int fd_ = -1;
  int front_fd_ = -1;
  Bytes buffer_;
};

// 200 with this text as its body.
AnswerFrame answer_to(const RequestFrame& request, std::string_view text);

}  // namespace certrelay::testing
