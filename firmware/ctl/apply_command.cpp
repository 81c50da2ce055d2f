// certrelayctl operator apply: a person asks for an account, signed with the own new key (R30).
#include <fmt/core.h>

#include "firmware/client/pem.hpp"
#include "firmware/ctl/admin_config.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/outcome.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/operators/account.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kKeyFileMax = std::size_t{64} * 1024;

struct ApplyOptions {
  std::string config;
  std::string name;
  std::string affiliation;
  std::string roles;
  std::string ends_on;
  std::string certificate;
  std::string approval_key;
  std::string pass_phrase_file;
  std::string out;
  bool json = false;
};

Result<void> apply(const ApplyOptions& options) {
  PosixFiles files;
  const SystemClock clock;
  CERTRELAY_TRY(const auto config, load_admin_config(files, options.config));
  CERTRELAY_TRY(auto name, OperatorName::parse(options.name));
  CERTRELAY_TRY(const auto pem, files.read_all(options.certificate, kKeyFileMax));
  CERTRELAY_TRY(const auto chain, read_certificates(as_text(pem)));
  CERTRELAY_TRY(const auto client_key, public_key_der(*chain.front()));
  std::string phrase;
  if (!options.approval_key.ends_with(".json")) {  // a token's PIN is asked for by itself
    CERTRELAY_TRY(phrase,
                  read_pass_phrase(files, options.pass_phrase_file, "承認鍵のパスフレーズ: "));
  }
  const auto key = load_approval_key(files, options.approval_key, phrase);
  wipe(std::span(reinterpret_cast<std::uint8_t*>(phrase.data()), phrase.size()));
  if (!key) return key.error();
  const OperatorApplication application{
      std::move(name), options.affiliation,           options.roles,
      options.ends_on, to_base64(sha256(client_key)), to_base64(key.value().spki())};
  CERTRELAY_TRY(account_from(application, clock.utc_now()));
  CERTRELAY_TRY(const auto signature,
                key.value().sign(application_bytes(config.municipality, application)));
  CERTRELAY_TRY(const auto text, encode(SignedApplication{application, signature.signature}));
  return files.write_durably(options.out, text);
}

}  // namespace

void add_apply_command(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<ApplyOptions>();
  CLI::App* command = group.add_subcommand("apply", "利用申請書を作る（本人の承認鍵で署名する）");
  command->add_option("--config", options->config, "接続先の設定（admin.json）")->required();
  command->add_option("--name", options->name, "利用者ID（英小文字・数字・._-）")->required();
  command->add_option("--affiliation", options->affiliation, "所属")
      ->required()
      ->check(CLI::IsMember({"staff", "dispatched", "contractor", "subcontract"}));
  command->add_option("--roles", options->roles, "役割（コンマ区切り、例 clerk）")->required();
  command->add_option("--ends-on", options->ends_on, "最終日（YYYY-MM-DD、職員以外は必須）");
  command->add_option("--certificate", options->certificate, "クライアント証明書（PEM）")
      ->required();
  command
      ->add_option("--approval-key", options->approval_key,
                   "承認鍵（暗号化したPEM、またはトークンを指すJSON）")
      ->required();
  command->add_option("--pass-phrase-file", options->pass_phrase_file,
                      "パスフレーズのファイル（省略時は端末で入力）");
  command->add_option("--out", options->out, "利用申請書の出力先")->required();
  add_json_flag(*command, options->json);
  command->callback([options, &exit_code] {
    const auto done = apply(*options);
    const auto said =
        done
            ? Outcome{0, "利用申請書を作成しました: " + options->out, {{"file", options->out}}}
            : Outcome{2, fmt::format("certrelayctl: 利用申請書を作成できません: {}（エラー {}）",
                                     done.error().where, static_cast<unsigned>(done.error().code))};
    exit_code = tell(said, options->json);
  });
}

}  // namespace certrelay
