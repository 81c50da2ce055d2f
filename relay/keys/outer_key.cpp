#include "relay/keys/outer_key.hpp"

#include <algorithm>

namespace certrelay {

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; });
}

Result<void> check_file(Files& files, const std::string& path, const FileRule& rule) {
  CERTRELAY_TRY(const auto info, files.info(path));
  const bool fine =
      info.kind == FileInfo::Kind::kRegular && info.owner == rule.owner && info.mode == rule.mode;
  if (!fine) return Error{ErrorCode::kWrongOwner, "file: owner, mode or kind"};
  return ok();
}

Result<Key256> read_outer_key(Files& files, const std::string& path) {
  CERTRELAY_TRY(auto bytes, files.read_all(path, sizeof(Key256) + 1));
  if (bytes.size() != sizeof(Key256) || is_zero(bytes)) {
    wipe(bytes);
    return Error{ErrorCode::kKeyFileInvalid, "outer key: 32 bytes expected"};
  }
  Key256 key(bytes);
  wipe(bytes);
  return key;
}

Result<Key256> load_outer_key(Files& files, const std::string& path, const FileRule& rule) {
  CERTRELAY_TRY(check_file(files, path, rule));
  return read_outer_key(files, path);
}

Result<void> create_outer_key(Files& files, Entropy& entropy, const std::string& path) {
  if (files.info(path).has_value()) return Error{ErrorCode::kAlreadyExists, "outer key"};
  return files.write_durably(path, random_key(entropy).reveal());
}

Result<Key256> StoredOuterKey::load() const {
  if (rule_) return load_outer_key(*files_, path_, *rule_);
  return read_outer_key(*files_, path_);
}

Result<Bytes> StoredOuterKey::seal_root(std::uint64_t /*epoch*/, ByteView context,
                                        const Key256& root, Entropy& entropy) {
  CERTRELAY_TRY(const auto key, load());
  return seal(key, context, root.reveal(), entropy);
}

Result<Key256> StoredOuterKey::open_root(std::uint64_t /*epoch*/, ByteView context,
                                         ByteView sealed) {
  CERTRELAY_TRY(const auto key, load());
  CERTRELAY_TRY(auto bytes, open_sealed(key, context, sealed));
  if (bytes.size() != sizeof(Key256)) return Error{ErrorCode::kSealBroken, "root: size"};
  Key256 root(bytes);
  wipe(bytes);
  return root;
}

}  // namespace certrelay
