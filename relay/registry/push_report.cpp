#include "relay/registry/findings.hpp"
#include "relay/registry/push.hpp"

namespace certrelay {
namespace {

// The guard rails first: they are what the second person decides on.
std::vector<Finding> warnings_of(const Push& push) {
  std::vector<Finding> out;
  for (const auto& rail : push.rails) out.push_back(rail.finding);
  auto findings = findings_of(push.diagnostics.warnings());
  for (auto& finding : findings) {
    if (out.size() == kFindingsMax) break;
    out.push_back(std::move(finding));
  }
  return out;
}

// A refusal that is no fault of a row: the stream, the store, the generation.
Finding finding_of(ErrorCode code) {
  std::string_view mend = "時間をおいて、もう一度送信してください。";
  if (code == ErrorCode::kOldGeneration) mend = "世代番号を現在より大きくしてください。";
  if (code == ErrorCode::kDiskFull) mend = "サーバーの空き容量を確認してください。";
  if (code == ErrorCode::kSealBroken || code == ErrorCode::kExtractIncomplete) {
    mend = "送信内容が壊れています。もう一度送信してください。";
  }
  if (code == ErrorCode::kDigestMismatch)
    mend = "送信中に抽出データが変わりました。作り直してください。";
  if (code == ErrorCode::kApprovalDenied) {
    mend = "承認されませんでした。理由を担当者に確認し、抽出データを作り直してください。";
  }
  if (code == ErrorCode::kBaseChanged) {
    mend = "検査の後に別の世代が適用されました。もう一度送信してください。";
  }
  return {std::string(kManifestFile), "", "error-" + std::to_string(static_cast<unsigned>(code)),
          std::string(mend)};
}

}  // namespace

ExtractReport report_of(const Push& push) {
  ExtractReport out{.extract_id = push.id,
                    .state = push.state,
                    .generation = push.manifest.generation,
                    .received_bytes = push.received_bytes,
                    .expected_bytes = push.expected_bytes,
                    .persons = 0,
                    .households = 0,
                    .closed_members = 0,
                    .rejections = {},
                    .warnings = {},
                    .plan = {}};
  // While the builder works, the diagnostics are its own.
  if (push.state == ExtractState::kReceiving || push.state == ExtractState::kBuilding) return out;
  out.warnings = warnings_of(push);
  if (push.state == ExtractState::kRejected) {
    out.rejections = findings_of(push.diagnostics.rejections());
    if (out.rejections.empty()) out.rejections.push_back(finding_of(push.refusal));
    return out;
  }
  out.persons = push.manifest.persons;
  out.households = push.manifest.households;
  out.closed_members = push.closed_members;
  out.plan = push.plan;
  return out;
}

}  // namespace certrelay
