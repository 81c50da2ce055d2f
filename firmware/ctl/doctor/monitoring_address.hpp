#pragma once

#include "firmware/ctl/doctor/doctor.hpp"

namespace certrelay {

// Asks the configured monitoring listener, at most 10 s a question. Any status is an answer:
// /readyz says 503 when it has something to tell. `files` must outlive it.
AskMonitoring ask_over_loopback(const Config& config, Files& files);

}  // namespace certrelay
