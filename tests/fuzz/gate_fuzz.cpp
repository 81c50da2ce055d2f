// Any bytes through the gate of each role. Whatever the gate lets pass must be read in the same
// way by the library's parser, and must have the properties that vault frames demand.
#include <cstdint>
#include <string_view>

#include "protocol/base/check.hpp"
#include "relay/front/second_opinion.hpp"

namespace {

using namespace certrelay;

void try_role(std::string_view bytes, Role role) {
  const GateRules rules = gate_rules(role);
  const auto end = find_head_end(bytes, rules);
  if (!end || !end.value()) return;
  const std::string_view head_bytes = bytes.substr(0, *end.value());
  const auto head = check_head(head_bytes, rules);
  if (!head) {
    const int status = status_of_refusal(head.error().code);
    CERTRELAY_CHECK(status == 400 || status == 413);
    return;
  }
  CERTRELAY_CHECK(is_http_path(head.value().path));
  CERTRELAY_CHECK(head.value().content_length <= rules.body_bytes_max);
  for (const auto& header : head.value().headers) {
    CERTRELAY_CHECK(is_header_name(header.name) && is_header_value(header.value));
  }
  CERTRELAY_CHECK(confirm_head(head_bytes, head.value(), rules).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Role role : {Role::kCenter, Role::kRegistry, Role::kAdmin, Role::kMonitoring}) {
    try_role(bytes, role);
  }
  // Also without the search for the end: the gate may be asked about anything.
  const auto ignored = check_head(bytes, gate_rules(Role::kCenter));
  static_cast<void>(ignored.has_value());
  return 0;
}
