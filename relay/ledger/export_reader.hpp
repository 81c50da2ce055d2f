// An export's file, line by line, of any size.
#pragma once

#include <functional>

#include "protocol/record/export.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// What was wrong with an export, if anything was: its first line that is not good, or that it is
// cut off.
struct ExportRead {
  std::optional<Error> wrong;
};

// Feeds `lines` with every line of the file and calls `taken` behind each that it took. Stops at
// the first line that is not good, or at taken's error. Errors: those of Files, kLimitExceeded (a
// line past kExportLineBytesMax).
Result<ExportRead> read_export(Files& files, const std::string& path, ExportVerifier& lines,
                               const std::function<Result<void>(std::string_view)>& taken);

}  // namespace certrelay
