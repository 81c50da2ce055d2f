#include "firmware/kiosk/city/random.hpp"

#include <limits>

namespace certrelay {

std::uint64_t CityRandom::below(std::uint64_t bound) {
  CERTRELAY_CHECK(bound > 0);
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  // The largest multiple of bound that fits; what lies past it would favour small results.
  const std::uint64_t limit = kMax - kMax % bound;
  std::uint64_t draw = engine_();
  while (draw >= limit) draw = engine_();
  return draw % bound;
}

int CityRandom::between(int low, int high) {
  CERTRELAY_CHECK(low <= high);
  const auto width = static_cast<std::uint64_t>(static_cast<std::int64_t>(high) - low + 1);
  return static_cast<int>(low + static_cast<std::int64_t>(below(width)));
}

std::string CityRandom::digits(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += static_cast<char>('0' + below(10));
  return out;
}

}  // namespace certrelay
