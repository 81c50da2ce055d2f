#include "firmware/daemon/monitoring.hpp"

#include "protocol/base/bytes.hpp"

namespace certrelay {
namespace {

HttpAnswer text_answer(int status, std::string_view type, std::string_view body) {
  const auto bytes = as_bytes(body);
  return {status, {{"content-type", std::string(type)}}, Bytes(bytes.begin(), bytes.end())};
}

}  // namespace

HttpAnswer answer_monitoring(const HttpRequest& request, const std::function<Health()>& health,
                             const std::function<std::string()>& metrics) {
  if (request.method != HttpMethod::kGet && request.method != HttpMethod::kHead) {
    return text_answer(404, "text/plain", "not found\n");
  }
  if (request.path == "/livez") return text_answer(200, "text/plain", "ok\n");
  if (request.path == "/readyz") {
    const auto now = health();
    return text_answer(now.ready ? 200 : 503, "application/json", to_json(now) + "\n");
  }
  if (request.path == "/metrics") {
    return text_answer(200, "text/plain; version=0.0.4", metrics());
  }
  return text_answer(404, "text/plain", "not found\n");
}

}  // namespace certrelay
