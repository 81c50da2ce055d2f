// The monitoring listener's calls: /livez, /readyz, /metrics. Nothing of a person, no kiosk id.
#pragma once

#include <functional>

#include "firmware/daemon/health.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

// Answers GET and HEAD of the three paths; 404 for the rest. Unsigned: monitoring is no data peer.
HttpAnswer answer_monitoring(const HttpRequest& request, const std::function<Health()>& health,
                             const std::function<std::string()>& metrics);

}  // namespace certrelay
