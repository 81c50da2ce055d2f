#include "relay/front/gate_rules.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

using Name = std::string_view;
constexpr std::size_t kKiB = 1024;

constexpr std::array kCenterRequest = {Name("content-digest"), Name("content-type"),
                                       Name("if-none-match")};
constexpr std::array kCenterAnswer = {
    Name("certrelay-document-id"), Name("certrelay-fee-yen"), Name("certrelay-register-version"),
    Name("certrelay-sheets"),      Name("cache-control"),     Name("content-digest"),
    Name("content-language"),      Name("content-type"),      Name("etag"),
    Name("retry-after"),           Name("signature"),         Name("signature-input")};

constexpr std::array kRegistryRequest = {Name("certrelay-statement"), Name("content-digest"),
                                         Name("content-type"), Name("if-none-match"),
                                         Name("upload-offset")};
constexpr std::array kRegistryAnswer = {
    Name("cache-control"), Name("content-digest"), Name("content-language"),
    Name("content-type"),  Name("etag"),           Name("location"),
    Name("retry-after"),   Name("signature"),      Name("signature-input"),
    Name("upload-offset")};

// A browser's session and what tells a foreign page's request from the console's own (Fetch
// Metadata, RFC 6454).
constexpr std::array kAdminRequest = {Name("accept-language"), Name("certrelay-csrf-token"),
                                      Name("content-digest"),  Name("content-type"),
                                      Name("cookie"),          Name("if-none-match"),
                                      Name("origin"),          Name("sec-fetch-site")};
constexpr std::array kAdminAnswer = {Name("cache-control"),
                                     Name("content-digest"),
                                     Name("content-disposition"),
                                     Name("content-language"),
                                     Name("content-security-policy"),
                                     Name("content-type"),
                                     Name("etag"),
                                     Name("location"),
                                     Name("referrer-policy"),
                                     Name("retry-after"),
                                     Name("set-cookie"),
                                     Name("signature"),
                                     Name("signature-input"),
                                     Name("strict-transport-security"),
                                     Name("x-content-type-options")};

constexpr std::array kMonitoringRequest = {Name("accept")};
constexpr std::array kMonitoringAnswer = {Name("cache-control"), Name("content-language"),
                                          Name("content-type"), Name("retry-after")};

}  // namespace

GateRules gate_rules(Role role) {
  switch (role) {
    case Role::kCenter:
      return {.forwarded = kCenterRequest, .answered = kCenterAnswer, .body_bytes_max = 64 * kKiB};
    case Role::kRegistry:
      return {.forwarded = kRegistryRequest,
              .answered = kRegistryAnswer,
              .body_bytes_max = 1024 * kKiB};
    case Role::kAdmin:
      return {.forwarded = kAdminRequest, .answered = kAdminAnswer, .body_bytes_max = 1024 * kKiB};
    case Role::kMonitoring:
      return {.forwarded = kMonitoringRequest, .answered = kMonitoringAnswer, .body_bytes_max = 0};
  }
  check_failed("a role of the enumeration", __FILE__, __LINE__);
}

bool may_answer_with(const GateRules& rules, std::string_view header_name) {
  return std::ranges::find(rules.answered, header_name) != rules.answered.end();
}

}  // namespace certrelay
