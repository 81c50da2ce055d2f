// What counts as 不提供 (R42), for the reports and the console alike: somebody at a kiosk got
// nothing.
#pragma once

#include "protocol/record/entry.hpp"

namespace certrelay {

// How many such requests the entry is about: one that was refused, ran out of time or was ended by
// a stop; before a transaction began, as many as its minute had of closed hours, a suspension, a
// stop, load. 0: nobody was sent away, or a stranger, a malformed request, a broken connection,
// another listener's caller: none of them is an applicant.
std::uint64_t turned_away(const Entry& entry);

}  // namespace certrelay
