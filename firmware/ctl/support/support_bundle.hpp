// What a vendor needs to help, and nothing that a vendor must not see (R37): versions, the redacted
// configuration, doctor's verdicts without their texts, health, metrics with their counts. Neither
// the register, the ledger nor a key's file is opened for it.
#pragma once

#include "firmware/ctl/doctor/doctor.hpp"

namespace certrelay {

struct BundleParts {
  std::string versions;       // of the program and its libraries
  std::string configuration;  // redacted_configuration()
  std::vector<DoctorLine> lines;
  std::string readyz;   // as it came; empty: no answer
  std::string metrics;  // likewise
};

// A tar archive.
Bytes support_bundle(const BundleParts& parts, UtcTime now);

}  // namespace certrelay
