#include <iostream>

#include "firmware/ctl/card_lines.hpp"
#include "firmware/ctl/commands.hpp"

namespace certrelay {
void add_card_commands(CLI::App& root, int& exit_code) {
  auto* card = root.add_subcommand("card", "電子証明書の検証");
  card->require_subcommand(1);
  auto* verify = card->add_subcommand("verify", "標準入力の検証事例を1行ずつ検証する");
  verify->add_flag("--stdin-jsonl")->required()->description("1行に1つのJSONオブジェクトを読む");
  verify->callback([&exit_code] { exit_code = verify_card_lines(std::cin, std::cout); });
}

}  // namespace certrelay
