// Internal to relay/env.
#pragma once

#include "relay/env/files.hpp"

namespace certrelay {

// An open descriptor; owns it.
class PosixFile final : public File {
 public:
  explicit PosixFile(int descriptor) : descriptor_(descriptor) {}
  ~PosixFile() override;
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override;
  Result<void> write_at(std::uint64_t offset, ByteView bytes) override;
  Result<void> truncate(std::uint64_t size) override;
  Result<std::uint64_t> size() override;
  Result<void> sync() override;
  Result<void> lock() override;

 private:
  int descriptor_;
};

// errno as an Error.
Error posix_error(int number, std::string_view where);

}  // namespace certrelay
