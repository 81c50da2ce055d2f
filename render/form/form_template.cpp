#include "render/form/form_template.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <set>

#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

Error invalid(std::string_view where) { return Error{ErrorCode::kTemplateInvalid, where}; }

// Reads one table of a closed schema; the first fault sticks.
class Table {
 public:
  Table(const toml::table* table, std::string_view where) : table_(table), where_(where) {
    if (table == nullptr) failed_ = true;
  }

  Table& text(std::string_view name, std::string& out) {
    const auto* node = find(name);
    const auto* value = node == nullptr ? nullptr : node->as_string();
    if (value == nullptr || value->get().empty() || value->get().size() > 300) {
      failed_ = true;
      return *this;
    }
    out = value->get();
    return *this;
  }

  Table& flag(std::string_view name, bool& out) {
    const auto* node = find(name);
    const auto* value = node == nullptr ? nullptr : node->as_boolean();
    if (value == nullptr) {
      failed_ = true;
      return *this;
    }
    out = value->get();
    return *this;
  }

  const toml::array* array(std::string_view name) {
    const auto* node = find(name);
    if (node == nullptr || !node->is_array()) failed_ = true;
    return failed_ ? nullptr : node->as_array();
  }

  Table table(std::string_view name, std::string_view where) {
    const auto* node = find(name);
    return {node == nullptr ? nullptr : node->as_table(), where};
  }

  Result<void> end() const {
    if (failed_ || table_ == nullptr || table_->size() != seen_.size()) return invalid(where_);
    return ok();
  }

 private:
  const toml::node* find(std::string_view name) {
    if (table_ == nullptr) return nullptr;
    seen_.insert(name);
    return table_->get(name);
  }

  const toml::table* table_;
  std::string_view where_;
  std::set<std::string_view> seen_;
  bool failed_ = false;
};

Result<void> read_office(Table& root, FormTemplate::Office& office) {
  FormTemplate::Office acting;
  bool is_acting = false;
  auto table = root.table("office", "template: office");
  table.text("title", office.title).text("name", office.name).flag("acting", is_acting);
  table.text("acting_title", acting.title).text("acting_name", acting.name);
  if (is_acting) office = acting;
  return table.end();
}

Result<void> read_seal(Table& root, FormTemplate::Seal& seal) {
  auto table = root.table("seal", "template: seal");
  table.text("note", seal.note);
  const auto* columns = table.array("columns");
  CERTRELAY_TRY(table.end());
  for (const auto& column : *columns) {
    const auto* value = column.as_string();
    if (value == nullptr) return invalid("template: seal");
    seal.columns.push_back(value->get());
  }
  if (seal.columns.empty() || seal.columns.size() > 4) return invalid("template: seal");
  return ok();
}

Result<void> read_words(Table& root, FormTemplate& t) {
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

Result<void> read_labels(Table& root, FormTemplate& t) {
  auto labels = root.table("labels", "template: labels");
  auto header = labels.table("header", "template: labels.header");
  header.text("address", t.header.address).text("head_of_household", t.header.head_of_household);
  CERTRELAY_TRY(header.end());
  auto common = labels.table("common", "template: labels.common");
  common.text("name_kana", t.common.name_kana)
      .text("individual_number", t.common.individual_number)
      .text("name", t.common.name)
      .text("resident_code", t.common.resident_code)
      .text("address_since", t.common.address_since)
      .text("notified", t.common.notified)
      .text("birth_date", t.common.birth_date)
      .text("sex", t.common.sex)
      .text("relation", t.common.relation)
      .text("previous_address", t.common.previous_address)
      .text("remarks", t.common.remarks);
  CERTRELAY_TRY(common.end());
  auto japanese = labels.table("japanese", "template: labels.japanese");
  japanese.text("resident_since", t.japanese.resident_since)
      .text("former_surname_kana", t.japanese.former_surname_kana)
      .text("former_surname", t.japanese.former_surname)
      .text("register_head", t.japanese.register_head)
      .text("registered_domicile", t.japanese.registered_domicile);
  CERTRELAY_TRY(japanese.end());
  auto foreign = labels.table("foreign", "template: labels.foreign");
  foreign.text("resident_since", t.foreign.resident_since)
      .text("alias_kana", t.foreign.alias_kana)
      .text("alias", t.foreign.alias)
      .text("residence_card_number", t.foreign.residence_card_number)
      .text("nationality", t.foreign.nationality)
      .text("residence_status", t.foreign.residence_status)
      .text("residence_category", t.foreign.residence_category)
      .text("residence_period", t.foreign.residence_period)
      .text("residence_expiry", t.foreign.residence_expiry);
  CERTRELAY_TRY(foreign.end());
  return labels.end();
}

Result<void> read_eras(Table& root, std::vector<Era>& eras) {
  const auto* array = root.array("eras");
  if (array == nullptr || array->empty()) return invalid("template: eras");
  for (const auto& node : *array) {
    Era era;
    std::string start;
    Table table(node.as_table(), "template: eras");
    table.text("name", era.name).text("start", start);
    CERTRELAY_TRY(table.end());
    const auto day = parse_iso_day(start);
    if (!day) return invalid("template: eras: start");
    era.start = day.value();
    if (!eras.empty() && eras.back().start >= era.start) return invalid("template: eras: order");
    eras.push_back(std::move(era));
  }
  return ok();
}

}  // namespace

Result<FormTemplate> parse_form_template(std::string_view toml_text) {
  if (!is_strict_utf8(toml_text)) return Error{ErrorCode::kInvalidUtf8, "template"};
  const auto parsed = toml::parse(toml_text);
  if (!parsed) return invalid("template: not TOML");
  FormTemplate t;
  std::string format;
  std::string form;
  Table root(&parsed.table(), "template");
  root.text("format", format).text("form", form).text("title", t.title);
  CERTRELAY_TRY(read_office(root, t.office));
  CERTRELAY_TRY(read_seal(root, t.seal));
  CERTRELAY_TRY(read_words(root, t));
  CERTRELAY_TRY(read_labels(root, t));
  CERTRELAY_TRY(read_eras(root, t.eras));
  CERTRELAY_TRY(root.end());
  if (format != "certrelay form 1" || form != "household") return invalid("template: format");
  return t;
}

}  // namespace certrelay
