#include "protocol/wire/service_message.hpp"

#include <array>
#include <charconv>

#include "protocol/base/sha256.hpp"
#include "protocol/wire/fee_json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kServiceBodyMax = std::size_t{64} * 1024;
constexpr int kMinutesOfHour = 60;
constexpr int kMinutesOfDay = 1440;
constexpr int kDeadlineMax = 86'400;

Error malformed(std::string_view where) { return {ErrorCode::kMalformed, where}; }

std::string two_digits(unsigned number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

// "NN" separator "NN"
Result<std::pair<unsigned, unsigned>> two_numbers(std::string_view text, char separator) {
  constexpr std::size_t kSize = 5;
  const auto digit = [&](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
  if (text.size() != kSize || text[2] != separator) return malformed("service: form");
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (text[at] < '0' || text[at] > '9') return malformed("service: digits");
  }
  return std::pair(digit(0) * 10 + digit(1), digit(3) * 10 + digit(4));
}

// 24:00 is the end of a day, and no minute has 60.
Result<int> parse_minute_of_day(std::string_view text) {
  CERTRELAY_TRY(const auto parts, two_numbers(text, ':'));
  const auto [hour, minute] = parts;
  const int total = static_cast<int>(hour) * kMinutesOfHour + static_cast<int>(minute);
  if (minute >= kMinutesOfHour || total > kMinutesOfDay) return malformed("service: time of day");
  return total;
}

std::string minute_text(int minute_of_day) {
  const auto minute = static_cast<unsigned>(minute_of_day);
  return two_digits(minute / kMinutesOfHour) + ":" + two_digits(minute % kMinutesOfHour);
}

Result<void> check(MonthDay day) {
  constexpr std::chrono::year kLeap{2024};
  const std::chrono::year_month_day date{kLeap, std::chrono::month{day.month},
                                         std::chrono::day{day.day}};
  return date.ok() ? Result<void>(ok()) : malformed("service: month and day");
}

Result<MonthDay> parse_month_day(std::string_view text) {
  CERTRELAY_TRY(const auto parts, two_numbers(text, '-'));
  const MonthDay day{parts.first, parts.second};
  CERTRELAY_TRY(check(day));
  return day;
}

std::string month_day_text(MonthDay day) {
  return two_digits(day.month) + "-" + two_digits(day.day);
}

Result<void> check(const ServiceKind& kind) {
  CERTRELAY_TRY(parse_certificate_kind(to_text(kind.kind)));
  const auto& hours = kind.hours;
  if (hours.opens_min < 0 || hours.opens_min >= hours.closes_min ||
      hours.closes_min > kMinutesOfDay) {
    return malformed("service: hours");
  }
  CERTRELAY_TRY(check_count(kind.yearly_closures.size(), 0, kClosuresMax));
  for (const auto& closure : kind.yearly_closures) {
    CERTRELAY_TRY(check(closure.first));
    CERTRELAY_TRY(check(closure.last));
  }
  CERTRELAY_TRY(check_count(kind.once_closures.size(), 0, kClosuresMax));
  for (const auto& closure : kind.once_closures) {
    CERTRELAY_TRY(check_time(closure.from));
    CERTRELAY_TRY(check_time(closure.until));
    if (closure.from >= closure.until) return malformed("service: closure");
  }
  return check_fees(kind.fees, 0);
}

Result<void> check(const ServiceDeadlines& deadlines) {
  for (const int seconds : {deadlines.challenge_s, deadlines.inquiry_to_issuance_s,
                            deadlines.answer_s, deadlines.event_s, deadlines.repeat_s}) {
    if (seconds < 1 || seconds > kDeadlineMax) {
      return Error{ErrorCode::kLimitExceeded, "service: deadline"};
    }
  }
  return ok();
}

Result<void> check(const ServiceAnswer& message) {
  CERTRELAY_TRY(check_count(message.kinds.size(), 1, 2));
  for (const auto& kind : message.kinds) {
    CERTRELAY_TRY(check(kind));
  }
  CERTRELAY_TRY(check_unique(message.kinds, [](const ServiceKind& kind) { return kind.kind; }));
  return check(message.deadlines);
}

Result<ServiceHours> hours_field(JsonObject& in) {
  CERTRELAY_TRY(auto hours, in.object("hours"));
  CERTRELAY_TRY(const int opens, parsed_field(hours, "opens", parse_minute_of_day));
  CERTRELAY_TRY(const int closes, parsed_field(hours, "closes", parse_minute_of_day));
  CERTRELAY_TRY(hours.expect_no_more());
  return ServiceHours{opens, closes};
}

Result<YearlyClosure> read_yearly(JsonObject& in) {
  CERTRELAY_TRY(const auto first, parsed_field(in, "first", parse_month_day));
  CERTRELAY_TRY(const auto last, parsed_field(in, "last", parse_month_day));
  return YearlyClosure{first, last};
}

Result<OnceClosure> read_once(JsonObject& in) {
  CERTRELAY_TRY(const auto from, time_field(in, "from"));
  CERTRELAY_TRY(const auto until, time_field(in, "until"));
  return OnceClosure{from, until};
}

Result<ServiceKind> read_kind(JsonObject& in) {
  CERTRELAY_TRY(const auto kind, parsed_field(in, "kind", parse_certificate_kind));
  CERTRELAY_TRY(const bool suspended, in.boolean("suspended"));
  CERTRELAY_TRY(const auto hours, hours_field(in));
  CERTRELAY_TRY(auto yearly,
                objects_field<YearlyClosure>(in, "yearly_closures", kClosuresMax, read_yearly));
  CERTRELAY_TRY(auto once,
                objects_field<OnceClosure>(in, "once_closures", kClosuresMax, read_once));
  CERTRELAY_TRY(auto fees, fees_field(in, "fees"));
  return ServiceKind{kind, suspended, hours, std::move(yearly), std::move(once), std::move(fees)};
}

Result<ServiceDeadlines> deadlines_field(JsonObject& in) {
  CERTRELAY_TRY(auto object, in.object("deadlines"));
  ServiceDeadlines out;
  CERTRELAY_TRY(out.challenge_s, number_field<int>(object, "challenge_s", 1, kDeadlineMax));
  CERTRELAY_TRY(out.inquiry_to_issuance_s,
                number_field<int>(object, "inquiry_to_issuance_s", 1, kDeadlineMax));
  CERTRELAY_TRY(out.answer_s, number_field<int>(object, "answer_s", 1, kDeadlineMax));
  CERTRELAY_TRY(out.event_s, number_field<int>(object, "event_s", 1, kDeadlineMax));
  CERTRELAY_TRY(out.repeat_s, number_field<int>(object, "repeat_s", 1, kDeadlineMax));
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

boost::json::value kind_value(const ServiceKind& kind) {
  const auto yearly = to_array_of(kind.yearly_closures, [](const YearlyClosure& closure) {
    return boost::json::object{{"first", month_day_text(closure.first)},
                               {"last", month_day_text(closure.last)}};
  });
  const auto once = to_array_of(kind.once_closures, [](const OnceClosure& closure) {
    return boost::json::object{{"from", to_rfc3339_jst(closure.from)},
                               {"until", to_rfc3339_jst(closure.until)}};
  });
  return boost::json::object{
      {"kind", to_text(kind.kind)},
      {"suspended", kind.suspended},
      {"hours", boost::json::object{{"opens", minute_text(kind.hours.opens_min)},
                                    {"closes", minute_text(kind.hours.closes_min)}}},
      {"yearly_closures", yearly},
      {"once_closures", once},
      {"fees", fees_value(kind.fees)}};
}

}  // namespace

Result<ServiceAnswer> decode_service_answer(ByteView body) {
  return decode_body<ServiceAnswer>(
      body, kServiceBodyMax, [](JsonObject& in) -> Result<ServiceAnswer> {
        CERTRELAY_TRY(auto municipality, id_field<MunicipalityCode>(in, "municipality_code"));
        CERTRELAY_TRY(auto kinds, objects_field<ServiceKind>(in, "kinds", 2, read_kind));
        CERTRELAY_TRY(const auto deadlines, deadlines_field(in));
        ServiceAnswer message{std::move(municipality), std::move(kinds), deadlines};
        CERTRELAY_TRY(check(message));
        return message;
      });
}

Result<Bytes> encode(const ServiceAnswer& message) {
  CERTRELAY_TRY(check(message));
  const auto& deadlines = message.deadlines;
  return to_body(boost::json::object{
      {"municipality_code", message.municipality_code.text()},
      {"kinds", to_array_of(message.kinds, kind_value)},
      {"deadlines", boost::json::object{{"challenge_s", deadlines.challenge_s},
                                        {"inquiry_to_issuance_s", deadlines.inquiry_to_issuance_s},
                                        {"answer_s", deadlines.answer_s},
                                        {"event_s", deadlines.event_s},
                                        {"repeat_s", deadlines.repeat_s}}}});
}

std::string service_etag(ByteView body) {
  constexpr std::size_t kSize = 8;
  const auto digest = sha256(body);
  return "\"" + to_hex(ByteView(digest).first(kSize)) + "\"";
}

}  // namespace certrelay
