// What the pages are made of.
#pragma once

#include "protocol/wire/login_message.hpp"
#include "protocol/wire/overview_message.hpp"
#include "relay/console/html.hpp"
#include "relay/console/words.hpp"

namespace certrelay {

// What every page of a person who is logged in knows.
struct PageContext {
  Words words;
  SessionView session;
  Overview overview;
  RelayState state;

  std::string t(Both both) const { return std::string(words(both)); }
  // Whether the vault said that the person may ask for that verb, or be the second person of it.
  bool may(std::string_view verb) const;
  bool may_approve(std::string_view verb) const;
};

enum class Tone : std::uint8_t { kGood, kWarn, kBad, kPlain };
// A word with a colour; the word alone says it too.
Markup badge(Tone tone, std::string_view word);

struct Column {
  std::string heading;
  bool number = false;
};
// A table with a caption, headings with a scope, and its own scroll bar that the keyboard reaches.
// The first cell of each row heads it. `when_empty` stands in the place of no rows.
Markup table(const std::string& caption, const std::vector<Column>& columns,
             const std::vector<std::vector<Markup>>& rows, const std::string& when_empty);

// Pairs of a name and what it is.
Markup facts(const std::vector<std::pair<std::string, Markup>>& pairs);

Markup section(const std::string& heading, const Markup& inside);
Markup note(Tone tone, std::string_view sentence);
Markup link(const std::string& path, std::string_view words);

struct Field {
  std::string name;
  std::string label;
  std::string type = "text";  // of the input
  std::string value = {};
  std::string hint = {};
  std::string autocomplete = "off";
  bool required = true;
  std::size_t length_max = 0;  // 0: not limited here
};
Markup field(const Field& field);
struct Choice {
  std::string value;
  std::string words;
};
// `chosen` is the value that stands in it first; else the first choice does, and where that one's
// value is empty the browser sends nothing before somebody has chosen.
Markup choice_field(const std::string& name, const std::string& label,
                    const std::vector<Choice>& choices, std::string_view chosen = {},
                    bool required = false);
Markup hidden(const std::string& name, const std::string& value);
Markup button(std::string_view words, bool dangerous = false);
// A form that posts to `path` with the session's token.
Markup post_form(const PageContext& page, const std::string& path, const Markup& inside);
// Those that two persons do: for the sentence beside the button alone, the vault judges.
bool order_needs_two(std::string_view code);
// An order's form: the action's code and parameters, the reason, who else is needed, a button.
Markup order_form(const PageContext& page, const std::string& code,
                  const std::vector<std::pair<std::string, std::string>>& parameters,
                  const Markup& further = {});

}  // namespace certrelay
