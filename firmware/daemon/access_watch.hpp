// R54: what is unusual in how residents' data and operators' accounts are used. It counts and stops
// nothing; what is counted says neither who nor where (R16).
#pragma once

#include <deque>
#include <map>
#include <mutex>

#include "firmware/daemon/calendar_section.hpp"
#include "protocol/record/entry.hpp"
#include "relay/env/clock.hpp"

namespace certrelay {

struct AccessCounts {
  std::uint64_t login_failures = 0;
  std::uint64_t off_hours_work = 0;   // log-ins, actions and approvals outside the work hours
  std::uint64_t subject_repeats = 0;  // inquiries about a person beyond kInquiriesUsual
};

inline constexpr std::chrono::minutes kInquiriesWithin{10};
inline constexpr unsigned kInquiriesUsual = 3;  // about one person, in that time
// Of pseudonyms that are remembered for that time; the oldest are forgotten first.
inline constexpr std::size_t kRememberedMax = 65'536;

// What of an entry is looked at.
struct SeenEntry {
  EntryKind kind;
  bool log_in = false;
  std::vector<SubjectPseudonym> subjects;
};

// Thread-safe.
class AccessWatch {
 public:
  explicit AccessWatch(WorkHours hours) : hours_(std::move(hours)) {}

  static SeenEntry seen(const Entry& entry);
  // An entry that is durable. `utc`: none while the clock is doubted; nobody is late then.
  void note(const SeenEntry& entry, std::optional<UtcTime> utc, SteadyTime now);
  void set_hours(WorkHours hours);
  AccessCounts counts() const;

 private:
  void forget(SteadyTime now);

  mutable std::mutex mutex_;
  WorkHours hours_;
  AccessCounts counts_;
  std::deque<std::pair<SteadyTime, SubjectPseudonym>> recent_;  // oldest first
  std::map<SubjectPseudonym, unsigned> inquiries_;              // of recent_, by person
};

}  // namespace certrelay
