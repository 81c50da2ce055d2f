#pragma once

#include "protocol/record/entry_text.hpp"

namespace certrelay {

// Which very program runs: "certrelay-0.1.0+" and its link's SHA-1 in hexadecimal (the GNU build id
// in the file, which strip keeps; `readelf -n` shows it). Equal sources and tools give equal ones.
// Without that note, as in a link by hand, the version alone.
BuildId build_id();

}  // namespace certrelay
