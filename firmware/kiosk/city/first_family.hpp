#pragma once

#include "firmware/kiosk/city/household.hpp"

namespace certrelay {

// 𠮷野 浩一郎's family of four: a name beyond the BMP, a foreign wife with a long name and a 通称,
// a child born here, and a mother whose name needs a variation sequence and who has a 旧氏.
CityHousehold first_family(Registrar& registrar);

}  // namespace certrelay
