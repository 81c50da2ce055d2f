// The key over the root: from a file, a systemd credential or a PKCS#11 token, behind one
// interface.
#pragma once

#include <optional>
#include <string>

#include "relay/env/files.hpp"
#include "relay/keys/seal.hpp"

namespace certrelay {

// What no key is, and what a slot is once its root is gone.
bool is_zero(ByteView bytes);

// Who must own a file and which mode it must have (R33).
struct FileRule {
  std::uint32_t owner = 0;  // uid
  std::uint32_t mode = 0600;
};

// A regular file of exactly that owner and mode. Errors: kWrongOwner, kNotFound, kIoError.
Result<void> check_file(Files& files, const std::string& path, const FileRule& rule);

// Seals and opens roots; holds no key between two calls where it can be helped. Each root has a
// number, its epoch. One thread at a time.
class OuterKey {
 public:
  OuterKey() = default;
  OuterKey(const OuterKey&) = delete;
  OuterKey& operator=(const OuterKey&) = delete;
  virtual ~OuterKey() = default;

  // Seals a new root. Errors: kKeyFileInvalid and the file system's; kTokenUnusable, kTokenFailed.
  virtual Result<Bytes> seal_root(std::uint64_t epoch, ByteView context, const Key256& root,
                                  Entropy& entropy) = 0;
  // Errors: kSealBroken (not sealed by this key, or that was destroyed), and as above.
  virtual Result<Key256> open_root(std::uint64_t epoch, ByteView context, ByteView sealed) = 0;
  // After it no copy of that sealed root opens any more, where the source can promise that (a
  // token); elsewhere nothing is done, and the erasure rests on overwriting the slot. Ok when there
  // is nothing to destroy. Errors: kTokenUnusable, kTokenFailed.
  virtual Result<void> destroy(std::uint64_t epoch, ByteView sealed) = 0;
  // True: destroy() is enough, wherever copies of the slots lie.
  virtual bool destroys() const = 0;
};

// The outer key's file: 32 bytes, nothing else.
// Errors: check_file's, kKeyFileInvalid.
Result<Key256> load_outer_key(Files& files, const std::string& path, const FileRule& rule);
// As load_outer_key(), of a credential, whose owner and mode are systemd's. Errors:
// kKeyFileInvalid, the file system's.
Result<Key256> read_outer_key(Files& files, const std::string& path);
// Makes such a file, durable. Errors: kAlreadyExists, and the file system's.
Result<void> create_outer_key(Files& files, Entropy& entropy, const std::string& path);

// 32 bytes in a file of our own or in a credential that systemd decrypted for the service alone
// (sealed by the machine's TPM where systemd-creds did so). Read again for each use.
class StoredOuterKey final : public OuterKey {
 public:
  // A file of our own has `rule`; a credential has the mode that systemd gives it and is in a
  // folder that nobody else sees: `rule` is not asked. `files` must outlive it.
  StoredOuterKey(Files& files, std::string path, std::optional<FileRule> rule)
      : files_(&files), path_(std::move(path)), rule_(rule) {}

  Result<Bytes> seal_root(std::uint64_t epoch, ByteView context, const Key256& root,
                          Entropy& entropy) override;
  Result<Key256> open_root(std::uint64_t epoch, ByteView context, ByteView sealed) override;
  Result<void> destroy(std::uint64_t /*epoch*/, ByteView /*sealed*/) override { return ok(); }
  bool destroys() const override { return false; }

 private:
  Result<Key256> load() const;

  Files* files_;
  std::string path_;
  std::optional<FileRule> rule_;
};

}  // namespace certrelay
