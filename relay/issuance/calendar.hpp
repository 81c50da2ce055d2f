// When a kind of certificate is offered (R04). Times of day are JST; nothing here asks a clock.
#pragma once

#include <map>

#include "protocol/base/time.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/service_message.hpp"

namespace certrelay {

struct KindCalendar {
  ServiceHours hours{.opens_min = 6 * 60 + 30, .closes_min = 23 * 60};
  std::vector<YearlyClosure> yearly_closures;
  std::vector<OnceClosure> once_closures;
};

using ServiceCalendar = std::map<CertificateKind, KindCalendar>;

// Whether a transaction may be opened at that instant: within [opens, closes) of a day that is not
// closed. What was opened may finish within its deadlines.
bool is_open(const KindCalendar& calendar, UtcTime now);

// The end of the service day after that of `since`: the close of the next day in Japan on which the
// kind is offered at all. At most a year ahead.
UtcTime end_of_next_service_day(const KindCalendar& calendar, UtcTime since);

// For the screen: "6時30分から23時まで（12月29日から1月3日と保守日を除く）".
std::string hours_text(const KindCalendar& calendar);

}  // namespace certrelay
