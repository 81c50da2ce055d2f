#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "protocol/base/names.hpp"
#include "protocol/base/utf8.hpp"
#include "render/readback/rules.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kBlocksMax = 8;
constexpr std::size_t kRemarksMax = 40;

constexpr Names<PrintedItem, kPrintedItems> kItems{
    {{PrintedItem::kName, "name"},
     {PrintedItem::kNameKana, "name_kana"},
     {PrintedItem::kIndividualNumber, "individual_number"},
     {PrintedItem::kResidentSince, "resident_since"},
     {PrintedItem::kAddressSince, "address_since"},
     {PrintedItem::kNotified, "notified"},
     {PrintedItem::kBirthDate, "birth_date"},
     {PrintedItem::kSex, "sex"},
     {PrintedItem::kRelation, "relation"},
     {PrintedItem::kPreviousAddress, "previous_address"},
     {PrintedItem::kFormerSurnameKana, "former_surname_kana"},
     {PrintedItem::kFormerSurname, "former_surname"},
     {PrintedItem::kRegisterHead, "register_head"},
     {PrintedItem::kRegisteredDomicile, "registered_domicile"},
     {PrintedItem::kAliasKana, "alias_kana"},
     {PrintedItem::kAlias, "alias"},
     {PrintedItem::kResidenceCardNumber, "residence_card_number"},
     {PrintedItem::kNationality, "nationality"},
     {PrintedItem::kResidenceStatus, "residence_status"},
     {PrintedItem::kResidenceCategory, "residence_category"},
     {PrintedItem::kResidencePeriod, "residence_period"},
     {PrintedItem::kResidenceExpiry, "residence_expiry"}}};
constexpr Names<Resident, 3> kResidents{
    {{Resident::kAny, "any"}, {Resident::kJapanese, "japanese"}, {Resident::kForeign, "foreign"}}};

Error invalid(std::string_view where) { return Error{ErrorCode::kTemplateInvalid, where}; }

// The members of one table; how many were taken must be how many there are.
class Members {
 public:
  explicit Members(const toml::node* node) : table_(node == nullptr ? nullptr : node->as_table()) {}

  const toml::node* take(std::string_view name) {
    ++taken_;
    return table_ == nullptr ? nullptr : table_->get(name);
  }

  Result<std::string> text(std::string_view name) {
    const auto* node = take(name);
    const auto* value = node == nullptr ? nullptr : node->as_string();
    if (value == nullptr || value->get().empty()) return invalid("readback rules: text");
    return value->get();
  }

  Result<std::int64_t> integer(std::string_view name, std::int64_t max) {
    const auto* node = take(name);
    const auto* value = node == nullptr ? nullptr : node->as_integer();
    if (value == nullptr || value->get() < 0 || value->get() > max) {
      return invalid("readback rules: number");
    }
    return value->get();
  }

  // `count` lengths in millimetres, as micrometres.
  Result<std::vector<std::int64_t>> lengths(std::string_view name, std::size_t count) {
    const auto* node = take(name);
    const auto* array = node == nullptr ? nullptr : node->as_array();
    if (array == nullptr || array->size() != count) return invalid("readback rules: lengths");
    std::vector<std::int64_t> out;
    for (const auto& element : *array) {
      const auto value = element.value<double>();
      if (!value || !(*value >= 0 && *value <= 300)) return invalid("readback rules: length");
      out.push_back(std::llround(*value * 1000));
    }
    return out;
  }

  Result<ReadbackRect> rect(std::string_view name) {
    CERTRELAY_TRY(const auto edges, lengths(name, 4));
    if (edges[0] >= edges[2] || edges[1] >= edges[3]) return invalid("readback rules: rectangle");
    return ReadbackRect{edges[0], edges[1], edges[2], edges[3]};
  }

  bool has(std::string_view name) const { return table_ != nullptr && table_->contains(name); }

  Result<void> end() const {
    if (table_ == nullptr || table_->size() != taken_) return invalid("readback rules: members");
    return ok();
  }

 private:
  const toml::table* table_;
  std::size_t taken_ = 0;
};

Result<void> read_words(Members words, ReadbackRules& out) {
  CERTRELAY_TRY(out.omitted_mark, words.text("omitted"));
  CERTRELAY_TRY(out.unknown_mark, words.text("unknown"));
  CERTRELAY_TRY(out.whole_sentence, words.text("whole_household"));
  CERTRELAY_TRY(out.part_sentence, words.text("part_of_household"));
  CERTRELAY_TRY(out.document_label, words.text("document"));
  CERTRELAY_TRY(out.page_suffix, words.text("page"));
  CERTRELAY_TRY(out.demo_word, words.text("demo"));
  if (words.has("closing")) {
    CERTRELAY_TRY(out.closing, words.text("closing"));
  }
  return words.end();
}

Result<void> read_page(Members page, ReadbackRules& out) {
  CERTRELAY_TRY(const auto blocks, page.integer("blocks", kBlocksMax));
  if (blocks == 0) return invalid("readback rules: blocks");
  out.blocks = static_cast<std::size_t>(blocks);
  CERTRELAY_TRY(const auto block, page.lengths("block", 2));
  out.first_block = block[0];
  out.block_height = block[1];
  if (out.block_height == 0) return invalid("readback rules: block");
  CERTRELAY_TRY(out.address, page.rect("address"));
  CERTRELAY_TRY(out.head, page.rect("head_of_household"));
  CERTRELAY_TRY(out.sentence, page.rect("sentence"));
  CERTRELAY_TRY(out.issue_day, page.rect("issue_day"));
  CERTRELAY_TRY(out.document, page.rect("document"));
  CERTRELAY_TRY(out.page_number, page.rect("page_number"));
  if (page.has("code")) {
    CERTRELAY_TRY(out.code, page.rect("code"));
  }
  return page.end();
}

Result<ReadbackCell> read_cell(Members cell) {
  ReadbackCell out{};
  CERTRELAY_TRY(const auto item, cell.text("item"));
  if (item != "mark") {
    const auto known = value_of(kItems, item, "readback rules");
    if (!known) return invalid("readback rules: no such item");
    out.item = known.value();
  }
  CERTRELAY_TRY(const auto resident, cell.text("resident"));
  const auto kind = value_of(kResidents, resident, "readback rules");
  if (!kind) return invalid("readback rules: resident");
  out.resident = kind.value();
  CERTRELAY_TRY(out.rect, cell.rect("at"));
  CERTRELAY_TRY(cell.end());
  return out;
}

Result<void> read_cells(const toml::node* node, ReadbackRules& out) {
  const auto* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr) return invalid("readback rules: cells");
  for (const auto& element : *array) {
    CERTRELAY_TRY(const auto cell, read_cell(Members(&element)));
    out.cells.push_back(cell);
  }
  for (const auto& [item, name] : kItems) {
    if (std::ranges::count(out.cells, std::optional(item), &ReadbackCell::item) != 1) {
      return invalid("readback rules: an item without one cell");
    }
  }
  return ok();
}

Result<void> read_remarks(Members remarks, ReadbackRules& out) {
  CERTRELAY_TRY(const auto x, remarks.lengths("x", 2));
  CERTRELAY_TRY(const auto y, remarks.lengths("y", 2));
  CERTRELAY_TRY(const auto rows, remarks.integer("rows", kRemarksMax));
  if (rows == 0 || x[0] >= x[1] || y[1] == 0) return invalid("readback rules: remarks");
  out.remarks = {x[0], x[1], y[0], y[1], static_cast<std::size_t>(rows)};
  return remarks.end();
}

Result<void> read_kind(Members kind, ReadbackRules& out) {
  CERTRELAY_TRY(out.kind_label, kind.rect("at"));
  CERTRELAY_TRY(out.japanese_label, kind.text("japanese"));
  CERTRELAY_TRY(out.foreign_label, kind.text("foreign"));
  return kind.end();
}

Result<void> read_eras(const toml::node* node, ReadbackRules& out) {
  const auto* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr || array->empty()) return invalid("readback rules: eras");
  for (const auto& element : *array) {
    Members era(&element);
    CERTRELAY_TRY(const auto first_day, era.integer("first_day", 99'991'231));
    CERTRELAY_TRY(auto name, era.text("name"));
    CERTRELAY_TRY(era.end());
    const int day = static_cast<int>(first_day);
    if (!out.eras.empty() && out.eras.back().first_day >= day) {
      return invalid("readback rules: eras: order");
    }
    out.eras.push_back({day, std::move(name)});
  }
  return ok();
}

// As render/form does it with the other file, by code of its own.
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

Result<toml::table> complete(const toml::table& own) {
  const auto* base = own.get("based_on");
  if (base == nullptr) return own;
  const auto name = base->value<std::string_view>().value_or("");
  const bool household = name == "household";
  if (!household && name != "individual") return invalid("readback rules: based_on");
  auto parsed = toml::parse(household ? default_household_rules() : default_individual_rules());
  auto out = std::move(parsed).table();
  lay_over(out, own);
  out.erase("based_on");
  return out;
}

}  // namespace

Result<ReadbackRules> parse_readback_rules(std::string_view toml_text) {
  if (!is_strict_utf8(toml_text)) return invalid("readback rules: UTF-8");
  const auto parsed = toml::parse(toml_text);
  if (!parsed) return invalid("readback rules: not TOML");
  if (parsed.table()["format"].value<std::string_view>() != "certrelay readback 1") {
    return invalid("readback rules: format");
  }
  CERTRELAY_TRY(const auto whole, complete(parsed.table()));
  ReadbackRules out{};
  Members root(&whole);
  CERTRELAY_TRY(root.text("format"));
  CERTRELAY_TRY(read_words(Members(root.take("words")), out));
  CERTRELAY_TRY(read_page(Members(root.take("page")), out));
  CERTRELAY_TRY(read_cells(root.take("cells"), out));
  CERTRELAY_TRY(read_remarks(Members(root.take("remarks")), out));
  CERTRELAY_TRY(read_kind(Members(root.take("kind")), out));
  CERTRELAY_TRY(read_eras(root.take("eras"), out));
  CERTRELAY_TRY(root.end());
  return out;
}

}  // namespace certrelay
