#include <fmt/core.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "firmware/kiosk/percentile.hpp"
#include "firmware/kiosk/storm.hpp"
#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

using Times = std::vector<std::chrono::milliseconds>;

std::string line_of(std::string_view name, Times times) {
  if (times.empty()) return {};
  std::ranges::sort(times);
  return fmt::format("  {:<9} p50 {:>6} ms  p90 {:>6} ms  p99 {:>6} ms  max {:>6} ms\n", name,
                     percentile(times, 50).count(), percentile(times, 90).count(),
                     percentile(times, 99).count(), times.back().count());
}

constexpr Names<StormEnd, 5> kEnds{{{StormEnd::kOwn, "own"},
                                    {StormEnd::kRefused, "refused"},
                                    {StormEnd::kNoAnswer, "no_answer"},
                                    {StormEnd::kGivenUp, "given_up"},
                                    {StormEnd::kWrong, "wrong"}}};

std::size_t& count_of(StormReport& report, StormEnd end) {
  switch (end) {
    case StormEnd::kOwn:
      return report.own;
    case StormEnd::kRefused:
      return report.refused;
    case StormEnd::kNoAnswer:
      return report.no_answer;
    case StormEnd::kGivenUp:
      return report.given_up;
    case StormEnd::kWrong:
      break;
  }
  return report.wrong;
}

}  // namespace

std::string to_jsonl(const std::vector<StormOutcome>& outcomes) {
  std::string out;
  for (const StormOutcome& outcome : outcomes) {
    const auto& digest = outcome.document_sha256;
    const std::string hex = digest ? to_hex(*digest) : "";
    out += boost::json::serialize(boost::json::object{{"transaction", outcome.transaction},
                                                      {"end", name_of(kEnds, outcome.end)},
                                                      {"document", outcome.document_id},
                                                      {"sha256", hex},
                                                      {"bytes", outcome.document_bytes},
                                                      {"reported", outcome.reported}});
    out += "\n";
  }
  return out;
}

StormReport judge(const std::vector<StormOutcome>& outcomes, int repeats) {
  StormReport out;
  out.repeats = repeats;
  std::set<std::string> seen;
  for (const StormOutcome& outcome : outcomes) {
    ++out.begun;
    if (!outcome.document_id.empty()) {
      bool fresh = seen.insert(outcome.document_id).second;
      for (const std::string& tag : outcome.tags) fresh = seen.insert(tag).second && fresh;
      if (!fresh) ++out.duplicates;
    }
    if (outcome.end == StormEnd::kGivenUp) {
      ++out.given_up;
      continue;
    }
    if (outcome.end != StormEnd::kOwn) {
      ++out.failures[outcome.failure];
      ++count_of(out, outcome.end);
      continue;
    }
    ++out.own;
    out.open_ms.push_back(outcome.open_ms);
    out.inquiry_ms.push_back(outcome.inquiry_ms);
    out.issuance_ms.push_back(outcome.issuance_ms);
  }
  return out;
}

std::string to_text(const StormReport& report) {
  std::string out = fmt::format("storm: {} of {} documents, {}\n", report.own, report.begun,
                                report.is_unmixed() ? "each its own" : "NOT each its own");
  out += fmt::format(
      "  wrong {}, twice the same {}, refused {}, without an answer {}, given up {}, sent again "
      "{}\n",
      report.wrong, report.duplicates, report.refused, report.no_answer, report.given_up,
      report.repeats);
  for (const auto& [reason, count] : report.failures) {
    out += fmt::format("  failed {:>6} x {}\n", count, reason);
  }
  out += line_of("open", report.open_ms);
  out += line_of("inquiry", report.inquiry_ms);
  out += line_of("issuance", report.issuance_ms);
  return out;
}

}  // namespace certrelay
