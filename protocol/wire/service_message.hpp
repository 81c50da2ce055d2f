// GET /v1/service: what the center shows and plans by. Nothing of a resident.
#pragma once

#include "protocol/ids/values.hpp"
#include "protocol/wire/fee.hpp"

namespace certrelay {

// Minutes after 00:00 JST, half open: [opens, closes), 0 <= opens < closes <= 1440.
struct ServiceHours {
  int opens_min;
  int closes_min;
  friend bool operator==(const ServiceHours&, const ServiceHours&) = default;
};

// A day of every year, e.g. 12-29; a day that exists in a leap year.
struct MonthDay {
  unsigned month;
  unsigned day;
  friend bool operator==(const MonthDay&, const MonthDay&) = default;
};

// Closed on every day from the first to the last, both included; may span the new year.
struct YearlyClosure {
  MonthDay first;
  MonthDay last;
  friend bool operator==(const YearlyClosure&, const YearlyClosure&) = default;
};

// Closed once in [from, until), whole seconds.
struct OnceClosure {
  UtcTime from;
  UtcTime until;
  friend bool operator==(const OnceClosure&, const OnceClosure&) = default;
};

struct ServiceKind {
  CertificateKind kind;
  bool suspended;
  ServiceHours hours;
  std::vector<YearlyClosure> yearly_closures;  // at most kClosuresMax
  std::vector<OnceClosure> once_closures;      // at most kClosuresMax
  std::vector<Fee> fees;                       // at most kFeesMax
};
inline constexpr std::size_t kClosuresMax = 64;

// Seconds, 1 to 86,400 each.
struct ServiceDeadlines {
  int challenge_s = 120;
  int inquiry_to_issuance_s = 600;
  int answer_s = 10;
  int event_s = 1800;
  int repeat_s = 120;  // the same step and body again gives the same bytes that long
  friend bool operator==(const ServiceDeadlines&, const ServiceDeadlines&) = default;
};

struct ServiceAnswer {
  MunicipalityCode municipality_code;
  std::vector<ServiceKind> kinds;  // 1 to 2, each kind once
  ServiceDeadlines deadlines;
};

// Errors: see open_message.hpp.
Result<ServiceAnswer> decode_service_answer(ByteView body);
Result<Bytes> encode(const ServiceAnswer& message);

// `"` 16 lower-case hexadecimal digits of the body's SHA-256 `"`.
std::string service_etag(ByteView body);

}  // namespace certrelay
