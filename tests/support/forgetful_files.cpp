#include "tests/support/forgetful_files.hpp"

#include <unistd.h>

#include <algorithm>

#include "protocol/base/check.hpp"
#include "tests/support/forgetful_node.hpp"

namespace certrelay::testing {
namespace {

constexpr std::string_view kWhere = "forgetful files";

bool changes_something(Call call) {
  return call == Call::kWrite || call == Call::kTruncate || call == Call::kSync ||
         call == Call::kRemove || call == Call::kRename || call == Call::kMakeFolder ||
         call == Call::kSyncFolder;
}

}  // namespace

class ForgetfulFile final : public File {
 public:
  ForgetfulFile(ForgetfulFiles& files, ForgetfulFiles::NodePtr node)
      : files_(files), node_(std::move(node)), epoch_(files.epoch_) {}
  ~ForgetfulFile() override {
    const std::lock_guard guard(files_.mutex_);
    if (holds_lock_ && epoch_ == files_.epoch_) node_->locked = false;
  }
  ForgetfulFile(const ForgetfulFile&) = delete;
  ForgetfulFile& operator=(const ForgetfulFile&) = delete;

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    const std::lock_guard guard(files_.mutex_);
    if (const auto code = failure(Call::kRead)) return Error{*code, kWhere};
    const auto size = node_->now.size();
    if (offset >= size) return std::size_t{0};
    const auto count = std::min(out.size(), size - static_cast<std::size_t>(offset));
    std::copy_n(node_->now.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
    return count;
  }
  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    const std::lock_guard guard(files_.mutex_);
    auto code = failure(Call::kWrite);
    const auto end = offset + bytes.size();
    const auto size = node_->now.size();
    if (!code && end > size && !files_.has_space_for(end - size)) code = ErrorCode::kDiskFull;
    // A write that the cut interrupts may have reached the disk in part.
    if (!code || dies_now()) node_->write(offset, bytes);
    if (code) return Error{*code, kWhere};
    return ok();
  }
  Result<void> truncate(std::uint64_t size) override {
    const std::lock_guard guard(files_.mutex_);
    if (const auto code = failure(Call::kTruncate)) return Error{*code, kWhere};
    node_->truncate(size);
    return ok();
  }
  Result<std::uint64_t> size() override {
    const std::lock_guard guard(files_.mutex_);
    return node_->now.size();
  }
  Result<void> sync() override {
    const std::lock_guard guard(files_.mutex_);
    if (const auto code = failure(Call::kSync)) {
      if (!is_dead()) node_->lose_pending();
      return Error{*code, kWhere};
    }
    node_->sync();
    return ok();
  }
  Result<void> lock() override {
    const std::lock_guard guard(files_.mutex_);
    if (const auto code = failure(Call::kLock)) return Error{*code, kWhere};
    if (node_->locked && !holds_lock_) return Error{ErrorCode::kLocked, kWhere};
    node_->locked = holds_lock_ = true;
    return ok();
  }

 private:
  bool dies_now() const {
    return epoch_ == files_.epoch_ && files_.die_at_ != 0 && files_.changes_ == files_.die_at_;
  }
  bool is_dead() const {
    return epoch_ != files_.epoch_ || (files_.die_at_ != 0 && files_.changes_ >= files_.die_at_);
  }
  std::optional<ErrorCode> failure(Call call) {
    if (epoch_ != files_.epoch_) return ErrorCode::kIoError;
    return files_.planned(call);
  }
  ForgetfulFiles& files_;
  ForgetfulFiles::NodePtr node_;
  std::uint64_t epoch_;
  bool holds_lock_ = false;
};

ForgetfulFiles::ForgetfulFiles() : folders_{".", "/"} {}
ForgetfulFiles::~ForgetfulFiles() = default;

std::optional<ErrorCode> ForgetfulFiles::planned(Call call) {
  const auto n = ++calls_[call];
  if (changes_something(call)) {
    ++changes_;
    if (die_at_ != 0 && changes_ >= die_at_) return ErrorCode::kIoError;
    for (std::uint64_t part = 0; look_ && part <= kParts + 1; ++part) {
      auto disk = twin();
      if (part == kParts + 1) disk->settle();
      part == 0 || part == kParts + 1 ? disk->power_cut()
                                      : disk->power_cut(changes_ * kParts + part);
      look_(std::move(disk));
    }
  }
  if (const auto failing = failing_.find(call); failing != failing_.end()) return failing->second;
  auto& plans = planned_[call];
  const auto plan = plans.find(n);
  if (plan == plans.end()) return std::nullopt;
  const auto code = plan->second;
  plans.erase(plan);
  return code;
}

// The same names and bytes, durable or not; nothing planned.
std::unique_ptr<ForgetfulFiles> ForgetfulFiles::twin() const {
  auto out = std::make_unique<ForgetfulFiles>();
  std::map<NodePtr, NodePtr> copies{{nullptr, nullptr}};
  const auto copy_of = [&](const NodePtr& node) {
    auto& copy = copies[node];
    if (node && !copy) copy = std::make_shared<Node>(*node);
    return copy;
  };
  for (const auto& [path, node] : names_) out->names_[path] = copy_of(node);
  for (const auto& [path, node] : durable_names_) out->durable_names_[path] = copy_of(node);
  for (const auto& change : pending_names_) {
    out->pending_names_.push_back({change.path, copy_of(change.node), change.removes});
  }
  out->folders_ = folders_;
  out->overwriting_ = overwriting_;
  return out;
}

// Everything has reached the disk.
void ForgetfulFiles::settle() {
  for (const auto& [path, node] : names_) node->sync();
  durable_names_ = names_;
}

void ForgetfulFiles::watch_cuts(Look look) {
  const std::lock_guard guard(mutex_);
  look_ = std::move(look);
}

void ForgetfulFiles::restart() {
  names_ = durable_names_;
  pending_names_.clear();
  ++epoch_;
  die_at_ = 0;
}

void ForgetfulFiles::power_cut() {
  const std::lock_guard guard(mutex_);
  for (const auto& [path, node] : names_) node->cut();
  for (const auto& [path, node] : durable_names_) node->cut();
  restart();
}

void ForgetfulFiles::power_cut(std::uint64_t seed) {
  const std::lock_guard guard(mutex_);
  std::mt19937_64 chance(seed);
  const auto kept = chance() % (pending_names_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) {
    apply(pending_names_.at(i), durable_names_);
  }
  for (const auto& [path, node] : durable_names_) node->cut(chance);
  restart();
}

void ForgetfulFiles::fail_nth(Call call, std::uint64_t n, ErrorCode code) {
  const std::lock_guard guard(mutex_);
  planned_[call][calls_[call] + n] = code;
}

void ForgetfulFiles::fail_all(Call call, ErrorCode code) {
  const std::lock_guard guard(mutex_);
  failing_[call] = code;
}

void ForgetfulFiles::heal() {
  const std::lock_guard guard(mutex_);
  planned_.clear();
  failing_.clear();
}

void ForgetfulFiles::limit_space(std::optional<std::uint64_t> bytes_max) {
  const std::lock_guard guard(mutex_);
  bytes_max_ = bytes_max;
}

std::uint64_t ForgetfulFiles::space_used() const {
  const std::lock_guard guard(mutex_);
  std::uint64_t out = 0;
  for (const auto& [path, node] : names_) out += node->now.size();
  return out;
}

bool ForgetfulFiles::has_space_for(std::uint64_t more) const {
  if (!bytes_max_) return true;
  std::uint64_t used = 0;
  for (const auto& [path, node] : names_) used += node->now.size();
  return used + more <= *bytes_max_;
}

void ForgetfulFiles::die_at(std::uint64_t n) {
  const std::lock_guard guard(mutex_);
  die_at_ = n == 0 ? 0 : changes_ + n;
}

std::uint64_t ForgetfulFiles::changes() const {
  const std::lock_guard guard(mutex_);
  return changes_;
}

std::uint64_t ForgetfulFiles::calls(Call call) const {
  const std::lock_guard guard(mutex_);
  const auto found = calls_.find(call);
  return found == calls_.end() ? 0 : found->second;
}

Bytes ForgetfulFiles::content(const std::string& path) const {
  const std::lock_guard guard(mutex_);
  return names_.at(path)->now;
}

void ForgetfulFiles::set_content(const std::string& path, ByteView bytes) {
  const std::lock_guard guard(mutex_);
  auto& node = *names_.at(path);
  node.now.assign(bytes.begin(), bytes.end());
  node.durable = node.now;
  node.pending.clear();
}

void ForgetfulFiles::apply(const NameChange& change, Names& names) {
  if (change.node) {
    names[change.path] = change.node;
  } else {
    names.erase(change.path);
  }
  names.erase(change.removes);
}

void ForgetfulFiles::change_name(NameChange change) {
  apply(change, names_);
  pending_names_.push_back(std::move(change));
}

Result<std::unique_ptr<File>> ForgetfulFiles::open(const std::string& path, OpenMode mode) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kOpen)) return Error{*code, kWhere};
  auto found = names_.find(path);
  const bool may_create = mode == OpenMode::kCreate || mode == OpenMode::kCreateNew;
  if (found != names_.end() && mode == OpenMode::kCreateNew) {
    return Error{ErrorCode::kAlreadyExists, kWhere};
  }
  if (found == names_.end()) {
    if (!may_create || !folders_.contains(folder_of(path))) {
      return Error{ErrorCode::kNotFound, kWhere};
    }
    change_name({path, std::make_shared<Node>(), {}});
    found = names_.find(path);
  }
  return std::make_unique<ForgetfulFile>(*this, found->second);
}

Result<void> ForgetfulFiles::remove(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kRemove)) return Error{*code, kWhere};
  if (!names_.contains(path)) return Error{ErrorCode::kNotFound, kWhere};
  change_name({path, nullptr, {}});
  return ok();
}

Result<void> ForgetfulFiles::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kRename)) return Error{*code, kWhere};
  const auto found = names_.find(from);
  if (found == names_.end()) return Error{ErrorCode::kNotFound, kWhere};
  change_name({to, found->second, from});
  return ok();
}

Result<void> ForgetfulFiles::make_folder(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kMakeFolder)) return Error{*code, kWhere};
  if (!folders_.contains(folder_of(path))) return Error{ErrorCode::kNotFound, kWhere};
  if (!folders_.insert(path).second) return Error{ErrorCode::kAlreadyExists, kWhere};
  return ok();
}

Result<void> ForgetfulFiles::sync_folder(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kSyncFolder)) return Error{*code, kWhere};
  if (!folders_.contains(path)) return Error{ErrorCode::kNotFound, kWhere};
  std::erase_if(pending_names_, [&](const NameChange& change) {
    if (folder_of(change.path) != path) return false;
    apply(change, durable_names_);
    return true;
  });
  return ok();
}

Result<FileInfo> ForgetfulFiles::info(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kInfo)) return Error{*code, kWhere};
  const auto owner = static_cast<std::uint32_t>(::geteuid());
  if (folders_.contains(path)) return FileInfo{FileInfo::Kind::kFolder, owner, 0700, 0};
  const auto found = names_.find(path);
  if (found == names_.end()) return Error{ErrorCode::kNotFound, kWhere};
  return FileInfo{FileInfo::Kind::kRegular, owner, 0600, found->second->now.size()};
}

Result<std::vector<std::string>> ForgetfulFiles::list(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (const auto code = planned(Call::kList)) return Error{*code, kWhere};
  if (!folders_.contains(path)) return Error{ErrorCode::kNotFound, kWhere};
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (folder_of(name) == path && name != path) out.push_back(name.substr(name.rfind('/') + 1));
  };
  for (const auto& [name, node] : names_) add(name);
  for (const auto& folder : folders_) add(folder);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace certrelay::testing
