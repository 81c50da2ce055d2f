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

std::string grouped(std::uint64_t number) {
  auto out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) {
    out.insert(static_cast<std::size_t>(at), ",");
  }
  return out;
}

}  // namespace certrelay
