// Another program as a filter: bytes in, bytes out. No shell, no temporary file.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

inline constexpr std::size_t kProgramOutputBytesMax = std::size_t{64} * 1024 * 1024;

// Runs `arguments[0]` from PATH with `input` on its standard input; its errors go to ours.
// Also ignores SIGPIPE in this process: a program may stop reading.
// Errors: kNotFound (no such program), kProgramFailed (exit code not 0), kLimitExceeded, kIoError.
Result<Bytes> run_filter(const std::vector<std::string>& arguments, ByteView input);

}  // namespace certrelay
