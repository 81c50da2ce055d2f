#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {

std::string_view words(CertificateKind kind) {
  return kind == CertificateKind::kJuminhyo ? "住民票の写し" : "住民票記載事項証明書";
}

std::string_view words(RecordedEvent event) {
  switch (event) {
    case RecordedEvent::kPrinted:
      return "印刷完了";
    case RecordedEvent::kCancelled:
      return "取消し";
    case RecordedEvent::kJammed:
      return "紙詰まり";
    case RecordedEvent::kTimedOut:
      return "時間切れ";
    case RecordedEvent::kLeftBehind:
      return "取り忘れ";
    case RecordedEvent::kRefunded:
      return "返金済み";
  }
  return "不明";
}

std::string_view words(Role role) {
  switch (role) {
    case Role::kCenter:
      return "証明書交付センター";
    case Role::kRegistry:
      return "既存住民基本台帳システム";
    case Role::kAdmin:
      return "管理端末";
    case Role::kMonitoring:
      return "監視";
  }
  return "不明";
}

std::string_view words(Affiliation affiliation) {
  switch (affiliation) {
    case Affiliation::kStaff:
      return "職員";
    case Affiliation::kDispatched:
      return "派遣";
    case Affiliation::kContractor:
      return "委託";
    case Affiliation::kSubcontract:
      return "再委託";
  }
  return "不明";
}

std::string_view words(OperatorRole role) {
  switch (role) {
    case OperatorRole::kClerk:
      return "担当者";
    case OperatorRole::kCityAdministrator:
      return "市の管理者";
    case OperatorRole::kCenterHead:
      return "センター長";
    case OperatorRole::kAuditor:
      return "監査人";
    case OperatorRole::kVendor:
      return "委託事業者";
  }
  return "不明";
}

std::string_view words(AccountStatus status) {
  switch (status) {
    case AccountStatus::kActive:
      return "有効";
    case AccountStatus::kRevoked:
      return "失効";
    case AccountStatus::kEnded:
      return "期限終了";
  }
  return "不明";
}

}  // namespace certrelay
