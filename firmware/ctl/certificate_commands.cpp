#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "firmware/ctl/certificate_kit.hpp"
#include "firmware/ctl/certificate_preview.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/outcome.hpp"
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

std::string no_kit(const Error& error) {
  return "certrelayctl: " + std::string(error.where) +
         "（--glyph-cache、--template、--readback を確認してください）";
}

int render_lines(const CertificateKitFiles& files) {
  const auto kit = CertificateKit::open(files);
  if (!kit) {
    std::cerr << no_kit(kit.error()) << '\n';
    return 1;
  }
  bool refused = false;
  for (std::string record; std::getline(std::cin, record);) {
    const auto line = answer_line(record, kit.value()->kit());
    refused = refused || line.starts_with("{\"error\"");
    std::cout << line << '\n';
  }
  std::cout.flush();
  return refused || !std::cout ? 1 : 0;
}

struct PreviewCall {
  CertificateKitFiles files = default_kit_files();
  std::string kind = "juminhyo", out, name = "preview";
  bool json = false;
};

Outcome preview(const PreviewCall& call) {
  const auto kit = CertificateKit::open(call.files);
  if (!kit) return {1, no_kit(kit.error())};
  const auto kind = parse_certificate_kind(call.kind).value();
  const auto written = write_preview(kit.value()->kit(), kind, call.out, call.name);
  if (!written) {
    return {1, "certrelayctl: 見本を作れません: " + std::string(written.error().where) +
                   "（出力先の権限と、pdftoppm（poppler-utils）の有無を確認してください）"};
  }
  Outcome out;
  boost::json::array paths;
  for (const auto& path : written.value()) {
    out.text += (out.text.empty() ? "" : "\n") + path;
    paths.push_back(boost::json::string(path));
  }
  out.json["files"] = std::move(paths);
  return out;
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
  auto options = std::make_shared<PreviewCall>();
  add_kit_options(*command, options->files);
  command
      ->add_option("--kind", options->kind,
                   "juminhyo（住民票の写し）, kisai_jiko（記載事項証明書）")
      ->check(CLI::IsMember({"juminhyo", "kisai_jiko"}))
      ->capture_default_str();
  command->add_option("--out", options->out, "出力先のフォルダ")->required();
  command->add_option("--name", options->name, "ファイル名")->capture_default_str();
  add_json_flag(*command, options->json);
  command->callback([options, &exit_code] { exit_code = tell(preview(*options), options->json); });
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
