#include "render/form/form_template.hpp"

#include "protocol/base/utf8.hpp"
#include "render/form/grid_reader.hpp"

namespace certrelay {
namespace {

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
  FormTemplate t;
  std::string format;
  FormTable root(&parsed.table(), "template");
  root.text("format", format).text("title", t.title);
  if (format != "certrelay form 2") return invalid_template("template: format");
  CERTRELAY_TRY(read_office(root, t.office));
  CERTRELAY_TRY(read_seal(root, t.seal));
  CERTRELAY_TRY(read_words(root, t));
  CERTRELAY_TRY(t.grid, read_grid(root, t.marks.omitted));
  CERTRELAY_TRY(read_eras(root, t.eras));
  CERTRELAY_TRY(root.end());
  return t;
}

}  // namespace certrelay
