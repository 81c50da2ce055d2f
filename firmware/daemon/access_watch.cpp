#include "firmware/daemon/access_watch.hpp"

namespace certrelay {
namespace {

// The acts of a person. Reading is not among them: whoever is on duty looks in the evening too.
bool is_work(EntryKind kind) {
  return kind == EntryKind::kOperatorSignedIn || kind == EntryKind::kOperatorAction ||
         kind == EntryKind::kApproval || kind == EntryKind::kApprovalDenied;
}

}  // namespace

SeenEntry AccessWatch::seen(const Entry& entry) {
  SeenEntry out{.kind = entry.kind,
                .log_in = entry.action && entry.action->text() == "log_in",
                .subjects = {}};
  if (entry.kind == EntryKind::kProvisionInquiry) out.subjects = entry.subjects;
  return out;
}

void AccessWatch::forget(SteadyTime now) {
  while (!recent_.empty() &&
         (now - recent_.front().first >= kInquiriesWithin || recent_.size() > kRememberedMax)) {
    const auto found = inquiries_.find(recent_.front().second);
    if (--found->second == 0) inquiries_.erase(found);
    recent_.pop_front();
  }
}

void AccessWatch::note(const SeenEntry& entry, std::optional<UtcTime> utc, SteadyTime now) {
  const std::lock_guard guard(mutex_);
  if (entry.kind == EntryKind::kOperatorRefused && entry.log_in) ++counts_.login_failures;
  if (is_work(entry.kind) && utc && !is_work_time(hours_, *utc)) ++counts_.off_hours_work;
  bool repeated = false;
  for (const auto& subject : entry.subjects) {
    recent_.emplace_back(now, subject);
    ++inquiries_[subject];
  }
  forget(now);
  for (const auto& subject : entry.subjects) {
    const auto found = inquiries_.find(subject);
    repeated = repeated || (found != inquiries_.end() && found->second > kInquiriesUsual);
  }
  if (repeated) ++counts_.subject_repeats;
}

void AccessWatch::set_hours(WorkHours hours) {
  const std::lock_guard guard(mutex_);
  hours_ = std::move(hours);
}

AccessCounts AccessWatch::counts() const {
  const std::lock_guard guard(mutex_);
  return counts_;
}

}  // namespace certrelay
