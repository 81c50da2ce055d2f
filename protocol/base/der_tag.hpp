// The tags of DER's universal types (X.690 §8), for whoever reads or writes it.
#pragma once

#include <cstdint>

namespace certrelay {

namespace der_tag {
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03,
                              kOctetString = 0x04, kNull = 0x05, kOid = 0x06, kEnumerated = 0x0A,
                              kUtcTime = 0x17, kGeneralizedTime = 0x18, kSequence = 0x30,
                              kSet = 0x31;
}  // namespace der_tag

}  // namespace certrelay
