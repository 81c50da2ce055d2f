#pragma once

#include <memory>
#include <mutex>

#include "render/render.hpp"

namespace certrelay {

// The forms in force, replaced while certificates are printed on them: a document that has begun is
// printed and read back by the kit that it began with, the next one by the new. Thread-safe.
class CurrentKit {
 public:
  explicit CurrentKit(std::shared_ptr<const RenderKit> kit) : kit_(std::move(kit)) {}

  std::shared_ptr<const RenderKit> now() const {
    const std::lock_guard guard(mutex_);
    return kit_;
  }
  void replace(std::shared_ptr<const RenderKit> next) {
    const std::lock_guard guard(mutex_);
    kit_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;  // held for a pointer's copy
  std::shared_ptr<const RenderKit> kit_;
};

// Where whoever prints takes the kit of one document from: the one in force, or one for ever. What
// it was made of must outlive it.
class KitSource {
 public:
  KitSource(const CurrentKit& current) : current_(&current) {}
  KitSource(const RenderKit& always) : always_(std::shared_ptr<void>(), &always) {}

  std::shared_ptr<const RenderKit> now() const { return current_ ? current_->now() : always_; }

 private:
  const CurrentKit* current_ = nullptr;
  std::shared_ptr<const RenderKit> always_;  // owns nothing
};

}  // namespace certrelay
