#pragma once

#include <vector>

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"

namespace certrelay {

// 徴収単位 (item 21)
enum class FeeUnit : std::uint8_t { kPerCopy = 1, kPerSheet = 2 };
std::string_view to_text(FeeUnit unit);
Result<FeeUnit> parse_fee_unit(std::string_view text);

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
