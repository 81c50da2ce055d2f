// certrelayctl extract build, inspect
#include <fmt/core.h>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/extract_build.hpp"
#include "firmware/ctl/extract_folder.hpp"
#include "firmware/ctl/extract_push.hpp"
#include "firmware/ctl/fault_report.hpp"
#include "firmware/ctl/folder_files.hpp"
#include "firmware/ctl/manifest_fault.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/push_config.hpp"
#include "firmware/ctl/register_status.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "protocol/base/japanese_time.hpp"
#include "protocol/base/json.hpp"
#include "protocol/extract/walk.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kNothingBuilt = "抽出データを作成していません";
constexpr std::string_view kUnsound = "抽出データに誤りがあります";
constexpr std::size_t kPemBytesMax = std::size_t{64} * 1024;

struct Options {
  std::string csv;
  std::string out;
  std::string key;
  std::string password_file;
  std::string extract;
  std::string public_key;
  bool numbers = false;
  bool json = false;
};

void print_summary(const Manifest& manifest) {
  fmt::print("市区町村 {} 世代 {} 作成 {}\n住民 {}人 世帯 {} カード {} 画像 {}\n",
             manifest.municipality.text(), manifest.generation, japanese_time(manifest.created),
             manifest.persons, manifest.households, manifest.cards,
             manifest.files.size() - extract_tables().size());
  if (manifest.numbers == IndividualNumbers::kHeld) fmt::print("個人番号を含む\n");
}

int show_manifest(std::string_view state, const Manifest& manifest, const Diagnostics& found,
                  bool json) {
  print_faults(found);  // warnings
  if (!json) {
    print_summary(manifest);
    return kExitDone;
  }
  auto object = faults_json(state, found);
  object["municipality_code"] = std::string(manifest.municipality.text());
  object["generation"] = manifest.generation;
  object["created"] = to_rfc3339_jst(manifest.created);
  object["persons"] = manifest.persons;
  object["households"] = manifest.households;
  object["cards"] = manifest.cards;
  object["images"] = manifest.files.size() - extract_tables().size();
  object["individual_number"] = manifest.numbers == IndividualNumbers::kHeld;
  fmt::print("{}\n", to_json_text(object));
  return kExitDone;
}

int build(const Options& options) {
  PosixFiles files;
  const SystemClock clock;
  Diagnostics found;
  auto head = load_extract_head(files, options.csv, clock.utc_now());
  if (!head) {
    found.reject(
        manifest_fault(options.csv + "/extract.json", head.error(), ManifestOrigin::kSourceHead));
    return say_faults(kNothingBuilt, found, options.json);
  }
  if (options.numbers) head.value().numbers = IndividualNumbers::kHeld;
  PushConfig config;
  config.feeder_key = options.key;
  config.feeder_password = options.password_file;
  const auto key = load_feeder_key(files, config);
  if (!key) return say(unusable("--key か --password-file", key.error()), options.json);
  const auto built =
      build_extract(files, options.csv, options.out, head.value(), key.value(), found);
  if (!found.clean()) return say_faults(kNothingBuilt, found, options.json);
  if (!built) return say(unusable(options.out, built.error()), options.json);
  return show_manifest("built", built.value(), found, options.json);
}

Result<FeederVerifier> load_verifier(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto pem, files.read_all(path, kPemBytesMax));
  return FeederVerifier::from_pems({std::string(as_text(pem))});
}

class Look final : public ExtractSink {
 public:
  Result<void> catalogue(Catalogue /*catalogue*/) override { return ok(); }
  Result<void> household(HouseholdRows /*rows*/,
                         std::vector<std::vector<CardRecord>> /*cards*/) override {
    return ok();
  }
};

int inspect(const Options& options) {
  PosixFiles files;
  std::optional<FeederVerifier> feeder;
  if (!options.public_key.empty()) {
    auto loaded = load_verifier(files, options.public_key);
    if (!loaded) return say(unusable(options.public_key, loaded.error()), options.json);
    feeder = std::move(loaded).value();
  }
  Diagnostics found;
  const auto source = open_extract(files, options.extract, found);
  if (!source) return say_faults(kUnsound, found, options.json);
  if (feeder) check_statement(files, options.extract, *source, *feeder, found);
  check_names(files, options.extract, source->manifest(), found);
  FolderFiles folder(files, options.extract);
  Look sink;
  const auto walked = walk_extract(source->manifest(), folder, sink, found);
  if (!walked && found.clean()) {
    found.reject(file_fault(options.extract, walked.error(), ManifestOrigin::kExtract));
  }
  if (!found.clean()) return say_faults(kUnsound, found, options.json);
  return show_manifest("valid", source->manifest(), found, options.json);
}

}  // namespace

void add_extract_commands(CLI::App& root, int& exit_code) {
  auto* extract = root.add_subcommand("extract", "住民記録の抽出データ");
  extract->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* make = extract->add_subcommand("build", "CSVから署名付きの抽出データを作る");
  make->add_option("--csv", options->csv, "CSVとextract.jsonのフォルダー")->required();
  make->add_option("--out", options->out, "作るフォルダー")->required();
  make->add_option("--key", options->key, "送信元の鍵（PEM）")->required();
  make->add_option("--password-file", options->password_file, "鍵のパスフレーズのファイル")
      ->required();
  make->add_flag("--hold-individual-number", options->numbers,
                 "個人番号の列を含める（評価書で保有すると定めた団体だけ）");
  add_json_flag(*make, options->json);
  make->callback([options, &exit_code] { exit_code = build(*options); });
  auto* look = extract->add_subcommand("inspect", "抽出データをすべての規則で検査する");
  look->add_option("extract", options->extract, "抽出データのフォルダー")->required();
  look->add_option("--feeder", options->public_key, "送信元の公開鍵（PEM）: 署名も確かめる");
  add_json_flag(*look, options->json);
  look->callback([options, &exit_code] { exit_code = inspect(*options); });
  add_push_command(*extract, exit_code);
  add_status_command(*extract, exit_code);
}

}  // namespace certrelay
