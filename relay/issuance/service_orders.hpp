#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "protocol/ids/values.hpp"
#include "protocol/wire/overview_message.hpp"

namespace certrelay {

// What operators ordered of the service: stopped as a whole (ends every transaction), or a kind
// suspended (what was opened may finish). The ledger keeps both over a restart. Thread-safe.
class ServiceOrders {
 public:
  bool stopped() const {
    const std::lock_guard guard(mutex_);
    return stopped_;
  }
  void set_stopped(bool stopped) {
    const std::lock_guard guard(mutex_);
    stopped_ = stopped;
    if (stopped) stop_to_carry_out_ = true;
  }
  // Whether it was stopped since this was last asked: a stop ends every transaction that was open,
  // even one that was taken back a moment later. Told to one caller, who ends them.
  bool take_stop() {
    const std::lock_guard guard(mutex_);
    return std::exchange(stop_to_carry_out_, false);
  }
  bool suspended(CertificateKind kind) const {
    const std::lock_guard guard(mutex_);
    return suspended_.contains(kind);
  }
  void set_suspended(CertificateKind kind, bool suspended,
                     std::optional<SuspensionNote> note = std::nullopt) {
    const std::lock_guard guard(mutex_);
    notes_.erase(kind);
    if (suspended) {
      suspended_.insert(kind);
      if (note) notes_.emplace(kind, std::move(*note));
    } else {
      suspended_.erase(kind);
    }
  }
  // Who suspended it and why; none when that was before this process began.
  std::optional<SuspensionNote> note(CertificateKind kind) const {
    const std::lock_guard guard(mutex_);
    const auto found = notes_.find(kind);
    return found == notes_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<CertificateKind> suspended_kinds() const {
    const std::lock_guard guard(mutex_);
    return {suspended_.begin(), suspended_.end()};
  }

 private:
  mutable std::mutex mutex_;
  bool stopped_ = false;
  bool stop_to_carry_out_ = false;
  std::set<CertificateKind> suspended_;
  std::map<CertificateKind, SuspensionNote> notes_;
};

}  // namespace certrelay
