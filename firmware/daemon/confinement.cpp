#include "firmware/daemon/confinement.hpp"

#include <filesystem>

#include "firmware/daemon/started.hpp"
#include "firmware/daemon/vault_open.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {
namespace {

// The kernel's and the C library's own, none of which tells about a person or a key: what mount a
// file lies on, how many processors there are, whether memory may be overcommitted.
const std::vector<std::string> kSystemFiles{
    "/proc/self/mountinfo", "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu"};
// What a PKCS#11 module is loaded with.
const std::vector<std::string> kLibraries{"/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache",
                                          "/etc/ssl"};

class Collected {
 public:
  void file(const std::string& path) {
    if (!path.empty()) rules.read.push_back(path);
  }
  // A successor is put beside it and renamed, perhaps through a link of another folder.
  void replaceable(const std::string& key, const std::string& path) {
    if (path.empty()) return;
    const auto folder = std::filesystem::path(path).parent_path().string();
    if (folder == "/") {
      throw StartFailure(key + " " + path + " lies in the root folder",
                         "put it into a folder of its own, which the relay may read");
    }
    rules.read.push_back(folder);
    rules.read.push_back(path);
  }
  void token(const std::optional<TokenSection>& section) {
    if (!section) return;
    rules.read.insert(rules.read.end(), kLibraries.begin(), kLibraries.end());
    file(section->module);
  }

  FileRules rules;
};

void collect_keys(const KeysSection& keys, Collected& out) {
  out.replaceable("keys.answer_key", keys.answer_key);
  out.replaceable("keys.registry_answer_key", keys.registry_answer_key);
  out.replaceable("keys.admin_answer_key", keys.admin_answer_key);
  for (const auto& path : {keys.outer_key, keys.outer_credential, keys.checkpoint_key}) {
    out.file(path);
  }
  for (const auto& path : keys.feeder_public_keys) out.file(path);
  out.token(keys.outer_token);
}

void collect_render(const Config& config, Collected& out) {
  for (const auto& font : config.render.fonts) {
    out.file(font.path);
    out.file(glyph_cache_path(font));
  }
  for (const auto& [kind, form] : config.render.forms) {
    for (const auto& path : {form.template_file, form.readback_file, form.seal_file}) {
      out.file(path);
    }
  }
  if (!config.documents) return;
  out.file(config.documents->certificate);
  out.file(config.documents->key);
  out.token(config.documents->token);
}

}  // namespace

FileRules vault_files(const Config& config) {
  Collected out;
  for (const auto& path : kSystemFiles) out.file(path);
  collect_keys(config.keys, out);
  for (const auto& path : config.card.roots) out.replaceable("card.roots", path);
  for (const auto& path : config.card.crls) out.replaceable("card.crls", path);
  for (const auto& path : config.card.signing_roots) out.replaceable("card.signing", path);
  collect_render(config, out);
  // Whose days are counted (health's `certificates`).
  for (const auto& listener : config.listeners) {
    if (listener.tls) out.replaceable("tls.certificate", listener.tls->certificate);
  }
  out.file(config.operators.key);
  for (const auto& path : config.operators.enrolments) out.file(path);
  const auto& more = config.sandbox.files;
  out.rules.read.insert(out.rules.read.end(), more.read.begin(), more.read.end());
  const StatePaths state(config.state_dir);
  // Each by itself too: a part of the state may be a link to another disk.
  out.rules.write = {config.state_dir, state.ledger_folder, state.checkpoints,
                     state.reg,        state.spool,         state.erasure};
  out.rules.write.insert(out.rules.write.end(), more.write.begin(), more.write.end());
  return std::move(out.rules);
}

void confine_vaults_files(const Config& config) {
  PosixFiles files;
  const auto made = files.make_folder(config.state_dir);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    throw StartFailure("site.state_dir: " + config.state_dir + " cannot be made",
                       "check the rights and the free space there");
  }
  close_files(config.sandbox, vault_files(config));
}

}  // namespace certrelay
