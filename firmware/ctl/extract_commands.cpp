// certrelayctl extract build, inspect
#include <fmt/core.h>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/extract_build.hpp"
#include "firmware/ctl/extract_push.hpp"
#include "firmware/ctl/folder_files.hpp"
#include "firmware/ctl/register_status.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "protocol/extract/walk.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {
namespace {

constexpr int kDone = 0;
constexpr std::size_t kPemBytesMax = std::size_t{64} * 1024;

struct Options {
  std::string csv;
  std::string out;
  std::string key;
  std::string password_file;
  std::string extract;
  std::string public_key;
  bool numbers = false;
};

std::string sentence(const Diagnostic& fault) {
  auto text = fault.file;
  if (fault.line > 0) text += fmt::format(" {}行", fault.line);
  if (!fault.column.empty()) text += fmt::format(" [{}]", fault.column);
  return fmt::format("{}: {}（{}）", text, fault.mend, fault.rule);
}

void print_faults(const Diagnostics& diagnostics) {
  for (const auto& fault : diagnostics.rejections())
    fmt::print(stderr, "誤り {}\n", sentence(fault));
  for (const auto& fault : diagnostics.warnings()) fmt::print(stderr, "警告 {}\n", sentence(fault));
  const auto shown = diagnostics.rejections().size() + diagnostics.warnings().size();
  const auto all = diagnostics.rejected() + diagnostics.warned();
  if (all > shown) fmt::print(stderr, "ほかに{}件\n", all - shown);
}

int refuse(std::string_view what, const Error& error) {
  fmt::print(stderr, "certrelayctl: {}: {}（エラー {}）\n", what, error.where,
             static_cast<unsigned>(error.code));
  return kExitRefused;
}

void print_summary(const Manifest& manifest) {
  fmt::print("市区町村 {} 世代 {} 作成 {}\n住民 {}人 世帯 {} カード {} 画像 {}\n",
             manifest.municipality.text(), manifest.generation, to_rfc3339_jst(manifest.created),
             manifest.persons, manifest.households, manifest.cards,
             manifest.files.size() - extract_tables().size());
  if (manifest.numbers == IndividualNumbers::kHeld) fmt::print("個人番号を含む\n");
}

Result<FeederKey> load_key(Files& files, const Options& options) {
  CERTRELAY_TRY(const auto pem, files.read_all(options.key, kPemBytesMax));
  CERTRELAY_TRY(auto phrase, files.read_all(options.password_file, 1024));
  std::string_view line = as_text(phrase);
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto key = FeederKey::from_pem(as_text(pem), line);
  wipe(phrase);
  return key;
}

int build(const Options& options) {
  PosixFiles files;
  const SystemClock clock;
  auto head = load_extract_head(files, options.csv, clock.utc_now());
  if (!head) return refuse(options.csv + "/extract.json", head.error());
  if (options.numbers) head.value().numbers = IndividualNumbers::kHeld;
  const auto key = load_key(files, options);
  if (!key) return refuse("送信元の鍵", key.error());
  Diagnostics diagnostics;
  const auto built =
      build_extract(files, options.csv, options.out, head.value(), key.value(), diagnostics);
  print_faults(diagnostics);
  if (!built) return refuse("抽出データを作成できません", built.error());
  print_summary(built.value());
  return kDone;
}

class Look final : public ExtractSink {
 public:
  Result<void> catalogue(Catalogue /*catalogue*/) override { return ok(); }
  Result<void> household(HouseholdRows /*rows*/,
                         std::vector<std::vector<CardRecord>> /*cards*/) override {
    return ok();
  }
};

Result<void> check_statement(Files& files, const Options& options, const Manifest& manifest,
                             ByteView json) {
  if (options.public_key.empty()) return ok();
  CERTRELAY_TRY(const auto pem, files.read_all(options.public_key, kPemBytesMax));
  CERTRELAY_TRY(const auto verifier, FeederVerifier::from_pems({std::string(as_text(pem))}));
  CERTRELAY_TRY(const auto text,
                files.read_all(options.extract + "/" + std::string(kStatementFile), kPemBytesMax));
  CERTRELAY_TRY(const auto statement, parse_statement(as_text(text)));
  return verifier.verify(StatementKind::kManifest, manifest.municipality, statement, json);
}

int inspect(const Options& options) {
  PosixFiles files;
  const auto json =
      files.read_all(options.extract + "/" + std::string(kManifestFile), kManifestBytesMax);
  if (!json) return refuse("manifest.json", json.error());
  const auto manifest = decode_manifest(json.value());
  if (!manifest) return refuse("manifest.json", manifest.error());
  const auto signed_by = check_statement(files, options, manifest.value(), json.value());
  if (!signed_by) return refuse("署名", signed_by.error());
  FolderFiles folder(files, options.extract);
  Look sink;
  Diagnostics diagnostics;
  const auto walked = walk_extract(manifest.value(), folder, sink, diagnostics);
  print_faults(diagnostics);
  if (!walked) return refuse("抽出データに誤りがあります", walked.error());
  print_summary(manifest.value());
  return kDone;
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
  make->callback([options, &exit_code] { exit_code = build(*options); });
  auto* look = extract->add_subcommand("inspect", "抽出データをすべての規則で検査する");
  look->add_option("extract", options->extract, "抽出データのフォルダー")->required();
  look->add_option("--feeder", options->public_key, "送信元の公開鍵（PEM）: 署名も確かめる");
  look->callback([options, &exit_code] { exit_code = inspect(*options); });
  add_push_command(*extract, exit_code);
  add_status_command(*extract, exit_code);
}

}  // namespace certrelay
