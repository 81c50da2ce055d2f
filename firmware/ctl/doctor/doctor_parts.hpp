// Internal to firmware/ctl/doctor.
#pragma once

#include "firmware/ctl/doctor/doctor.hpp"

namespace certrelay {

// What has an end: the listeners' certificates and authorities, the documents', the card's roots
// and lists.
std::vector<DoctorLine> examine_ends(const Config& config, Files& files,
                                     const DoctorQuestion& question);

}  // namespace certrelay
