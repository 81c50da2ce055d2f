#include "firmware/ctl/document_state.hpp"

#include <algorithm>

#include "relay/issuance/story.hpp"

namespace certrelay {

bool issues(const Entry& entry, const DocumentId& document) {
  return entry.kind == EntryKind::kProvisionIntent && entry.document == document;
}

DocumentState state_of(const std::vector<Entry>& entries, const DocumentId& document,
                       const std::optional<Digest>& file, UtcTime now) {
  const auto intent = std::find_if(entries.begin(), entries.end(),
                                   [&](const Entry& entry) { return issues(entry, document); });
  const auto story = story_of(entries, now, {});
  if (intent == entries.end() || !story) return DocumentState::kUnknown;
  if (file && intent->document_sha256 != file) return DocumentState::kUnknown;
  switch (story->state) {
    case TransactionState::kPrinted:
      return DocumentState::kPrinted;
    case TransactionState::kIssued:
    case TransactionState::kResultMissing:
    case TransactionState::kDeliveryUnknown:
      return DocumentState::kUnresolved;
    default:
      return DocumentState::kVoided;
  }
}

std::string_view to_japanese(DocumentState state) {
  switch (state) {
    case DocumentState::kPrinted:
      return "有効: この文書は交付されました";
    case DocumentState::kVoided:
      return "無効: この文書は取り消されました";
    case DocumentState::kUnresolved:
      return "結果不明: この文書が交付されたか記録がありません。窓口で確認してください";
    case DocumentState::kUnknown:
      return "無効: この提供記録にはない文書です";
  }
  return "";
}

}  // namespace certrelay
