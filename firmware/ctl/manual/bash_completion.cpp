#include "firmware/ctl/manual/manual.hpp"

namespace certrelay {
namespace {

struct Words {
  std::string paths;  // the arms that walk down, one a sub-command
  std::string lists;  // the arms that offer, one a command
};

void collect(const CLI::App& command, const std::string& path, Words& out) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
  const auto subs = command.get_subcommands({});
  for (const auto* sub : subs) add(sub->get_name());
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) add("--" + name);
  }
  out.lists += "    \"" + path + "\") words=\"" + words + "\" ;;\n";
  for (const auto* sub : subs) {
    const auto below = path + " " + sub->get_name();
    out.paths += "      \"" + below + "\") path=\"" + below + "\" ;;\n";
    collect(*sub, below, out);
  }
}

}  // namespace

std::string bash_completion(const CLI::App& root, const std::string& program) {
  Words words;
  collect(root, "", words);
  const auto function = "_" + program;
  return "# Generated from the program's own tree; do not edit.\n" + function +
         "() {\n  local path= words= word\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$path $word\" in\n" +
         words.paths + "    esac\n  done\n  case \"$path\" in\n" + words.lists +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -o default -F " +
         function + " " + program + "\n";
}

}  // namespace certrelay
