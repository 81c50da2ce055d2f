#include <iostream>
#include <string>

#include "firmware/ctl/card_case.hpp"
#include "firmware/ctl/commands.hpp"

namespace certrelay {
namespace {

// 0 when every line was a case, whatever its verdict; 1 otherwise.
int verify_lines(std::istream& in, std::ostream& out) {
  int exit_code = 0;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    const auto verdict = judge_card_line(line);
    if (!verdict.understood) exit_code = 1;
    out << verdict.line << '\n' << std::flush;  // a caller may wait for each answer
  }
  return exit_code;
}

}  // namespace

void add_card_commands(CLI::App& root, int& exit_code) {
  auto* card = root.add_subcommand("card", "電子証明書の検証");
  card->require_subcommand(1);
  auto* verify = card->add_subcommand("verify", "標準入力の検証事例を1行ずつ検証する");
  verify->add_flag("--stdin-jsonl")->required()->description("1行に1つのJSONオブジェクトを読む");
  verify->callback([&exit_code] { exit_code = verify_lines(std::cin, std::cout); });
}

}  // namespace certrelay
