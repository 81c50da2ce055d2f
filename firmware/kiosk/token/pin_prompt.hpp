// The one way in which a PIN comes in: typed by a person, at the terminal, unseen.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "protocol/base/bytes.hpp"

namespace certrelay {

inline constexpr std::size_t kPinBytesMax = 64;

// Move-only, wiped when it dies or is moved from, never printed.
class Pin {
 public:
  // Errors: kTokenPin (empty, or over kPinBytesMax). The caller wipes its own copy.
  static Result<Pin> from(ByteView typed);
  Pin(Pin&& other) noexcept;
  Pin& operator=(Pin&&) = delete;
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ~Pin() { wipe(bytes_); }

  // For the one call that uses it; PKCS#11 takes it by a pointer that is not const.
  std::span<std::uint8_t> reveal() { return {bytes_.data(), size_}; }

 private:
  Pin() = default;

  std::array<std::uint8_t, kPinBytesMax> bytes_{};
  std::size_t size_ = 0;
};

// Shows `prompt` at the process's own terminal and reads a line there without echo; the terminal
// is as before afterwards, also when the person gives up (Ctrl-C, Ctrl-D). Standard input, files
// and the environment are never asked. Errors: kTokenPin (no terminal, given up, empty, too long).
Result<Pin> ask_pin(std::string_view prompt);

}  // namespace certrelay
