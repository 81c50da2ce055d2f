// The site's files, as the relay would open them.
#include <filesystem>

#include "firmware/ctl/doctor/doctor.hpp"
#include "firmware/ctl/doctor/doctor_parts.hpp"
#include "firmware/daemon/site_look.hpp"
#include "relay/keys/outer_key.hpp"
#include "relay/keys/private_key.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kSmallFileMax = std::size_t{1} << 20;
constexpr std::size_t kFontMax = std::size_t{256} << 20;
constexpr std::uint64_t kSpaceFailed = std::uint64_t{256} << 20;

DoctorLine failed(std::string check, std::string what, std::string mend) {
  return {std::move(check), DoctorState::kFailed, std::move(what), std::nullopt, std::move(mend)};
}
DoctorLine fine(std::string check, std::string what) {
  return {std::move(check), DoctorState::kFine, std::move(what), std::nullopt, {}};
}

DoctorLine examine_key(Files& files, const Config& config, const std::string& setting,
                       const std::string& path, KeyType type, const DoctorQuestion& question) {
  const auto rule = check_file(files, path, {question.owner, 0600});
  if (!rule) {
    return failed(setting, path + " がないか、relay の利用者だけのファイルではありません",
                  "所有者を relay の利用者にし、chmod 600 してください");
  }
  const auto pem = files.read_all(path, kSmallFileMax);
  const auto key = pem ? PrivateKey::from_pem(as_text(pem.value()), config.keys.password, type)
                       : Result<PrivateKey>(pem.error());
  if (key) return fine(setting, "鍵が開きます");
  if (key.error().code == ErrorCode::kWrongPassphrase) {
    return failed(setting, path + " がパスフレーズで開きません",
                  "keys.password_file のファイルを正しいものに戻してください");
  }
  return failed(setting, path + " は使えない鍵です",
                "バックアップではなく、この機器で作った鍵かを確認してください（docs/keys.md）");
}

DoctorLine examine_bytes(Files& files, const std::string& setting, const std::string& path,
                         const DoctorQuestion& question) {
  auto key = load_outer_key(files, path, {question.owner, 0600});
  if (key) return fine(setting, "鍵が読めます");
  return failed(
      setting, path + " がないか、所有者・権限・長さが違います",
      "32バイトのファイルで、所有者が relay の利用者、chmod 600 であることを確認してください");
}

DoctorLine examine_space(const Config& config) {
  std::error_code error;
  const auto space = std::filesystem::space(config.state_dir, error);
  const auto text = "空き容量は " + std::to_string(space.available >> 20) + " MiB です";
  if (!error && space.available >= kDiskLowBytes) return fine("disk", text);
  const std::string mend =
      "state_dir のディスクの不要なファイルを移すか、ディスクを増やしてください";
  if (!error && space.available >= kSpaceFailed) {
    return {"disk", DoctorState::kSoon, text, std::nullopt, mend};
  }
  return failed("disk", error ? "空き容量が分かりません" : text, mend);
}

DoctorLine examine_state(const Config& config, Files& files, const DoctorQuestion& question) {
  const auto about = files.info(config.state_dir);
  if (!about) {
    return failed(
        "state_dir", config.state_dir + " がありません",
        "初回は certrelayd が作ります。動いていた機器なら、ディスクの接続を確認してください");
  }
  if (about.value().owner != question.owner || (about.value().mode & 077) != 0) {
    return failed("state_dir", config.state_dir + " が relay の利用者だけのものではありません",
                  "chown と chmod 700 で直してください（R33）");
  }
  const bool by_overwriting = !config.keys.outer_token && !config.reg.any_file_system;
  const auto kind = files.overwriting(config.state_dir);
  if (by_overwriting && (!kind || kind.value() != Overwriting::kInPlace)) {
    return failed("state_dir", config.state_dir + " のファイルシステムでは消去を証明できません",
                  "ext4（data=journal 以外）か XFS に置くか、keys.outer_token を使ってください");
  }
  return fine("state_dir", "所有者と権限は正しく設定されています");
}

DoctorLine examine_font(const FontSection& font, Files& files) {
  const auto bytes = files.read_all(font.path, kFontMax);
  if (bytes && sha256(bytes.value()) == font.sha256)
    return fine("font", "フォントは登録のものです");
  return failed("font", font.path + (bytes ? " は登録したフォントと違います" : " が読めません"),
                "設定の sha256 と同じ版のフォントを入れてください");
}

}  // namespace

std::vector<DoctorLine> examine_files(const Config& config, Files& files,
                                      const DoctorQuestion& question) {
  std::vector<DoctorLine> out{examine_state(config, files, question), examine_space(config)};
  const auto key = [&](const std::string& setting, const std::string& path, KeyType type) {
    out.push_back(examine_key(files, config, setting, path, type, question));
  };
  key("keys.answer_key", config.keys.answer_key, KeyType::kEcdsaP256);
  key("keys.registry_answer_key", config.keys.registry_answer_key, KeyType::kEcdsaP256);
  key("keys.admin_answer_key", config.keys.admin_answer_key, KeyType::kEcdsaP256);
  key("keys.checkpoint_key", config.keys.checkpoint_key, KeyType::kEd25519);
  if (!config.keys.outer_key.empty()) {
    out.push_back(examine_bytes(files, "keys.outer_key", config.keys.outer_key, question));
  }
  if (!config.operators.key.empty()) {
    out.push_back(examine_bytes(files, "operators.key", config.operators.key, question));
  }
  for (const auto& font : config.render.fonts) out.push_back(examine_font(font, files));
  for (auto& line : examine_ends(config, files, question)) out.push_back(std::move(line));
  return out;
}

}  // namespace certrelay
