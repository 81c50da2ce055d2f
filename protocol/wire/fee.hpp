#pragma once

#include <vector>

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// One price; it comes with the extract only and holds from a day on.
struct Fee {
  PurposeCode purpose;
  std::int64_t unit_price_yen;  // 0 to kYenMax
  FeeUnit unit;
  JstDay effective_from;
  friend bool operator==(const Fee&, const Fee&) = default;
};
inline constexpr std::int64_t kYenMax = 1'000'000;
inline constexpr std::size_t kFeesMax = 128;

}  // namespace certrelay
