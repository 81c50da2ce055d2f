#include "protocol/base/japanese_time.hpp"

namespace certrelay {

std::string japanese_day(JstDay day) {
  const std::chrono::year_month_day date(day);
  return std::to_string(static_cast<int>(date.year())) + "年" +
         std::to_string(static_cast<unsigned>(date.month())) + "月" +
         std::to_string(static_cast<unsigned>(date.day())) + "日";
}

std::string japanese_time(UtcTime time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(jst_time_of_day(time)).count();
  const auto minute = std::to_string(minutes % 60);
  return japanese_day(jst_day(time)) + " " + std::to_string(minutes / 60) + "時" +
         (minute.size() == 1 ? "0" : "") + minute + "分";
}

}  // namespace certrelay
