#include "firmware/ctl/doctor/monitoring_address.hpp"

#include <algorithm>

#include "firmware/ctl/doctor/plain_http.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::seconds kMonitoringWithin{10};
constexpr std::size_t kMonitoringBytesMax = std::size_t{1} << 20;
constexpr std::size_t kAddressBytesMax = 256;

// Port 0 takes any: the address is then in run/monitoring.addr.
Result<Address> monitoring_address(const Config& config, Files& files) {
  const auto found = std::ranges::find(config.listeners, Role::kMonitoring, &ListenerSection::role);
  if (found == config.listeners.end()) return Error{ErrorCode::kCannotReach, "monitoring"};
  if (found->port != 0) return Address{found->host, std::to_string(found->port)};
  CERTRELAY_TRY(const auto text,
                files.read_all(config.run_dir + "/monitoring.addr", kAddressBytesMax));
  return parse_address(as_text(text));
}

}  // namespace

AskMonitoring ask_over_loopback(const Config& config, Files& files) {
  const auto address = monitoring_address(config, files);
  return [address](const std::string& path) -> Result<std::string> {
    CERTRELAY_TRY(const auto there, address);
    CERTRELAY_TRY(const auto answer,
                  plain_get(there, path, kMonitoringWithin, kMonitoringBytesMax));
    return std::string(as_text(answer.body));
  };
}

}  // namespace certrelay
