#pragma once

#include "firmware/ctl/init/received.hpp"

namespace certrelay {

// certrelay.toml of the site: paths relative to its folder, hours of the common operation (R04).
// Precondition: `site` was read without a finding.
std::string planned_site_text(const InitPlan& plan, const ReceivedSite& site);

}  // namespace certrelay
