// certrelayctl erase report: the evidence of a period, for the monthly review (R39) and auditors.
#include <boost/json/array.hpp>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/registry/erasure/erasure_report.hpp"

namespace certrelay {
namespace {

struct ReportArguments {
  std::string state, from, until;
  bool json = false;
};

// A line of evidence as a program reads it.
boost::json::object as_object(const EvidenceLine& one) {
  const bool keys = one.stage == ErasureStage::kKeysDestroyed;
  return {{"number", one.number},
          {"at", to_rfc3339_jst(one.at)},
          {"stage", keys ? "keys_destroyed" : "residue_dropped"},
          {"persons", one.persons},
          {"individual_numbers", one.numbers}};
}

Outcome report(const ReportArguments& arguments) {
  const auto from = parse_iso_day(arguments.from);
  const auto until = parse_iso_day(arguments.until);
  if (!from || !until || from.value() > until.value()) {
    return {kExitUsage,
            "erase report: 期間は --from 2026-11-01 --until 2026-11-30 のように指定してください"};
  }
  PosixFiles files;
  const auto begin = jst_midnight(from.value());
  const auto end = jst_midnight(until.value() + std::chrono::days(1));
  // Where certrelayd keeps it (firmware/daemon/vault_open.hpp).
  const auto evidence = list_evidence(files, arguments.state + "/erasure", begin, end);
  if (!evidence) {
    return {kExitRefused, "erase report: " + arguments.state +
                              "/erasure の証跡を読めません。パスと読み取り権限を確認してください"};
  }
  std::string text;
  for (const auto& line : evidence_report(evidence.value(), begin, end)) {
    text += (text.empty() ? "" : "\n") + line;
  }
  boost::json::array lines;
  for (const auto& one : evidence.value()) lines.push_back(as_object(one));
  return {kExitDone, std::move(text), {{"evidence", std::move(lines)}}};
}

}  // namespace

void add_erase_report_command(CLI::App& root, int& exit_code) {
  const auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = root.get_subcommand("erase")->add_subcommand(
      "report", "期間中に実施した消去の記録を証跡から示す（サーバー上で、または証跡の写しで）");
  command
      ->add_option("--state", arguments->state, "サーバーの state_dir、または erasure を含む写し")
      ->required();
  command->add_option("--from", arguments->from, "初日（YYYY-MM-DD、日本時間）")->required();
  command->add_option("--until", arguments->until, "末日（YYYY-MM-DD、その日を含む）")->required();
  add_json_flag(*command, arguments->json);
  command->callback(
      [arguments, &exit_code] { exit_code = tell(report(*arguments), arguments->json); });
}

}  // namespace certrelay
