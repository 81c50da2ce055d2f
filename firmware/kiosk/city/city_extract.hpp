#pragma once

#include "firmware/kiosk/city/city_folder.hpp"
#include "firmware/kiosk/city/kiosk_site.hpp"
#include "protocol/base/time.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// source/extract.json, then the site's extract folder from source/, by the function behind
// `certrelayctl extract build`, signed with the feeder's key. Errors: that function's.
Result<void> write_extract(CityFolder& folder, const KioskSite& site, const Bytes& issuer_der,
                           UtcTime now, IndividualNumbers numbers);

}  // namespace certrelay
