#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "firmware/ctl/certificate_kit.hpp"
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

int render_lines(const CertificateKitFiles& files) {
  const auto kit = CertificateKit::open(files);
  if (!kit) {
    std::cerr << "certrelayctl: " << kit.error().where
              << "（--glyph-cache、--template、--readback を確認してください）\n";
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

}  // namespace

void add_certificate_commands(CLI::App& root, int& exit_code) {
  auto* certificate = root.add_subcommand("certificate", "証明書");
  certificate->require_subcommand(1);
  auto* render = certificate->add_subcommand(
      "render", "モデル（render/FORMAT.md、1行1件）からPDFを作る（{\"pdf\": base64}）");
  auto files = std::make_shared<CertificateKitFiles>(default_kit_files());
  auto from_stdin = std::make_shared<bool>(false);
  render->add_flag("--stdin-jsonl", *from_stdin, "標準入力から読む")->required();
  render->add_option("--glyph-cache", files->glyph_cache, "字形ファイル");
  render->add_option("--font-sha256", files->font_sha256, "フォントのSHA-256（16進）");
  render->add_option("--form", files->form, "住民票の写しの様式: household, individual")
      ->capture_default_str();
  render->add_option("--template", files->form_template, "様式ファイル（TOML）");
  render->add_option("--readback", files->readback, "様式の照合ファイル（TOML）");
  render->callback([files, from_stdin, &exit_code] { exit_code = render_lines(*files); });
}

}  // namespace certrelay
