#pragma once

#include <cstdint>
#include <string>

namespace certrelay {

// "12,345"
std::string grouped(std::uint64_t number);

}  // namespace certrelay
