// A whole fictional city in one folder: people, authorities, cards, extract and configuration.
#pragma once

#include <optional>
#include <string>

#include "protocol/base/time.hpp"
#include "relay/env/entropy.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

struct CityPlan {
  std::string folder;
  int residents = 3000;
  std::uint64_t seed = 1;
  int softcards = 250;      // of ordinary residents, beyond the roles
  int revoked = 50;         // replaced cards on the card authority's list, beyond the roles'
  bool real_hours = false;  // 06:30 to 23:00 and the New Year's holidays, else around the clock
  bool numbers = false;     // 個人番号: in the extract, offered, and held by the configuration
  bool documents = false;   // certificates are signed, and each page has its printed seal
  bool replace = false;     // an older city of that folder
  std::string font = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf";
  UtcTime now;  // every date counts from its day in Japan
};

inline constexpr int kCityResidentsMax = 10'000'000;
inline constexpr int kCitySoftcardsMax = 10'000;
inline constexpr int kCityRevokedMax = 2'000'000;

struct CityReport {
  std::uint64_t persons = 0;
  std::uint64_t households = 0;
  std::uint64_t cards = 0;
  std::size_t softcards = 0;
};

// Why there is no city: one line that says what and how to mend it, and the program's exit code.
struct CityFailure {
  std::string line;
  int exit_code = 1;
};

// Builds in `folder`.new and renames it: `folder` is whole or untouched, and a failure leaves
// nothing behind. Equal plans give equal people; keys and certificates are fresh each time.
std::optional<CityFailure> create_city(Files& files, Entropy& entropy, const CityPlan& plan,
                                       CityReport& report);

}  // namespace certrelay
