#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
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
    if (stopped) ++stops_;
  }
  // How often it was stopped since this process began: a stop ends every transaction, even one that
  // was taken back a moment later.
  std::uint64_t stops() const {
    const std::lock_guard guard(mutex_);
    return stops_;
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
  std::uint64_t stops_ = 0;
  std::set<CertificateKind> suspended_;
  std::map<CertificateKind, SuspensionNote> notes_;
};

}  // namespace certrelay
