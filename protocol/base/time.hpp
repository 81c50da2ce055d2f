// Points in time and days, as values. Nothing here asks a clock (relay/env does).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// Milliseconds since 1970-01-01T00:00:00Z.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;
// A calendar day in Japan: JST is UTC+9 for ever, without tzdata (rules.md).
using JstDay = std::chrono::local_days;

inline constexpr std::chrono::hours kJstOffset{9};

// The day in Japan at that instant.
JstDay jst_day(UtcTime time);
// Milliseconds since 00:00 JST of that day, [0, 86'400'000).
std::chrono::milliseconds jst_time_of_day(UtcTime time);
// 00:00 JST of that day.
UtcTime jst_midnight(JstDay day);

// RFC 3339 with +09:00, whole seconds: 2026-11-22T19:42:09+09:00. Milliseconds are cut.
std::string to_rfc3339_jst(UtcTime time);
// RFC 3339 with Z, +09:00 or another numeric offset; fraction of up to three digits; leap second
// and lower-case letters refused. Years 1970 to 9999. Errors: kMalformed.
Result<UtcTime> parse_rfc3339(std::string_view text);

// YYYY-MM-DD, a day that exists (29 February in leap years only). Errors: kMalformed.
Result<JstDay> parse_iso_day(std::string_view text);
std::string to_iso_day(JstDay day);

}  // namespace certrelay
