#include "relay/registry/erasure/erasure_report.hpp"

#include "protocol/base/japanese_time.hpp"

namespace certrelay {
namespace {

std::string line_of(const EvidenceLine& one) {
  if (one.numbers > 0) {
    return "第" + std::to_string(one.number) + "号　" + japanese_time(one.at) +
           "　個人番号の鍵の破棄（死亡等）　" + std::to_string(one.numbers) + "件";
  }
  const bool keys = one.stage == ErasureStage::kKeysDestroyed;
  return "第" + std::to_string(one.number) + "号　" + japanese_time(one.at) + "　" +
         (keys ? "鍵の破棄（第1段階）" : "残存データの除去（第2段階・完了）") + "　" +
         std::to_string(one.persons) + "人";
}

}  // namespace

std::vector<std::string> evidence_report(const std::vector<EvidenceLine>& evidence, UtcTime from,
                                         UtcTime until) {
  std::vector<std::string> out{"消去者データの消去実施記録",
                               "対象期間　" + japanese_day(jst_day(from)) + "から" +
                                   japanese_day(jst_day(until - std::chrono::milliseconds(1))) +
                                   "まで"};
  std::uint64_t keys = 0;
  std::uint64_t complete = 0;
  std::uint64_t numbers = 0;
  for (const auto& one : evidence) {
    out.push_back(line_of(one));
    numbers += one.numbers;
    (one.stage == ErasureStage::kKeysDestroyed ? keys : complete) += one.persons;
  }
  if (evidence.empty()) out.emplace_back("対象期間中に実施した消去はありません。");
  out.push_back("鍵を破棄した人数　" + std::to_string(keys) + "人");
  out.push_back("消去が完了した人数　" + std::to_string(complete) + "人");
  if (numbers > 0) out.push_back("破棄した個人番号の鍵　" + std::to_string(numbers) + "件");
  return out;
}

std::vector<std::string> erasure_report(const std::vector<EvidenceLine>& evidence,
                                        const ErasureStatus& status, UtcTime from, UtcTime until) {
  auto out = evidence_report(evidence, from, until);
  out.push_back(
      "消去待ちの人数　" + std::to_string(status.pending) + "人" +
      (status.pending_since ? "（" + japanese_time(*status.pending_since) + "から）" : ""));
  out.push_back("残存データの除去待ち　" + std::to_string(status.waiting_for_residue) + "件");
  if (status.numbers > 0) {
    out.push_back("破棄待ちの個人番号の鍵　" + std::to_string(status.numbers) + "件");
  }
  if (status.overdue) out.emplace_back("【要対応】期限を過ぎた消去待ちがあります。");
  if (status.residue_overdue) {
    out.emplace_back("【要対応】鍵の破棄から24時間を過ぎても除去が完了していません。");
  }
  if (status.numbers_overdue) {
    out.emplace_back("【要対応】死亡した人の個人番号の鍵を破棄できていません。");
  }
  if (status.unfinished) out.emplace_back("【要対応】途中で止まった消去があります。");
  return out;
}

}  // namespace certrelay
