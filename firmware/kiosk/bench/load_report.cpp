#include <algorithm>
#include <boost/json/serialize.hpp>

#include "firmware/kiosk/bench/load.hpp"
#include "firmware/kiosk/percentile.hpp"

namespace certrelay {
namespace {

boost::json::object step_of(const LoadReport& report, std::size_t number) {
  auto times = report.took_ms.at(number);
  std::ranges::sort(times);
  boost::json::object out{{"name", kLoadSteps.at(number)}};
  if (times.empty()) return out;
  out["mean_bytes"] = report.answer_bytes.at(number) / times.size();
  out["p50_ms"] = percentile(times, 50).count();
  out["p90_ms"] = percentile(times, 90).count();
  out["p99_ms"] = percentile(times, 99).count();
  out["max_ms"] = times.back().count();
  return out;
}

}  // namespace

std::string to_json(const LoadReport& report) {
  boost::json::object failures;
  for (const auto& [failure, count] : report.failures) failures[failure] = count;
  boost::json::array steps;
  for (std::size_t i = 0; i < kLoadSteps.size(); ++i) steps.push_back(step_of(report, i));
  return boost::json::serialize(
      boost::json::object{{"done", report.done},
                          {"failures", std::move(failures)},
                          {"seconds", static_cast<double>(report.wall_ms.count()) / 1000},
                          {"steps", std::move(steps)}});
}

}  // namespace certrelay
