// certrelayd: the relay server. Wires only.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "firmware/daemon/process_name.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/start_failure.hpp"

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
  std::string configuration;  // empty: nobody demands one
  bool check_only = false;
};

// INV-8: a process that comes back does not join others that run on another configuration.
void refuse_other_configuration(const Config& config, const std::string& demanded) {
  if (demanded.empty() || demanded == to_hex(config.digest)) return;
  throw StartFailure(config.file + " was changed since the relay was started",
                     "restart the whole relay to take it, or put the former file back");
}

int run(const Arguments& arguments) {
  const auto& role = arguments.role;
  const auto config = load_config(arguments.file);
  refuse_other_configuration(config, arguments.configuration);
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
  app.add_option("--configuration", arguments.configuration,
                 "設定ファイルの SHA-256（16進）。異なれば起動しない（親プロセスが使う）");
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
