#include "relay/console/words.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/japanese_time.hpp"
#include "protocol/record/entry_words.hpp"
#include "protocol/record/reason_words.hpp"
#include "protocol/wire/action_words.hpp"

namespace certrelay {
namespace {

template <class T, std::size_t N>
Both find_in(const std::array<std::pair<T, Both>, N>& table, T key, Both otherwise) {
  for (const auto& [known, words] : table) {
    if (known == key) return words;
  }
  return otherwise;
}

constexpr auto kChecks = std::to_array<std::pair<std::string_view, Both>>({
    {"self_test", {"起動時の自己検査", "Self-test"}},
    {"ledger", {"提供記録への書込み", "Ledger"}},
    {"clock", {"時計", "Clock"}},
    {"register", {"証明書情報", "Register"}},
    {"crl", {"カードの失効リスト", "Revocation lists"}},
    {"erasure", {"消去の期限", "Erasures"}},
    {"alarm", {"警報", "Alarm"}},
    {"issuing", {"交付の停止", "Issuing"}},
    {"decommission", {"機器の廃棄", "Decommissioning"}},
    {"ledger_check", {"提供記録の検査", "Ledger check"}},
    {"reports", {"報告書の確認", "Reports"}},
    {"accounts", {"利用者の期限", "Accounts"}},
    {"sandbox", {"ファイルへのアクセス制限", "Restriction of files"}},
    {"register_age", {"証明書情報の経過時間", "Age of the register"}},
    {"quarantine", {"反映できなかった異動", "Changes put aside"}},
    {"fonts", {"フォント", "Fonts"}},
    {"keys", {"鍵のファイル", "Key files"}},
    {"disk", {"ディスクの空き容量", "Disk space"}},
    {"certificates", {"証明書の有効期限", "Ends of certificates"}},
    {"tls.center", {"センター向けサーバ証明書", "Server certificate (center)"}},
    {"tls.center.client_ca", {"センターの認証局", "Authority of the center"}},
    {"tls.registry", {"住基システム向けサーバ証明書", "Server certificate (registry)"}},
    {"tls.registry.client_ca", {"住基システムの認証局", "Authority of the registry"}},
    {"tls.admin", {"管理画面のサーバ証明書", "Server certificate (console)"}},
    {"tls.admin.client_ca", {"利用者の認証局", "Authority of operators"}},
    {"documents", {"証明書に付ける署名の証明書", "Certificate of documents"}},
});

}  // namespace

std::string Words::day(JstDay day) const {
  return language_ == Language::kEnglish ? to_iso_day(day) : japanese_day(day);
}

std::string Words::time(UtcTime time) const {
  if (language_ == Language::kJapanese) return japanese_time(time);
  auto out = to_rfc3339_jst(time).substr(0, std::string_view("2026-11-30T14:05").size());
  out[out.find('T')] = ' ';
  return out;
}

std::string Words::time(const std::optional<UtcTime>& time) const {
  if (!time) return std::string((*this)({"なし", "none"}));
  return this->time(*time);
}

std::string Words::duration(std::uint64_t seconds) const {
  const auto minutes = seconds / 60;
  if (minutes == 0) return std::string((*this)({"1分未満", "under a minute"}));
  const auto days = minutes / 1440;
  const auto hours = minutes / 60 % 24;
  std::string out;
  if (days > 0) out += count(days, {"日", " d "});
  if (hours > 0) out += count(hours, {"時間", " h "});
  if (days == 0 && minutes % 60 > 0) out += count(minutes % 60, {"分", " min"});
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string Words::count(std::uint64_t number, Both unit) const {
  return std::to_string(number) + std::string((*this)(unit));
}

Both words_of(EntryKind kind) { return {happening_words(kind), english_happening_words(kind)}; }
Both words_of(CertificateKind kind) {
  if (kind == CertificateKind::kJuminhyo) {
    return {"住民票の写し", "Copy of the resident record"};
  }
  return {"住民票記載事項証明書", "Certificate of entries"};
}
Both words_of(OperatorRole role) {
  constexpr std::array kRoles{
      std::pair{OperatorRole::kClerk, Both{"担当者", "Clerk"}},
      std::pair{OperatorRole::kCityAdministrator, Both{"市の管理者", "City administrator"}},
      std::pair{OperatorRole::kCenterHead, Both{"センター長", "Head of the center"}},
      std::pair{OperatorRole::kAuditor, Both{"監査人", "Auditor"}},
      std::pair{OperatorRole::kVendor, Both{"委託事業者", "Vendor"}}};
  return find_in(kRoles, role, {"不明", "unknown"});
}
std::string roles_words(const Words& words, const std::vector<OperatorRole>& roles) {
  std::string out;
  for (const auto role : roles) {
    if (!out.empty()) out += words({"・", ", "});
    out += words(words_of(role));
  }
  return out;
}
std::string roles_words(const Words& words, std::string_view roles) {
  std::vector<OperatorRole> all;
  while (true) {
    const auto comma = roles.find(',');
    const auto role = parse_operator_role(roles.substr(0, comma));
    if (!role) return std::string(roles);
    all.push_back(role.value());
    if (comma == std::string_view::npos) return roles_words(words, all);
    roles.remove_prefix(comma + 1);
  }
}
Both words_of(Affiliation affiliation) {
  constexpr std::array kAll{std::pair{Affiliation::kStaff, Both{"職員", "City staff"}},
                            std::pair{Affiliation::kDispatched, Both{"派遣", "Dispatched"}},
                            std::pair{Affiliation::kContractor, Both{"委託", "Contractor"}},
                            std::pair{Affiliation::kSubcontract, Both{"再委託", "Subcontractor"}}};
  return find_in(kAll, affiliation, {"不明", "unknown"});
}
Both words_of(AccountStatus status) {
  constexpr std::array kAll{std::pair{AccountStatus::kActive, Both{"有効", "Active"}},
                            std::pair{AccountStatus::kRevoked, Both{"失効", "Revoked"}},
                            std::pair{AccountStatus::kEnded, Both{"期限終了", "Ended"}}};
  return find_in(kAll, status, {"不明", "unknown"});
}
Both words_of(ActionState state) {
  constexpr std::array kAll{
      std::pair{ActionState::kPending, Both{"承認待ち", "Waits for approval"}},
      std::pair{ActionState::kDone, Both{"実行済み", "Done"}},
      std::pair{ActionState::kFailed, Both{"実行できませんでした", "Failed"}},
      std::pair{ActionState::kDenied, Both{"否認・取下げ済み", "Denied"}},
      std::pair{ActionState::kExpired, Both{"期限切れ", "Expired"}},
      std::pair{ActionState::kRunning, Both{"実行中", "Running"}}};
  return find_in(kAll, state, {"不明", "unknown"});
}
Both words_of_action(std::string_view code) {
  return {action_words(code), english_action_words(code)};
}
Both words_of_parameter(std::string_view name) {
  return {parameter_words(name), english_parameter_words(name)};
}
Both check_words(std::string_view name) {
  if (name.starts_with("crl.")) return {"カードの失効リスト", "Revocation list"};
  if (name.starts_with("card.root")) return {"カードの認証局", "Card authority"};
  return find_in(kChecks, name, {name, name});
}
Both words_of_reason(ErrorCode code) { return {reason_words(code), english_reason_words(code)}; }
std::string numbered_reason(const Words& words, ErrorCode code) {
  if (words.language() == Language::kJapanese) return numbered_reason_words(code);
  return std::string(english_reason_words(code)) + " (" +
         std::to_string(static_cast<unsigned>(code)) + ")";
}

}  // namespace certrelay
