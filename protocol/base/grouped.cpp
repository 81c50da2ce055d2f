#include "protocol/base/grouped.hpp"

#include <cstddef>

namespace certrelay {

std::string grouped(std::uint64_t number) {
  auto out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) {
    out.insert(static_cast<std::size_t>(at), ",");
  }
  return out;
}

}  // namespace certrelay
