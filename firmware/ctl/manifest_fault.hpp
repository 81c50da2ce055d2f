// Why a manifest cannot be used, in the words of the clerk who ran the extract.
#pragma once

#include <string>

#include "protocol/extract/diagnostic.hpp"

namespace certrelay {

// Who has to mend it: what `extract build` reads is mended by hand, a signed manifest never.
enum class ManifestOrigin : std::uint8_t { kSourceHead, kExtract };

// `error` is decode_manifest's, encode's, load_extract_head's or Files' about the file `name`.
Diagnostic manifest_fault(std::string name, const Error& error, ManifestOrigin origin);

// A file or folder `name` that Files could not give.
Diagnostic file_fault(std::string name, const Error& error, ManifestOrigin origin);

}  // namespace certrelay
