#include "protocol/wire/health_reasons.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kHole = "{}";

struct ReasonRow {
  HealthReason reason;
  std::string_view english;
  std::string_view japanese;
};

constexpr auto kReasonRows = std::to_array<ReasonRow>({
    {HealthReason::kSelfTestRunning, "under way", "起動時の自己検査の途中です"},
    {HealthReason::kSelfTestFailed, "failed: the center is not served",
     "起動時の自己検査に合格していません。センターには応答していません"},
    {HealthReason::kLedgerNotWritable, "not writable, error {}",
     "提供記録に書き込めません（エラー {}）"},
    {HealthReason::kClockDoubted, "UTC is not trusted", "サーバーの時計を信頼できません"},
    {HealthReason::kRegisterNone, "not ready: none", "証明書情報がまだありません"},
    {HealthReason::kRegisterTooOld, "not ready: too_old",
     "証明書情報が古くなっています（最終連絡からの時間が上限を超えました）"},
    {HealthReason::kRegisterClock, "not ready: clock",
     "サーバーの時計が最終連絡の時刻より前を指しています"},
    {HealthReason::kRegisterGap, "not ready: gap, changes {} to {} are missing",
     "異動に欠番があります（通番 {}から{}まで）"},
    {HealthReason::kCrl, "a list is missing or past its nextUpdate",
     "失効情報がないか、次回更新日時を過ぎています"},
    {HealthReason::kErasure, "an erasure is overdue or unfinished",
     "消除者の消去が期限を過ぎているか、途中で終わっています"},
    {HealthReason::kAlarm, "latched, error {}", "警報により交付を停止しています（エラー {}）"},
    {HealthReason::kIssuingStopped, "stopped by an operator", "操作により交付を停止しています"},
    {HealthReason::kDecommission, "ordered: stop the relay, then sanitise",
     "廃棄が承認されています。サーバーを停止し、消去してください"},
    {HealthReason::kLedgerCheck, "first bad entry {}, error {}",
     "保存された提供記録に不正な記録があります（最初の記録 {}、エラー {}）"},
    {HealthReason::kReports, "{} overdue, the first: {} {}",
     "期限までに確認されていない報告書が{}件あります（最初のもの: {} {}）"},
    {HealthReason::kAccounts, "overdue: {} changes of password, {} reviews; unused for 90 days: {}",
     "期日を過ぎたもの: パスワードの変更 {}件、権限の確認 {}件。90日以上利用のないID: {}件"},
    {HealthReason::kRegisterAgeing, "75 % of the bound are used up: {} of {} s",
     "最終連絡からの時間が上限の75%を過ぎました（{}秒、上限 {}秒）"},
    {HealthReason::kQuarantine, "{} households are closed by changes that could not be applied",
     "反映できなかった異動により、{}世帯の交付を止めています"},
    {HealthReason::kSandbox, "files are not restricted by the kernel",
     "カーネルによるファイルの制限が働いていません"},
    {HealthReason::kFontsGone, "a pinned font is not where it was: a restart would fail",
     "登録したフォントのファイルがありません。再起動すると交付できなくなります"},
    {HealthReason::kKeyFile, "{}: the file is gone or not the relay's alone",
     "鍵のファイルがないか、所有者・権限が変わっています（{}）"},
    {HealthReason::kDiskLow, "{} MiB are left under state_dir",
     "状態フォルダーの空き容量が残り{} MiBです"},
    {HealthReason::kCertificateUnreadable, "{}: cannot be read",
     "読み取れない証明書があります（{}）"},
    {HealthReason::kCertificateEnded, "{}: has ended", "有効期限の切れた証明書があります（{}）"},
    {HealthReason::kCertificateEnds, "{}: ends in {} days",
     "まもなく有効期限の切れる証明書があります（{}、残り{}日）"},
});
static_assert(kReasonRows.size() == kHealthReasons);

const ReasonRow& row_of(HealthReason reason) {
  const auto& row = kReasonRows.at(static_cast<std::size_t>(reason));
  CERTRELAY_CHECK(row.reason == reason);
  return row;
}

std::string filled(std::string_view text, const std::vector<std::string>& values) {
  std::string out;
  std::size_t used = 0;
  for (auto at = text.find(kHole); at != std::string_view::npos; at = text.find(kHole)) {
    CERTRELAY_CHECK(used < values.size());
    out.append(text.substr(0, at)).append(values[used++]);
    text.remove_prefix(at + kHole.size());
  }
  CERTRELAY_CHECK(used == values.size());
  return out.append(text);
}

// What stands in the holes of `form`, when `text` is that form filled in.
std::optional<std::vector<std::string>> holes_of(std::string_view form, std::string_view text) {
  std::vector<std::string> out;
  for (auto hole = form.find(kHole); hole != std::string_view::npos; hole = form.find(kHole)) {
    if (!text.starts_with(form.substr(0, hole))) return std::nullopt;
    text.remove_prefix(hole);
    form.remove_prefix(hole + kHole.size());
    const auto literal = form.substr(0, form.find(kHole));
    const auto end = literal.empty() ? text.size() : text.find(literal);
    if (end == std::string_view::npos) return std::nullopt;
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (text != form) return std::nullopt;
  return out;
}

}  // namespace

std::size_t health_holes(HealthReason reason) {
  const auto text = row_of(reason).english;
  std::size_t out = 0;
  for (auto at = text.find(kHole); at != std::string_view::npos; at = text.find(kHole, at + 1)) {
    ++out;
  }
  return out;
}

std::string health_text(HealthReason reason, const std::vector<std::string>& values) {
  return filled(row_of(reason).english, values);
}

std::string health_words(std::string_view text) {
  for (const auto& row : kReasonRows) {
    if (const auto values = holes_of(row.english, text)) return filled(row.japanese, *values);
  }
  return std::string(text);
}

bool health_warns(std::string_view text) {
  return std::any_of(kReasonRows.begin(), kReasonRows.end(), [&](const ReasonRow& row) {
    return row.reason >= HealthReason::kLedgerCheck && holes_of(row.english, text);
  });
}

}  // namespace certrelay
