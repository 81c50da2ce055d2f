#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "firmware/ctl/certificate_kit.hpp"
#include "firmware/ctl/certificate_preview.hpp"
#include "firmware/ctl/commands.hpp"
#include "protocol/base/json.hpp"
#include "render/model/model_json.hpp"

namespace certrelay {
namespace {

// One line in, one line out: {"pdf": base64} or {"error": number, "where": literal}. Never a word
// of the record.
std::string answer_line(std::string_view record, const RenderKit& kit) {
  const auto answer = [&]() -> Result<Bytes> {
    CERTRELAY_TRY(const auto model, parse_model_json(record));
    return render_certificate(model, kit);
  }();
  boost::json::object line;
  if (answer) {
    line["pdf"] = to_base64(answer.value());
  } else {
    line["error"] = static_cast<int>(answer.error().code);
    const auto where = answer.error().where;
    line["where"] = boost::json::string_view(where.data(), where.size());
  }
  return to_json_text(line);
}

// Null after it said why.
std::unique_ptr<CertificateKit> open_kit(const CertificateKitFiles& files) {
  auto kit = CertificateKit::open(files);
  if (kit) return std::move(kit).value();
  std::cerr << "certrelayctl: " << kit.error().where
            << "（--glyph-cache、--template、--readback を確認してください）\n";
  return nullptr;
}

int render_lines(const CertificateKitFiles& files) {
  const auto kit = open_kit(files);
  if (!kit) return 1;
  bool refused = false;
  for (std::string record; std::getline(std::cin, record);) {
    const auto line = answer_line(record, kit->kit());
    refused = refused || line.starts_with("{\"error\"");
    std::cout << line << '\n';
  }
  std::cout.flush();
  return refused || !std::cout ? 1 : 0;
}

int preview(const CertificateKitFiles& files, CertificateKind kind, const std::string& folder,
            const std::string& name) {
  const auto kit = open_kit(files);
  if (!kit) return 1;
  const auto written = write_preview(kit->kit(), kind, folder, name);
  if (!written) {
    std::cerr << "certrelayctl: 見本を作れません: " << written.error().where
              << "（出力先の権限と、pdftoppm（poppler-utils）の有無を確認してください）\n";
    return 1;
  }
  for (const auto& path : written.value()) std::cout << path << '\n';
  return 0;
}

// What both sub-commands take.
void add_kit_options(CLI::App& command, CertificateKitFiles& files) {
  command.add_option("--glyph-cache", files.glyph_caches,
                     "字形ファイル（certrelay-font-cacheで作成）。複数のときは優先順に");
  command.add_option("--font-sha256", files.font_sha256,
                     "フォントのSHA-256（16進）。字形ファイルと同じ順に");
  command.add_option("--form", files.form, "住民票の写しの様式: household, individual")
      ->capture_default_str();
  command.add_option("--template", files.form_template, "様式ファイル（TOML）");
  command.add_option("--readback", files.readback, "様式の照合ファイル（TOML）");
}

void add_preview(CLI::App& certificate, int& exit_code) {
  auto* command = certificate.add_subcommand(
      "preview", "様式の見本をPDFとPNGで作る（架空の世帯、見本と重ね刷り）");
  struct Options {
    CertificateKitFiles files = default_kit_files();
    std::string kind = "juminhyo", out, name = "preview";
  };
  auto options = std::make_shared<Options>();
  add_kit_options(*command, options->files);
  command
      ->add_option("--kind", options->kind,
                   "juminhyo（住民票の写し）, kisai_jiko（記載事項証明書）")
      ->check(CLI::IsMember({"juminhyo", "kisai_jiko"}))
      ->capture_default_str();
  command->add_option("--out", options->out, "出力先のフォルダ")->required();
  command->add_option("--name", options->name, "ファイル名")->capture_default_str();
  command->callback([options, &exit_code] {
    exit_code = preview(options->files, parse_certificate_kind(options->kind).value(), options->out,
                        options->name);
  });
}

}  // namespace

void add_certificate_commands(CLI::App& root, int& exit_code) {
  auto* certificate = root.add_subcommand("certificate", "証明書");
  certificate->require_subcommand(1);
  auto* render = certificate->add_subcommand(
      "render", "モデル（render/FORMAT.md、1行1件）からPDFを作る（{\"pdf\": base64}）");
  auto files = std::make_shared<CertificateKitFiles>(default_kit_files());
  auto from_stdin = std::make_shared<bool>(false);
  render->add_flag("--stdin-jsonl", *from_stdin, "標準入力から読む")->required();
  add_kit_options(*render, *files);
  render->callback([files, from_stdin, &exit_code] { exit_code = render_lines(*files); });
  add_preview(*certificate, exit_code);
}

}  // namespace certrelay
