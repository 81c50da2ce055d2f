// What /readyz and /metrics say. A newer relay's further members are passed over.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>

#include "firmware/ctl/doctor/doctor.hpp"
#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kPromiseMetric = "certrelay_register_complete_until_timestamp_seconds";
constexpr std::string_view kAgeMetric = "certrelay_register_age_seconds";
constexpr std::string_view kBoundMetric = "certrelay_register_age_max_seconds";

std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// `failing`: a failed check stops something, a warning does not.
DoctorLine line_of(const boost::json::object& row, DoctorState failing) {
  const auto name = text_member(row, "name");
  const auto reason = text_member(row, "reason");
  const auto* word = readyz_word(name);
  DoctorLine out{"running." + name, failing, {}, std::nullopt, {}};
  out.what = word != nullptr ? std::string(word->what) : "この版の doctor が知らない異常です";
  if (!reason.empty()) out.what += "（" + reason + "）";
  out.mend =
      word != nullptr ? std::string(word->mend) : "運用手引きの「" + name + "」をご覧ください";
  const auto since = parse_rfc3339(text_member(row, "since"));
  if (since) out.since = since.value();
  return out;
}

// Of one line without labels, a whole number of seconds.
std::optional<std::int64_t> metric_in(std::string_view text, std::string_view name) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') continue;
    double value = 0;
    const auto digits = line.substr(name.size() + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec == std::errc() && value >= 0 && value < 9e15) {
      return static_cast<std::int64_t>(value);
    }
  }
  return std::nullopt;
}

// Until when the register may be used if nobody sends anything more (rules.md: the promise).
DoctorLine examine_promise(std::string_view metrics, const DoctorQuestion& question) {
  const std::string mend =
      "既存住民基本台帳システムから異動・ハートビート、または休止期間の予告（complete_until）を"
      "送ってください";
  const auto age = metric_in(metrics, kAgeMetric);
  const auto bound = metric_in(metrics, kBoundMetric);
  if (!age || !bound) {
    return {"register.freshness", DoctorState::kUnknown, "住民情報の鮮度が分かりません",
            std::nullopt, "監視の /metrics を確認してください"};
  }
  using std::chrono::seconds;
  const auto contact = question.now - seconds(*age);
  auto end = contact + seconds(*bound);
  if (const auto promise = metric_in(metrics, kPromiseMetric)) {
    end = std::max(end, UtcTime(seconds(*promise)));
  }
  return judge_end("register.freshness", "住民情報を使える期間", contact, end, mend, question);
}

}  // namespace

std::vector<DoctorLine> examine_running(const AskMonitoring& ask, const DoctorQuestion& question) {
  const auto body = ask("/readyz");
  const auto json =
      body ? parse_strict_json(body.value()) : Result<boost::json::value>(body.error());
  if (!json || !json.value().is_object()) {
    return {{"running", DoctorState::kUnknown, "certrelayd が応答しません", std::nullopt,
             "起動していなければ起動し、journalctl で起動時の1行の理由を確認してください"}};
  }
  std::vector<DoctorLine> out;
  const auto& object = json.value().get_object();
  const auto each = [&](std::string_view name, DoctorState failing) {
    const auto* rows = object.if_contains(name);
    if (rows == nullptr || !rows->is_array()) return;
    for (const auto& row : rows->get_array()) {
      if (!row.is_object()) continue;
      const auto* good = row.get_object().if_contains("ok");
      if (good != nullptr && good->is_bool() && good->get_bool()) continue;
      const auto* stops = row.get_object().if_contains("stops");
      const bool stops_nothing = stops != nullptr && stops->is_bool() && !stops->get_bool();
      out.push_back(line_of(row.get_object(), stops_nothing ? DoctorState::kSoon : failing));
    }
  };
  each("checks", DoctorState::kFailed);
  each("warnings", DoctorState::kSoon);
  if (out.empty()) out.push_back({"running", DoctorState::kFine, "稼働しています", {}, {}});
  const auto metrics = ask("/metrics");
  if (question.until || metrics) {
    out.push_back(examine_promise(metrics ? metrics.value() : std::string(), question));
  }
  return out;
}

}  // namespace certrelay
