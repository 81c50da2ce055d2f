// DER as we write it: a value around its parts, definite lengths in their shortest form.
#pragma once

#include <initializer_list>

#include "protocol/base/bytes.hpp"

namespace certrelay {

inline Bytes der_value(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  Bytes out{tag};
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    int octets = 1;
    while (size >> (8 * octets) != 0) ++octets;
    out.push_back(static_cast<std::uint8_t>(0x80 | octets));
    for (int i = octets - 1; i >= 0; --i) {
      out.push_back(static_cast<std::uint8_t>(size >> (8 * i) & 0xFF));
    }
  }
  for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

}  // namespace certrelay
