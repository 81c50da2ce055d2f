// Days and times as officials read them: on a page, a report and a terminal alike.
#pragma once

#include "protocol/base/time.hpp"

namespace certrelay {

// "2026年11月3日"
std::string japanese_day(JstDay day);
// "2026年11月3日 9時05分", in Japan; seconds are cut.
std::string japanese_time(UtcTime time);

}  // namespace certrelay
