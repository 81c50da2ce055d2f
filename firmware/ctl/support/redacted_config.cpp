#include "firmware/ctl/support/redacted_config.hpp"

#include <algorithm>
#include <array>

#include "firmware/daemon/toml_table.hpp"
#include "firmware/daemon/toml_text.hpp"

namespace certrelay {
namespace {

// Texts that may be shown; a list's or a table array's number is left out of the name.
constexpr auto kShown = std::to_array<std::string_view>({
    "site.municipality",
    "site.topology",
    "site.build",
    "peer.role",
    "card.policies",
    "render.fonts.sha256",
    "render.forms.juminhyo.form",
    "render.forms.kisai_jiko.form",
    "calendar.juminhyo.open",
    "calendar.juminhyo.close",
    "calendar.juminhyo.closed",
    "calendar.kisai_jiko.open",
    "calendar.kisai_jiko.close",
    "calendar.kisai_jiko.closed",
});
constexpr std::string_view kHidden = "（伏せました）";

// The generations of cards have names of the site's own.
bool is_choice_of_cards(std::string_view name) {
  const bool purpose =
      name.starts_with("card.authentication.") || name.starts_with("card.signing.");
  return purpose && (name.ends_with(".policies") || name.ends_with(".algorithms"));
}

bool is_shown(std::string_view name) {
  return is_choice_of_cards(name) || std::ranges::find(kShown, name) != kShown.end();
}

void add_node(const toml::node& node, const std::string& name, std::string& out) {
  const auto line = [&](const std::string& value) { out += name + " = " + value + "\n"; };
  if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      add_node(value, (name.empty() ? "" : name + ".") + std::string(key.str()), out);
    }
  } else if (const auto* list = node.as_array()) {
    for (const auto& one : *list) add_node(one, name, out);
  } else if (const auto* number = node.as_integer()) {
    line(std::to_string(number->get()));
  } else if (const auto* flag = node.as_boolean()) {
    line(flag->get() ? "true" : "false");
  } else {
    const auto* text = node.as_string();
    const bool shown = text != nullptr && is_shown(name);
    line(shown ? toml_text(text->get()) : std::string(kHidden));
  }
}

}  // namespace

std::string redacted_configuration(const std::string& text, const std::string& path) {
  std::string out;
  add_node(parse_toml(text, path), "", out);
  return out;
}

}  // namespace certrelay
