// The residents that demonstrations and tests ask for by role. README.md lists them.
#pragma once

#include "firmware/kiosk/city/household.hpp"

namespace certrelay {

struct Cast {
  // The first is the family of 𠮷野 浩一郎; role "ordinary" is his card.
  std::vector<CityHousehold> households;
  // Cards of people who are in no file of the register: "deleted", "unknown".
  std::vector<CardPlan> strays;
};

// Every role, in an order that never depends on the seed.
Cast make_cast(Registrar& registrar);

}  // namespace certrelay
