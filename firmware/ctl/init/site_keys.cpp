#include "firmware/ctl/init/site_keys.hpp"

#include <algorithm>
#include <array>

#include "firmware/ctl/init/key_table.hpp"
#include "protocol/base/sha256.hpp"
#include "relay/keys/certificate_request.hpp"
#include "relay/keys/checkpoint_key.hpp"
#include "relay/keys/outer_key.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPassPhraseFileMax = 1024;
// What init makes, and what the relay makes beside it.
constexpr std::array<std::string_view, 7> kInitMade = {
    "init.lock", kPlanFile, "keys", "to-authorities", "certificates", "state", kSiteConfigFile};

bool is_there(Files& files, const std::string& path) { return files.info(path).has_value(); }

bool is_made(const InitPlan& plan, const SiteKey& key) {
  return key.setting != kDocumentsSetting || plan.documents();
}

Result<void> make_folder_unless_there(Files& files, const std::string& path) {
  const auto made = files.make_folder(path);
  if (!made && made.error().code == ErrorCode::kAlreadyExists) return ok();
  return made;
}

// Whole, or half written by write_durably().
Result<void> destroy(Files& files, const std::string& path) {
  CERTRELAY_TRY(files.overwrite_and_remove(path + ".new"));
  return files.overwrite_and_remove(path);
}

// Keys of an interrupted attempt served nobody; still no copy of one is left lying.
Result<void> destroy_begun_keys(Files& files, const std::string& folder) {
  for (const auto& key : kSiteKeys) {
    CERTRELAY_TRY(destroy(files, folder + "/" + std::string(key.file)));
  }
  return destroy(files, folder + "/" + std::string(kPasswordFile));
}

RequestedSubject subject_of(const InitPlan& plan, const SiteKey& key) {
  RequestedSubject out{.organisation = plan.municipality_name,
                       .common_name = "certrelay documents",
                       .names = {},
                       .extended_usage = {}};
  for (const auto& listener : plan.listeners) {
    const std::string role(to_text(listener.role));
    if (key.setting != "tls." + role + ".key") continue;
    out.common_name = "certrelay " + role;
    out.names = {listener.server_name};
    out.extended_usage = "serverAuth";
  }
  return out;
}

class KeyMaker {
 public:
  KeyMaker(Files& files, Entropy& entropy, const InitPlan& plan, const std::string& folder)
      : files_(files), entropy_(entropy), plan_(plan), folder_(folder) {}

  Result<void> make_all() {
    password_ = to_base64url(random_bytes<24>(entropy_));
    CERTRELAY_TRY(write(kPasswordFile, password_ + "\n"));
    for (const auto& key : kSiteKeys) {
      if (!is_made(plan_, key)) continue;
      CERTRELAY_TRY(make(key));
    }
    return write(kFingerprintsFile, fingerprints_);
  }

 private:
  Result<void> write(std::string_view file, std::string_view text) {
    return files_.write_durably(folder_ + "/" + std::string(file), as_bytes(text));
  }

  Result<void> make(const SiteKey& row) {
    if (row.kind == SiteKeyKind::kBytes32) {
      return create_outer_key(files_, entropy_, folder_ + "/" + std::string(row.file));
    }
    const auto type = row.kind == SiteKeyKind::kEd25519 ? KeyType::kEd25519 : KeyType::kEcdsaP256;
    CERTRELAY_TRY(const auto key, PrivateKey::generate(type));
    CERTRELAY_TRY(const auto pem, key.encrypted_pem(password_, PassPhraseOrigin::kRandom));
    CERTRELAY_TRY(write(row.file, pem));
    CERTRELAY_TRY(const auto text, for_others(row, key, pem));
    CERTRELAY_TRY(write(row.handed_out, text));
    // Compared by voice or on paper with what the authority received.
    fingerprints_ += std::string(row.handed_out) + "\n  SHA-256(SubjectPublicKeyInfo) " +
                     to_hex(sha256(key.spki())) + "\n";
    return ok();
  }

  Result<std::string> for_others(const SiteKey& row, const PrivateKey& key,
                                 const std::string& pem) const {
    if (row.handed_out.ends_with(".csr")) return certificate_request(key, subject_of(plan_, row));
    if (row.kind != SiteKeyKind::kEd25519) return public_key_pem(key.spki());
    CERTRELAY_TRY(const auto checkpoint,
                  CheckpointKey::from_pem(ledger_origin(plan_.municipality), pem, password_));
    return checkpoint.verifier().text() + "\n";
  }

  Files& files_;
  Entropy& entropy_;
  const InitPlan& plan_;
  const std::string& folder_;
  std::string password_;
  std::string fingerprints_ =
      "# 認証局・相手方へ渡すファイルの指紋です。渡すときに電話や書面で照合してください。\n";
};

}  // namespace

// A relay that has run leaves its lock: its state is never taken for an interrupted attempt's, even
// where somebody lost the configuration.
bool is_finished_site(Files& files, const std::string& folder) {
  return is_there(files, folder + "/" + kSiteConfigFile) || is_there(files, folder + "/state/lock");
}

Result<InitStage> init_stage(Files& files, const std::string& folder, std::uint32_t owner) {
  const auto about = files.info(folder);
  if (!about && about.error().code == ErrorCode::kNotFound) return InitStage::kNothing;
  if (!about) return about.error();
  if (about.value().kind != FileInfo::Kind::kFolder || about.value().owner != owner ||
      (about.value().mode & 077) != 0) {
    return Error{ErrorCode::kWrongOwner, "init: the site's folder"};
  }
  CERTRELAY_TRY(const auto names, files.list(folder));
  // A file that a crash left half written has ".new" behind its name.
  const auto ours = [](std::string_view name) {
    if (name.ends_with(".new")) name.remove_suffix(4);
    return std::ranges::find(kInitMade, name) != kInitMade.end();
  };
  if (is_finished_site(files, folder)) {
    CERTRELAY_TRY(files.sync_folder(folder));
    return InitStage::kFinished;
  }
  if (!std::ranges::all_of(names, ours)) {
    return Error{ErrorCode::kAlreadyExists, "init: the folder holds other files"};
  }
  if (is_there(files, folder + "/" + kFingerprintsFile)) {
    CERTRELAY_TRY(files.sync_folder(folder_of(folder + "/" + kFingerprintsFile)));
    return InitStage::kKeysMade;
  }
  return names.empty() ? InitStage::kNothing : InitStage::kBegun;
}

Result<void> make_site_keys(Files& files, Entropy& entropy, const InitPlan& plan,
                            const std::string& plan_text, const std::string& folder) {
  CERTRELAY_TRY(make_folder_unless_there(files, folder));
  CERTRELAY_TRY(files.sync_folder(folder_of(folder)));  // a power cut must not take all of it
  // Two at once would mix their keys.
  CERTRELAY_TRY(const auto lock, files.open(folder + "/init.lock", OpenMode::kCreate));
  CERTRELAY_TRY(lock->lock());
  if (is_there(files, folder + "/" + kFingerprintsFile)) {
    return Error{ErrorCode::kAlreadyExists, "init: the keys are made"};
  }
  for (const char* name : {"keys", "to-authorities"}) {
    CERTRELAY_TRY(make_folder_unless_there(files, folder + "/" + name));
  }
  CERTRELAY_TRY(destroy_begun_keys(files, folder));
  CERTRELAY_TRY(files.write_durably(folder + "/" + kPlanFile, as_bytes(plan_text)));
  return KeyMaker(files, entropy, plan, folder).make_all();
}

Result<std::string> read_site_password(Files& files, const std::string& folder) {
  CERTRELAY_TRY(Bytes bytes,
                files.read_all(folder + "/" + std::string(kPasswordFile), kPassPhraseFileMax));
  std::string out(as_text(bytes));
  wipe(bytes);
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

}  // namespace certrelay
