// certrelay.toml and kiosk.json of a fictional city, as texts.
#pragma once

#include <string>

#include "firmware/kiosk/city/authorities.hpp"
#include "firmware/kiosk/city/kiosk_site.hpp"
#include "protocol/base/sha256.hpp"

namespace certrelay {

struct SiteChoices {
  MunicipalityCode municipality;
  std::string name;       // 土佐みなと市
  std::string font_path;  // absolute
  Digest font_digest{};
  bool real_hours = false;  // 06:30 to 23:00 but 12/29 to 1/3, else around the clock
  bool numbers = false;     // hold_individual_number
  bool documents = false;   // [documents], signature and printed seal
};

std::string site_config_text(const SiteChoices& choices, const CityKeys& keys);
KioskSite kiosk_site(const MunicipalityCode& municipality);

}  // namespace certrelay
