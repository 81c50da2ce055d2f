#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "firmware/ctl/doctor/doctor.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "protocol/base/japanese_time.hpp"
#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::days kSoonMax{30};

std::string_view word_of(DoctorState state) {
  switch (state) {
    case DoctorState::kFine:
      return "正常";
    case DoctorState::kSoon:
      return "注意";
    case DoctorState::kFailed:
      return "異常";
    case DoctorState::kUnknown:
      return "不明";
  }
  return "";
}

std::string_view code_of(DoctorState state) {
  switch (state) {
    case DoctorState::kFine:
      return "fine";
    case DoctorState::kSoon:
      return "soon";
    case DoctorState::kFailed:
      return "failed";
    case DoctorState::kUnknown:
      return "unknown";
  }
  return "";
}

bool any(const std::vector<DoctorLine>& lines, DoctorState state) {
  return std::ranges::any_of(lines, [&](const auto& one) { return one.state == state; });
}

}  // namespace

DoctorLine judge_end(std::string check, const std::string& thing, UtcTime begin, UtcTime end,
                     std::string mend, const DoctorQuestion& question) {
  const auto until = japanese_time(end);
  const auto quarter = std::min<std::chrono::milliseconds>((end - begin) / 4, kSoonMax);
  if (question.now >= end) {
    return {std::move(check), DoctorState::kFailed, thing + "の期限が切れています", end,
            std::move(mend)};
  }
  if (question.until && *question.until >= end) {
    return {std::move(check), DoctorState::kFailed,
            thing + "は、指定の時刻より前に期限が切れます（" + until + "まで）", end,
            std::move(mend)};
  }
  if (question.now >= end - quarter) {
    return {std::move(check), DoctorState::kSoon,
            thing + "の期限が近づいています（" + until + "まで）", std::nullopt, std::move(mend)};
  }
  return {std::move(check),
          DoctorState::kFine,
          thing + "は有効です（" + until + "まで）",
          std::nullopt,
          {}};
}

int exit_code_of(const std::vector<DoctorLine>& lines) {
  if (any(lines, DoctorState::kFailed)) return kExitRefused;
  if (any(lines, DoctorState::kUnknown)) return kExitCannotReach;
  return any(lines, DoctorState::kSoon) ? kExitPending : kExitDone;
}

std::string doctor_text(const std::vector<DoctorLine>& lines) {
  std::string out;
  for (const auto& one : lines) {
    out += std::string(word_of(one.state)) + "  " + one.check + ": " + one.what + "\n";
    if (one.state == DoctorState::kFine) continue;
    if (one.state == DoctorState::kFailed) {
      out +=
          "      いつから: " + (one.since ? japanese_time(*one.since) : "記録がありません") + "\n";
    }
    out += "      対処: " + one.mend + "。\n";
  }
  return out;
}

std::string doctor_json(const std::vector<DoctorLine>& lines) {
  boost::json::array checks;
  for (const auto& one : lines) {
    boost::json::object row{{"name", one.check}, {"state", code_of(one.state)}, {"what", one.what}};
    if (one.since) row["since"] = to_rfc3339_jst(*one.since);
    if (!one.mend.empty()) row["mend"] = one.mend;
    checks.push_back(std::move(row));
  }
  return to_json_text(boost::json::object{{"exit_code", exit_code_of(lines)},
                                          {"checks", std::move(checks)}}) +
         "\n";
}

}  // namespace certrelay
