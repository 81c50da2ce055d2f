#include "firmware/ctl/manual/manual.hpp"

namespace certrelay {
namespace {

struct ExitCode {
  const char* code;
  const char* text;
};
// protocol.md's, the same for every sub-command.
constexpr ExitCode kCtlExitCodes[] = {
    {"0", "済み、または異常なし"},
    {"1", "拒否された、または検査で異常があった"},
    {"2", "使い方の誤り（引数、設定、読めないファイル）。何も変更していません"},
    {"3", "相手に届かない、または応答がない"},
    {"4", "変更や承認待ちがある。doctor では、近く期限が来るものがある"},
};

// What roff would take for a request or an escape.
std::string roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

std::string option_text(const CLI::Option& option) {
  auto out = "\\fB" + roff(option.get_name(false, true)) + "\\fR";
  if (!option.get_positional() && option.get_items_expected_max() != 0) out += " \\fI値\\fR";
  if (option.get_required()) out += "（必須）";
  return out;
}

void add_command(const CLI::App& command, const std::string& path, std::string& out) {
  out += ".SS " + roff(path) + "\n" + roff(command.get_description()) + "\n";
  for (const auto* option : command.get_options()) {
    if (option == command.get_help_ptr()) continue;
    out += ".TP\n" + option_text(*option) + "\n" + roff(option->get_description()) + "\n";
  }
  for (const auto* sub : command.get_subcommands({})) {
    add_command(*sub, path + " " + sub->get_name(), out);
  }
}

}  // namespace

std::string manual_page(const CLI::App& root, const std::string& program) {
  std::string title = program;
  for (char& c : title) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  // "certrelayctl: ..." begins the help; the page's line has the name already.
  auto what = root.get_description();
  if (what.starts_with(program + ": ")) what.erase(0, program.size() + 2);
  std::string out = ".\\\" Generated from the program's own tree; do not edit.\n.TH " + title +
                    " 1 \"\" certrelay\n.SH 名前\n" + roff(program) + " \\- " + roff(what) +
                    "\n.SH 書式\n.B " + roff(program) +
                    "\n\\fIサブコマンド\\fR [\\fIオプション\\fR]\n.SH サブコマンド\n"
                    "どのサブコマンドも \\fB\\-\\-help\\fR で使い方を表示します。\n";
  for (const auto* sub : root.get_subcommands({})) add_command(*sub, sub->get_name(), out);
  out += ".SH 終了コード\n";
  for (const auto& one : kCtlExitCodes) {
    out += std::string(".TP\n.B ") + one.code + "\n" + roff(one.text) + "\n";
  }
  return out;
}

}  // namespace certrelay
