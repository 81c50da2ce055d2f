#include "render/form/form_template.hpp"

#include "protocol/base/utf8.hpp"
#include "render/form/grid_reader.hpp"

namespace certrelay {
namespace {

// Tables member by member; what the upper one says of anything else stands alone.
void lay_over(toml::table& below, const toml::table& above) {
  for (const auto& [key, node] : above) {
    auto* lower = below.get_as<toml::table>(key.str());
    const auto* upper = node.as_table();
    if (lower != nullptr && upper != nullptr) {
      lay_over(*lower, *upper);
    } else {
      below.insert_or_assign(key.str(), node);
    }
  }
}

// A form that says `based_on` has all that it does not say from that built-in one.
Result<toml::table> complete(const toml::table& own) {
  const auto* base = own.get("based_on");
  if (base == nullptr) return own;
  const auto name = base->value<std::string_view>().value_or("");
  const bool household = name == "household";
  if (!household && name != "individual") return invalid_template("template: based_on");
  auto parsed =
      toml::parse(household ? default_household_template() : default_individual_template());
  auto out = std::move(parsed).table();
  lay_over(out, own);
  out.erase("based_on");
  return out;
}

Result<void> read_office(FormTable& root, FormTemplate::Office& office) {
  FormTemplate::Office acting;
  bool is_acting = false;
  auto table = root.table("office", "template: office");
  table.text("title", office.title).text("name", office.name).flag("acting", is_acting);
  table.text("acting_title", acting.title).text("acting_name", acting.name);
  if (is_acting) office = acting;
  return table.end();
}

Result<void> read_seal(FormTable& root, FormTemplate::Seal& seal) {
  auto table = root.table("seal", "template: seal");
  table.text("note", seal.note);
  const auto* columns = table.array("columns");
  CERTRELAY_TRY(table.end());
  for (const auto& column : *columns) {
    const auto* value = column.as_string();
    if (value == nullptr) return invalid_template("template: seal");
    seal.columns.push_back(value->get());
  }
  if (seal.columns.empty() || seal.columns.size() > 4) return invalid_template("template: seal");
  return ok();
}

Result<void> read_words(FormTable& root, FormTemplate& t) {
  auto marks = root.table("marks", "template: marks");
  marks.text("omitted", t.marks.omitted).text("unknown", t.marks.unknown);
  CERTRELAY_TRY(marks.end());
  auto sentences = root.table("sentences", "template: sentences");
  sentences.text("whole_household", t.sentences.whole_household)
      .text("part_of_household", t.sentences.part_of_household);
  CERTRELAY_TRY(sentences.end());
  auto footer = root.table("footer", "template: footer");
  footer.text("document", t.footer.document).text("page", t.footer.page);
  CERTRELAY_TRY(footer.end());
  auto demo = root.table("demo", "template: demo");
  demo.text("word", t.demo_word);
  return demo.end();
}

Result<void> read_eras(FormTable& root, std::vector<Era>& eras) {
  const auto* array = root.array("eras");
  if (array == nullptr || array->empty()) return invalid_template("template: eras");
  for (const auto& node : *array) {
    Era era;
    std::string start;
    FormTable table(node.as_table(), "template: eras");
    table.text("name", era.name).text("start", start);
    CERTRELAY_TRY(table.end());
    const auto day = parse_iso_day(start);
    if (!day) return invalid_template("template: eras: start");
    era.start = day.value();
    if (!eras.empty() && eras.back().start >= era.start)
      return invalid_template("template: eras: order");
    eras.push_back(std::move(era));
  }
  return ok();
}

}  // namespace

Result<FormTemplate> parse_form_template(std::string_view toml_text) {
  if (!is_strict_utf8(toml_text)) return Error{ErrorCode::kInvalidUtf8, "template"};
  const auto parsed = toml::parse(toml_text);
  if (!parsed) return invalid_template("template: not TOML");
  if (parsed.table()["format"].value<std::string_view>() != "certrelay form 2") {
    return invalid_template("template: format");
  }
  CERTRELAY_TRY(const auto whole, complete(parsed.table()));
  FormTemplate t;
  std::string format;
  FormTable root(&whole, "template");
  root.text("format", format).text("title", t.title);
  CERTRELAY_TRY(read_office(root, t.office));
  CERTRELAY_TRY(read_seal(root, t.seal));
  CERTRELAY_TRY(read_words(root, t));
  CERTRELAY_TRY(t.grid, read_grid(root, t.marks.omitted));
  CERTRELAY_TRY(read_eras(root, t.eras));
  CERTRELAY_TRY(root.end());
  return t;
}

}  // namespace certrelay
