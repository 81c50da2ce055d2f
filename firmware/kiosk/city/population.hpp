// The ordinary people of the city, household by household, as a city of that size has them.
#pragma once

#include "firmware/kiosk/city/household.hpp"

namespace certrelay {

// One person, couple, family, three generations, or foreign or mixed household, in about the
// shares of a provincial city; at most `members_max` (at least 1) persons.
CityHousehold random_household(Registrar& registrar, int members_max);

// A family of exactly that many; from the 14th on they are lodgers. 2 to 99 (CHECK).
CityHousehold family_of(Registrar& registrar, int members);

}  // namespace certrelay
