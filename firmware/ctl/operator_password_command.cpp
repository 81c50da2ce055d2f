// certrelayctl operator password: the first password for the console, or the next after a forgotten
// one, signed with the person's own approval key.
#include <fmt/core.h>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/commands.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/operators/password_rules.hpp"

namespace certrelay {
namespace {

struct PasswordOptions {
  AdminOptions admin;
  std::string file;
  bool drop_code = false;
};

Result<Password> read_password(const PasswordOptions& options) {
  PosixFiles files;
  CERTRELAY_TRY(auto line, read_pass_phrase(files, options.file, "新しいパスワード: "));
  auto password = Password::parse(line);
  wipe(std::span(reinterpret_cast<std::uint8_t*>(line.data()), line.size()));
  return password;
}

// Typed without echo, therefore twice.
Result<bool> is_repeated(const PasswordOptions& options, const Password& password) {
  if (!options.file.empty()) return true;
  PosixFiles files;
  CERTRELAY_TRY(auto line, read_pass_phrase(files, "", "新しいパスワード（もう一度）: "));
  const bool same = line == password.reveal();
  wipe(std::span(reinterpret_cast<std::uint8_t*>(line.data()), line.size()));
  return same;
}

Result<Said> set_password(AdminClient& admin, const PasswordOptions& options) {
  const auto password = read_password(options);
  if (!password || !check_new_password(password.value(), admin.name())) {
    return Said{
        "新しいパスワードは12文字以上・5種類以上の英数字・記号で、利用者IDを含まないものにしてくだ"
        "さい。\n",
        {},
        1};
  }
  CERTRELAY_TRY(const bool same, is_repeated(options, password.value()));
  if (!same) return Said{"二度の入力が一致しません。\n", {}, 1};
  CERTRELAY_TRY(admin.reset_password(password.value(), options.drop_code));
  const std::string_view json = R"({"changed":true})";
  return Said{"パスワードを設定しました。\n", Bytes(json.begin(), json.end())};
}

}  // namespace

void add_password_command(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<PasswordOptions>();
  CLI::App* command =
      group.add_subcommand("password", "管理画面の自分のパスワードを設定する（承認鍵で署名する）");
  add_admin_options(*command, options->admin);
  command->add_option("--password-file", options->file,
                      "新しいパスワードのファイル（省略時は端末で入力）");
  command->add_flag("--drop-code", options->drop_code,
                    "確認コードの登録を取り消す（認証アプリを失ったとき）");
  command->callback([options, &exit_code] {
    exit_code = run_admin(options->admin,
                          [&](AdminClient& admin) { return set_password(admin, *options); });
  });
}

}  // namespace certrelay
