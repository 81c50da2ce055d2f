// certrelayd: the relay server. Wires only.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "firmware/daemon/child_process.hpp"
#include "firmware/daemon/process_name.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "firmware/daemon/text_in_memory.hpp"

namespace {

using namespace certrelay;

// The evaluation document describes a server that opens no connection (docs/decisions/0013) and
// holds no individual number (R08).
void warn_of_changes(const Config& config) {
  if (config.reg.hold_individual_number) {
    std::fprintf(stderr,
                 "certrelayd: 特定個人情報保護評価書の変更が必要です（個人番号の保有）: "
                 "[register] hold_individual_number = true\n");
  }
  if (!config.ocsp) return;
  std::string urls;
  for (const auto& url : config.ocsp->urls) urls += (urls.empty() ? "\"" : ", \"") + url + "\"";
  std::fprintf(stderr,
               "certrelayd: 特定個人情報保護評価書の変更が必要です（外部への通信）: "
               "[ocsp] responders = [%s]\n",
               urls.c_str());
}

int check(const Config& config) {
  warn_of_changes(config);
  for (const auto& listener : config.listeners) check_front(config, listener.role);
  check_vault(config);
  std::printf("%s: ok\n", config.file.c_str());
  return 0;
}

struct Arguments {
  std::string file;
  std::string role;
  bool handed_over = false;
  bool check_only = false;
};

// INV-8: a process of a running relay runs on what its parent holds, whatever lies in the file.
Config config_of(const Arguments& arguments) {
  if (!arguments.handed_over) return load_config(arguments.file);
  const auto text = read_text_in_memory(OwnedFd(kConfigFd));
  if (text.empty()) {
    throw StartFailure("--handed-over: nothing was", "leave it out: it is the parent process's");
  }
  return parse_config(arguments.file, text);
}

int run(const Arguments& arguments) {
  const auto& role = arguments.role;
  const auto config = config_of(arguments);
  if (arguments.check_only) return check(config);
  if (role.empty()) {
    warn_of_changes(config);
    return run_parent(config);
  }
  const auto name = parse_process_name(role);
  if (!name) throw StartFailure("--role " + role, "write vault, center, registry or monitoring");
  return name.value().is_vault() ? run_vault_process(config)
                                 : run_front_process(config, *name.value().front);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("certrelayd: コンビニ交付の証明書発行サーバ（中継サーバ）");
  Arguments arguments;
  app.add_option("--config", arguments.file, "設定ファイル certrelay.toml")->required();
  app.add_option("--role", arguments.role,
                 "vault, center, registry, monitoring（親プロセスと unit が使う）");
  app.add_flag("--handed-over", arguments.handed_over,
               "設定の本文を、ファイルからではなく親プロセスから受け取る（親プロセスが使う）");
  app.add_flag("--check", arguments.check_only, "設定と、それが指すすべてを開いて確かめ、終了する");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return run(arguments);
  } catch (const StartFailure& failure) {
    std::fprintf(stderr, "certrelayd: %s\n", failure.what());
    return 1;
  }
}
