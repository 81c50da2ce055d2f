#include "relay/console/page_parts.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

bool has_verb(const std::vector<std::string>& verbs, std::string_view verb) {
  return std::ranges::find(verbs, verb) != verbs.end();
}

std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "good";
    case Tone::kWarn:
      return "warn";
    case Tone::kBad:
      return "bad";
    case Tone::kPlain:
      return "plain";
  }
  return "plain";
}

bool is_dangerous(std::string_view code) {
  return code.starts_with("erase.") || code == "issuing.stop" || code == "operator.revoke";
}

}  // namespace

bool order_needs_two(std::string_view code) {
  constexpr std::array kTwo{"alarm.clear",          "operator.add",     "operator.roles",
                            "extract.approve",      "erase.one",        "erase.due",
                            "erase.standing_order", "ledger.subject",   "erase.standing_order_end",
                            "decommission.order",   "ledger.take_over", "ledger.prune"};
  return std::ranges::find(kTwo, code) != kTwo.end();
}

bool PageContext::may(std::string_view verb) const { return has_verb(session.may, verb); }
bool PageContext::may_approve(std::string_view verb) const {
  return has_verb(session.may_approve, verb);
}

Markup badge(Tone tone, std::string_view word) {
  return element("span", {{"class", "badge " + std::string(class_of(tone))}}, word);
}

Markup table(const std::string& caption, const std::vector<Column>& columns,
             const std::vector<std::vector<Markup>>& rows, const std::string& when_empty) {
  if (rows.empty()) return element("p", {{"class", "empty"}}, when_empty);
  Markup head, body;
  for (const auto& column : columns) {
    HtmlAttributes attributes{{"scope", "col"}};
    if (column.number) attributes.push_back({"class", "number"});
    head += element("th", attributes, column.heading);
  }
  for (const auto& row : rows) {
    Markup cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      HtmlAttributes attributes;
      if (i == 0) attributes.push_back({"scope", "row"});
      if (columns.at(i).number) attributes.push_back({"class", "number"});
      cells += i == 0 ? element("th", attributes, row[i]) : element("td", attributes, row[i]);
    }
    body += element("tr", cells);
  }
  const auto whole =
      element("table", element("caption", caption) + element("thead", element("tr", head)) +
                           element("tbody", body));
  return element(
      "div", {{"class", "scroll"}, {"role", "region"}, {"aria-label", caption}, {"tabindex", "0"}},
      whole);
}

Markup facts(const std::vector<std::pair<std::string, Markup>>& pairs) {
  Markup out;
  for (const auto& [name, value] : pairs) {
    out += element("div", element("dt", name) + element("dd", value));
  }
  return element("dl", {{"class", "facts"}}, out);
}

Markup section(const std::string& heading, const Markup& inside) {
  return element("section", element("h2", heading) + inside);
}

Markup note(Tone tone, std::string_view sentence) {
  return element("p", {{"class", "note " + std::string(class_of(tone))}, {"role", "status"}},
                 sentence);
}

Markup link(const std::string& path, std::string_view words) {
  return element("a", {{"href", path}}, words);
}

// The label encloses what it names: a page has several forms with a field of the same name, and an
// id would be there twice.
Markup field(const Field& field) {
  HtmlAttributes input{
      {"name", field.name}, {"type", field.type}, {"autocomplete", field.autocomplete}};
  if (!field.value.empty()) input.push_back({"value", field.value});
  if (field.required) input.push_back({"required", ""});
  if (field.length_max > 0) input.push_back({"maxlength", std::to_string(field.length_max)});
  auto words = element("span", {{"class", "label"}}, field.label);
  if (!field.hint.empty()) words += element("span", {{"class", "hint"}}, field.hint);
  return element("label", {{"class", "field"}}, words + void_element("input", input));
}

Markup choice_field(const std::string& name, const std::string& label,
                    const std::vector<Choice>& choices, std::string_view chosen, bool required) {
  Markup options;
  for (const auto& choice : choices) {
    HtmlAttributes attributes{{"value", choice.value}};
    if (!chosen.empty() && choice.value == chosen) attributes.push_back({"selected", ""});
    options += element("option", attributes, choice.words);
  }
  HtmlAttributes select{{"name", name}};
  if (required) select.push_back({"required", ""});
  return element("label", {{"class", "field"}},
                 element("span", {{"class", "label"}}, label) + element("select", select, options));
}

Markup hidden(const std::string& name, const std::string& value) {
  return void_element("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
}

Markup button(std::string_view words, bool dangerous) {
  return element("button", {{"type", "submit"}, {"class", dangerous ? "danger" : "primary"}},
                 words);
}

Markup post_form(const PageContext& page, const std::string& path, const Markup& inside) {
  return element("form", {{"method", "post"}, {"action", path}},
                 hidden("csrf", page.session.csrf_token) + inside);
}

Markup order_form(const PageContext& page, const std::string& code,
                  const std::vector<std::pair<std::string, std::string>>& parameters,
                  const Markup& further) {
  auto inside = hidden("code", code);
  for (const auto& [name, value] : parameters) inside += hidden("p_" + name, value);
  inside += further;
  inside += field({.name = "reason",
                   .label = page.t({"処理事由", "Reason"}),
                   .hint = page.t({"提供記録に5年間残ります。住民の氏名などは書かないでください。",
                                   "Kept in the ledger for five years. Write no resident's name."}),
                   .length_max = 160});
  const bool two = order_needs_two(code);
  inside += element(
      "p", {{"class", "hint"}},
      two ? page.t({"実行には、申請者とは別の人の承認が必要です。次の画面で申請に署名します。",
                    "Another person must approve it. You sign your request on the next page."})
          : page.t({"次の画面で内容を確認し、署名すると直ちに実行されます。",
                    "You check and sign it on the next page; it takes effect at once."}));
  const auto what = page.t(words_of_action(code));
  inside += button(
      two ? what + page.t({"を申請する", ": request"}) : what + page.t({"に進む", ": continue"}),
      is_dangerous(code));
  return element("div", {{"class", "order"}},
                 element("h3", what) + post_form(page, "/order", inside));
}

}  // namespace certrelay
