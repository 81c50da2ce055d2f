// What came over a vault link and has not been taken yet, so that one read brings a whole frame, or
// several, instead of first a length and then its bytes.
#pragma once

#include "protocol/wire/vault_frame.hpp"

namespace certrelay {

// Grows to the longest frame it meets and shrinks again; what was taken is wiped.
class FrameBuffer {
 public:
  static constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

  // Room for the next read, never empty. Ends the views that next() gave.
  std::span<std::uint8_t> room();
  // So many bytes of room() were read. Precondition: not more than it has (CHECK).
  void filled(std::size_t bytes);
  // The next frame without its prefix; empty while it is not whole. Errors: frame_length()'s.
  Result<ByteView> next();

 private:
  Bytes buffer_;
  std::size_t begin_ = 0;  // of what was not taken
  std::size_t end_ = 0;
};

}  // namespace certrelay
