// A file system in memory that forgets what was not synced, and fails when it is told to.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>

#include "relay/env/files.hpp"

namespace certrelay::testing {

enum class Call : std::uint8_t {
  kOpen,
  kRead,
  kWrite,
  kTruncate,
  kSync,
  kLock,
  kRemove,
  kRename,
  kMakeFolder,
  kSyncFolder,
  kInfo,
  kList,
};

// What a real disk may do: bytes are durable after File::sync of that file, names (files made,
// removed, renamed) after sync_folder of their folder. Folders themselves are durable at once.
// A failed sync loses the bytes for good although they can still be read, and the next sync of the
// file succeeds (as Linux does). Thread-safe.
class ForgetfulFiles final : public Files {
 public:
  ForgetfulFiles();
  ~ForgetfulFiles() override;

  // The power goes and comes back: every open File answers kIoError from now on, locks are free,
  // and what was not durable is gone.
  void power_cut();
  // As above, but of what was not durable any part may have reached the disk: of the bytes any set
  // of 512-byte sectors, of the names a first part in their order.
  void power_cut(std::uint64_t seed);

  // The n-th call of that kind from now on fails once (n from 1).
  void fail_nth(Call call, std::uint64_t n, ErrorCode code);
  // Every call of that kind fails until heal().
  void fail_all(Call call, ErrorCode code);
  void heal();
  // The bytes of all files together; a write that would need more fails with kDiskFull.
  void limit_space(std::optional<std::uint64_t> bytes_max);
  std::uint64_t space_used() const;
  // The n-th call that changes anything or syncs, and all after it, fail with kIoError: the moment
  // before a power cut. 0 switches it off, as power_cut() does.
  void die_at(std::uint64_t n);
  // Before each such call from now on, `look` gets a disk as a power cut at that moment might leave
  // it: with nothing of what was not durable, kParts times with a part of it, and with all of it.
  // `look` must not touch these files. Empty: no longer.
  static constexpr std::uint64_t kParts = 3;
  using Look = std::function<void(std::unique_ptr<ForgetfulFiles> disk)>;
  void watch_cuts(Look look);
  // Such calls so far.
  std::uint64_t changes() const;
  std::uint64_t calls(Call call) const;

  // For damage: the bytes of a file as they are now and are on the disk.
  Bytes content(const std::string& path) const;
  void set_content(const std::string& path, ByteView bytes);

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<void> remove(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> make_folder(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<FileInfo> info(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<Overwriting> overwriting(const std::string& /*path*/) override { return overwriting_; }
  void set_overwriting(Overwriting overwriting) { overwriting_ = overwriting; }

 private:
  friend class ForgetfulFile;
  struct Node;
  using NodePtr = std::shared_ptr<Node>;
  using Names = std::map<std::string, NodePtr>;
  struct NameChange {
    std::string path;
    NodePtr node;         // none: the name is gone
    std::string removes;  // of a rename: the old name, gone in the same moment
  };

  // Counts the call; its planned error, if any. `mutex_` is held.
  std::optional<ErrorCode> planned(Call call);
  static void apply(const NameChange& change, Names& names);
  void change_name(NameChange change);
  void restart();
  bool has_space_for(std::uint64_t more) const;
  std::unique_ptr<ForgetfulFiles> twin() const;
  void settle();

  mutable std::mutex mutex_;
  Names names_;
  Names durable_names_;
  std::vector<NameChange> pending_names_;
  std::set<std::string> folders_;
  std::map<Call, std::uint64_t> calls_;
  std::map<Call, std::map<std::uint64_t, ErrorCode>> planned_;
  std::map<Call, ErrorCode> failing_;
  Overwriting overwriting_ = Overwriting::kInPlace;
  std::optional<std::uint64_t> bytes_max_;
  std::uint64_t changes_ = 0;
  std::uint64_t die_at_ = 0;
  Look look_;
  std::uint64_t epoch_ = 0;  // counts power cuts; a File of an older one is dead
};

}  // namespace certrelay::testing
