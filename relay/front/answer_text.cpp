#include "relay/front/answer_text.hpp"

#include <array>
#include <utility>

#include "protocol/base/check.hpp"
#include "protocol/wire/problem.hpp"
#include "relay/front/gate.hpp"

namespace certrelay {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 19> kReasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {413, "Content Too Large"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
}};

// Empty for a rare one, as RFC 9112 §4 allows.
std::string_view reason_of(int status) {
  for (const auto& [known, reason] : kReasons) {
    if (known == status) return reason;
  }
  return "";
}

std::string two_digits(unsigned value) {
  std::string out = std::to_string(value);
  return value < 10 ? "0" + out : out;
}

// IMF-fixdate, RFC 9110 §5.6.7.
std::string http_date(UtcTime time) {
  using namespace std::chrono;
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  const auto part = [](auto count) { return two_digits(static_cast<unsigned>(count)); };
  return std::string(kDays.at(weekday(day).c_encoding())) + ", " +
         two_digits(static_cast<unsigned>(date.day())) + " " +
         kMonths.at(static_cast<unsigned>(date.month()) - 1) + " " +
         std::to_string(static_cast<int>(date.year())) + " " + part(clock.hours().count()) + ":" +
         part(clock.minutes().count()) + ":" + part(clock.seconds().count()) + " GMT";
}

ProblemCode problem_of(int status) {
  if (status == 413) return ProblemCode::kTooLarge;
  return status == 503 ? ProblemCode::kOverloaded : ProblemCode::kBadRequest;
}

}  // namespace

Bytes answer_bytes(const HttpAnswer& answer, HttpMethod method, bool close, UtcTime now) {
  const bool empty = answer.status == 204 || answer.status == 304;
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  head.append(reason_of(answer.status)).append("\r\nDate: ").append(http_date(now)).append("\r\n");
  for (const auto& header : answer.headers) {
    CERTRELAY_CHECK(is_header_name(header.name) && is_header_value(header.value));
    head.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!empty) head += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  if (close) head += "Connection: close\r\n";
  head += "\r\n";
  Bytes out;
  const bool with_body = !empty && method != HttpMethod::kHead;
  out.reserve(head.size() + (with_body ? answer.body.size() : 0));
  out.assign(head.begin(), head.end());
  if (with_body) out.insert(out.end(), answer.body.begin(), answer.body.end());
  return out;
}

HttpAnswer own_answer(ErrorCode refusal) {
  const int status = status_of_refusal(refusal);
  if (status == 408) return HttpAnswer{.status = status, .headers = {}, .body = {}};
  const ProblemCode code = problem_of(status);
  auto answer = problem_answer({.code = code,
                                .title = problem_text(code, {}),
                                .transaction_id = std::nullopt,
                                .detail = {}});
  CERTRELAY_CHECK(answer.status == status);
  if (status == 503) answer.headers.push_back({"retry-after", "2"});
  return answer;
}

HttpAnswer alive_answer() {
  constexpr std::string_view kText = "ok\n";
  return HttpAnswer{.status = 200,
                    .headers = {{"content-type", "text/plain"}, {"cache-control", "no-store"}},
                    .body = Bytes(kText.begin(), kText.end())};
}

}  // namespace certrelay
