#include "firmware/sandbox/sandbox_section.hpp"

#include <ctime>
#include <filesystem>

#include "firmware/daemon/start_failure.hpp"
#include "firmware/sandbox/privileges.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {
namespace {

std::vector<std::string> absolute_all(const std::string& folder, std::vector<std::string> paths) {
  for (auto& path : paths) {
    path = (std::filesystem::path(folder) / path).lexically_normal().string();
  }
  return paths;
}

#ifdef CERTRELAY_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

bool is_off(const SandboxSection& section) { return kSanitized || section.off; }

}  // namespace

SandboxSection parse_sandbox(TomlTable& root, const std::string& folder, bool demo) {
  SandboxSection out;
  if (!root.has("sandbox")) return out;
  auto table = root.table("sandbox");
  out.user = table.text_or("user", "");
  out.root = table.flag_or("root", false);
  if (out.root && !out.user.empty()) table.refuse("root", "name either a user or root");
  out.files.read = absolute_all(folder, table.texts("read", 0));
  out.files.write = absolute_all(folder, table.texts("write", 0));
  out.without_landlock = table.flag_or("without_landlock", false);
  out.off = table.flag_or("off", false);
  if (out.off && !demo) table.refuse("off", "only a demonstration may");
  table.finish();
  return out;
}

SandboxSection load_sandbox(const std::string& path) {
  const auto file = std::filesystem::absolute(path).lexically_normal();
  PosixFiles files;
  const auto bytes = files.read_all(file.string(), kConfigBytesMax);
  if (!bytes) {
    throw StartFailure(file.string(), "cannot be read; check that the file exists and its rights");
  }
  const auto document = parse_toml(std::string(as_text(bytes.value())), file.string());
  TomlTable root(document, file.string(), "");
  bool demo = false;
  if (root.has("site")) demo = root.table("site").flag_or("demo", false);
  return parse_sandbox(root, file.parent_path().string(), demo);
}

void give_up_privileges(const SandboxSection& section) {
  leave_root(section.user, section.root);
  drop_capabilities();
  harden_process();  // last: a change of user makes a process dumpable again
}

void close_files(const SandboxSection& section, const FileRules& rules, bool may_connect) {
  if (is_off(section)) return;
  ::tzset();  // reads /etc/localtime once, which formatting a date would do later
  if (landlock_abi() > 0) {
    restrict_files(rules, may_connect);
  } else if (!section.without_landlock) {
    throw StartFailure(
        "this kernel has no Landlock, which keeps a captured process from the other files",
        "run on Linux 5.13 or newer with lsm=landlock, or set sandbox.without_landlock = true");
  }
}

void close_calls(const SandboxSection& section, Confined kind) {
  if (!is_off(section)) restrict_calls(kind);
}

bool files_are_closed(const SandboxSection& section) {
  // A sanitizer's build serves nobody and has nothing to warn of.
  return kSanitized || (!section.off && landlock_abi() > 0);
}

}  // namespace certrelay
