#include "render/form/grid_reader.hpp"

#include <algorithm>
#include <map>

#include "protocol/base/names.hpp"
#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPersonsASheetMax = 8;
constexpr std::size_t kRemarksMax = 40;
// All ink stays inside: the copier cannot print nearer to the edge.
constexpr Micrometres kMargin = 10'000;
// Below it the largest symbol has less than four dots a module at 600 dpi.
constexpr Micrometres kSmallestCode = 18'000;

constexpr Names<CellItem, 23> kItems{{{CellItem::kMark, "resident_code"},
                                      {CellItem::kNameKana, "name_kana"},
                                      {CellItem::kName, "name"},
                                      {CellItem::kIndividualNumber, "individual_number"},
                                      {CellItem::kResidentSince, "resident_since"},
                                      {CellItem::kAddressSince, "address_since"},
                                      {CellItem::kNotified, "notified"},
                                      {CellItem::kBirthDate, "birth_date"},
                                      {CellItem::kSex, "sex"},
                                      {CellItem::kRelation, "relation"},
                                      {CellItem::kPreviousAddress, "previous_address"},
                                      {CellItem::kFormerSurnameKana, "former_surname_kana"},
                                      {CellItem::kFormerSurname, "former_surname"},
                                      {CellItem::kRegisterHead, "register_head"},
                                      {CellItem::kRegisteredDomicile, "registered_domicile"},
                                      {CellItem::kAliasKana, "alias_kana"},
                                      {CellItem::kAlias, "alias"},
                                      {CellItem::kResidenceCardNumber, "residence_card_number"},
                                      {CellItem::kNationality, "nationality"},
                                      {CellItem::kResidenceStatus, "residence_status"},
                                      {CellItem::kResidenceCategory, "residence_category"},
                                      {CellItem::kResidencePeriod, "residence_period"},
                                      {CellItem::kResidenceExpiry, "residence_expiry"}}};

// [labels]: by table and item; every one must be used.
class Labels {
 public:
  static Result<Labels> read(FormTable& root) {
    Labels out;
    auto labels = root.table("labels", "template: labels");
    for (const std::string_view name : {"header", "common", "japanese", "foreign"}) {
      const auto* table = labels.nested(name);
      if (table == nullptr) return invalid_template("template: labels");
      for (const auto& [key, node] : *table) {
        const auto* text = node.as_string();
        if (text == nullptr || text->get().empty() || text->get().size() > 300) {
          return invalid_template("template: labels");
        }
        out.texts_.emplace(std::string(name) + '.' + std::string(key.str()),
                           Label{text->get(), false});
      }
    }
    CERTRELAY_TRY(labels.end());
    return out;
  }

  // Of `table`, else of common. Errors: kTemplateInvalid.
  Result<std::string> take(std::string_view table, std::string_view item) {
    for (const auto& name : {table, std::string_view("common")}) {
      const auto found = texts_.find(std::string(name) + '.' + std::string(item));
      if (found == texts_.end()) continue;
      found->second.used = true;
      return found->second.text;
    }
    return invalid_template("template: a cell without label");
  }

  Result<void> expect_all_used() const {
    const bool all =
        std::ranges::all_of(texts_, [](const auto& entry) { return entry.second.used; });
    if (!all) return invalid_template("template: a label that no cell uses");
    return ok();
  }

 private:
  struct Label {
    std::string text;
    bool used;
  };
  std::map<std::string, Label> texts_;
};

// What a cell has where it does not say otherwise.
struct CellDefaults {
  HalfPoints size = 0, label_size = 0;
  Micrometres padding = 0, label_padding = 0, short_label_padding = 0;
};

Result<CellDefaults> read_defaults(FormTable& root) {
  CellDefaults out;
  auto table = root.table("cell", "template: cell");
  table.size("size", out.size).length("padding", out.padding);
  table.size("label_size", out.label_size).length("label_padding", out.label_padding);
  table.length("short_label_padding", out.short_label_padding);
  CERTRELAY_TRY(table.end());
  return out;
}

// Labels of up to three characters stand further in.
Micrometres padding_of(const CellDefaults& defaults, std::string_view text) {
  constexpr std::size_t kShort = 3;
  const auto points = decode_utf8(text);
  const bool is_short = points && points.value().size() <= kShort;
  return is_short ? defaults.short_label_padding : defaults.label_padding;
}

struct Edges {
  Micrometres low = 0, high = 0;
};

// One entry of [[cells]], before it is laid out for a kind of resident.
struct RawCell {
  Edges y;
  std::optional<Edges> label, value;
  std::string japanese, foreign;  // item names; empty: a free pair
  HalfPoints size = 0;
  std::optional<Micrometres> label_padding;
  bool centre = false;
};

Result<RawCell> read_cell(const toml::node& node, const CellDefaults& defaults) {
  RawCell out;
  out.size = defaults.size;
  FormTable table(node.as_table(), "template: cells");
  const auto edges = [&table](std::string_view name, Edges& to) {
    table.lengths(name, {&to.low, &to.high});
    if (to.low >= to.high) table.fail();
  };
  edges("y", out.y);
  if (table.has("label")) edges("label", out.label.emplace());
  if (table.has("value")) edges("value", out.value.emplace());
  if (table.has("item")) {
    table.text("item", out.japanese);
    out.foreign = out.japanese;
  } else {
    if (table.has("japanese")) table.text("japanese", out.japanese);
    if (table.has("foreign")) table.text("foreign", out.foreign);
  }
  if (table.has("size")) table.size("size", out.size);
  if (table.has("label_padding")) table.length("label_padding", out.label_padding.emplace());
  if (table.has("centre")) table.flag("centre", out.centre);
  CERTRELAY_TRY(table.end());
  return out;
}

// Lays out the cells of one kind of resident.
class BlockBuilder {
 public:
  BlockBuilder(std::string_view kind, const CellDefaults& defaults, const std::string& mark,
               Labels& labels)
      : kind_(kind), defaults_(&defaults), mark_(&mark), labels_(&labels) {}

  Result<void> add(const RawCell& raw, const std::string& item) {
    if (raw.value) {
      ValueCell cell;
      if (!item.empty()) {
        const auto known = value_of(kItems, item, "template: cells");
        if (!known) return invalid_template("template: cells: no such item");
        cell.item = known.value();
      }
      cell.where = name_of(kItems, cell.item);
      cell.box = {raw.value->low,
                  raw.y.low,
                  raw.value->high,
                  raw.y.high,
                  defaults_->padding,
                  raw.size,
                  raw.centre ? Align::kCentre : Align::kLeft};
      out_.cells.push_back(cell);
    }
    if (!raw.label) return ok();
    LabelCell label{.text = *mark_,
                    .box = {raw.label->low, raw.y.low, raw.label->high, raw.y.high,
                            defaults_->label_padding, defaults_->label_size, Align::kCentre},
                    .spread = !item.empty()};
    if (label.spread) {
      CERTRELAY_TRY(label.text, labels_->take(kind_, item));
      label.box.padding = raw.label_padding.value_or(padding_of(*defaults_, label.text));
    }
    out_.labels.push_back(std::move(label));
    return ok();
  }

  // Every item that this kind of resident has stands in exactly one cell.
  Result<BlockGrid> take(CellItem first_own, CellItem last_own) && {
    for (const auto& [item, name] : kItems) {
      if (item == CellItem::kMark) continue;
      const bool own =
          item < CellItem::kFormerSurnameKana || (item >= first_own && item <= last_own);
      const auto cells = std::ranges::count(out_.cells, item, &ValueCell::item);
      if (cells != (own ? 1 : 0))
        return invalid_template("template: cells: an item without one cell");
    }
    return std::move(out_);
  }

 private:
  std::string_view kind_;
  const CellDefaults* defaults_;
  const std::string* mark_;
  Labels* labels_;
  BlockGrid out_;
};

Result<void> read_cells(FormTable& root, const CellDefaults& defaults, const std::string& mark,
                        Labels& labels, FormGrid& grid) {
  const auto* array = root.array("cells");
  if (array == nullptr) return invalid_template("template: cells");
  BlockBuilder japanese("japanese", defaults, mark, labels);
  BlockBuilder foreign("foreign", defaults, mark, labels);
  for (const auto& node : *array) {
    CERTRELAY_TRY(const auto raw, read_cell(node, defaults));
    if (raw.y.high > grid.block_height)
      return invalid_template("template: cells: outside the block");
    CERTRELAY_TRY(japanese.add(raw, raw.japanese));
    CERTRELAY_TRY(foreign.add(raw, raw.foreign));
  }
  CERTRELAY_TRY(grid.japanese, std::move(japanese).take(CellItem::kFormerSurnameKana,
                                                        CellItem::kRegisteredDomicile));
  CERTRELAY_TRY(grid.foreign,
                std::move(foreign).take(CellItem::kAliasKana, CellItem::kResidenceExpiry));
  return ok();
}

Result<void> read_sheet(FormTable& root, FormGrid& grid) {
  auto table = root.table("sheet", "template: sheet");
  table.count("persons", grid.persons, kPersonsASheetMax).lengths("x", {&grid.left, &grid.right});
  table.length("first_block", grid.first_block).length("block", grid.block_height);
  if (table.has("number")) {
    auto number = table.table("number", "template: sheet.number");
    auto& out = grid.number.emplace();
    number.length("to", out.right).size("size", out.size);
    CERTRELAY_TRY(number.end());
  }
  CERTRELAY_TRY(table.end());
  const bool inside = grid.left >= kMargin && grid.right <= kPageWidth - kMargin &&
                      grid.left < grid.right && grid.block_height > 0 &&
                      grid.block_top(grid.persons) <= kPageHeight - kMargin;
  if (!inside) return invalid_template("template: sheet: outside the page's margin");
  return ok();
}

Result<void> read_header(FormTable& root, Labels& labels, FormGrid& grid) {
  Micrometres top = 0, middle = 0, bottom = 0, edge = 0, label_padding = 0, padding = 0;
  HalfPoints label_size = 0, size = 0;
  auto table = root.table("header", "template: header");
  table.lengths("rows", {&top, &middle, &bottom}).length("label_to", edge);
  table.size("label_size", label_size).length("label_padding", label_padding);
  table.size("size", size).length("padding", padding);
  CERTRELAY_TRY(table.end());
  if (!(kMargin <= top && top < middle && middle < bottom && bottom <= grid.first_block &&
        grid.left < edge && edge < grid.right)) {
    return invalid_template("template: header");
  }
  auto& header = grid.header;
  header.address = {edge, top, grid.right, middle, padding, size};
  header.head = {edge, middle, grid.right, bottom, padding, size};
  header.address_label.box = {grid.left, top, edge, middle, label_padding, label_size};
  header.head_label.box = {grid.left, middle, edge, bottom, label_padding, label_size};
  CERTRELAY_TRY(header.address_label.text, labels.take("header", "address"));
  CERTRELAY_TRY(header.head_label.text, labels.take("header", "head_of_household"));
  return ok();
}

// [[at, from, to], ...], at most 100.
Result<void> read_lines(FormTable& table, std::string_view name, bool vertical,
                        std::vector<GridLine>& out) {
  const auto* array = table.array(name);
  if (array == nullptr || array->size() > 100) return invalid_template("template: lines");
  for (const auto& node : *array) {
    const auto* line = node.as_array();
    if (line == nullptr || line->size() != 3) return invalid_template("template: lines");
    CERTRELAY_TRY(const auto at, to_length(line->get(0)));
    CERTRELAY_TRY(const auto from, to_length(line->get(1)));
    CERTRELAY_TRY(const auto to, to_length(line->get(2)));
    out.push_back(vertical ? GridLine{at, from, at, to} : GridLine{from, at, to, at});
  }
  return ok();
}

Result<void> read_closing(FormTable& table, RemarkGrid& remarks) {
  if (!table.has("closing")) return ok();
  auto closing = table.table("closing", "template: remarks.closing");
  auto& out = remarks.closing.emplace();
  closing.text("text", out.text).lengths("x", {&out.left, &out.right}).size("size", out.size);
  return closing.end();
}

Result<void> read_remarks(FormTable& root, const CellDefaults& defaults, Labels& labels,
                          FormGrid& grid) {
  auto& remarks = grid.remarks;
  Edges label;
  auto table = root.table("remarks", "template: remarks");
  table.length("y", remarks.top).length("row", remarks.row);
  table.count("rows", remarks.rows, kRemarksMax).lengths("x", {&remarks.left, &remarks.right});
  table.size("size", remarks.size).length("padding", remarks.padding);
  table.lengths("label", {&label.low, &label.high});
  CERTRELAY_TRY(read_closing(table, remarks));
  CERTRELAY_TRY(table.end());
  const auto bottom = remarks.top + remarks.row * static_cast<Micrometres>(remarks.rows);
  if (remarks.row <= 0 || remarks.left >= remarks.right || bottom > grid.block_height) {
    return invalid_template("template: remarks: outside the block");
  }
  CERTRELAY_TRY(remarks.label.text, labels.take("common", "remarks"));
  remarks.label.box = {label.low,
                       remarks.top,
                       label.high,
                       remarks.top + remarks.row,
                       padding_of(defaults, remarks.label.text),
                       defaults.label_size};
  return ok();
}

Result<PlaceGrid::At> read_at(FormTable& table, std::string_view name) {
  PlaceGrid::At out{};
  auto at = table.table(name, "template: place");
  at.length("x", out.x).length("baseline", out.baseline).size("size", out.size);
  CERTRELAY_TRY(at.end());
  return out;
}

// Stays inside the margin.
Result<void> read_code(FormTable& place, PlaceGrid& places) {
  if (!place.has("code")) return ok();
  auto table = place.table("code", "template: place.code");
  auto& code = places.code.emplace();
  table.length("left", code.left).length("top", code.top).length("edge", code.edge);
  CERTRELAY_TRY(table.end());
  if (code.left < kMargin || code.top < kMargin || code.edge < kSmallestCode ||
      code.left + code.edge > kPageWidth - kMargin ||
      code.top + code.edge > kPageHeight - kMargin) {
    return invalid_template("template: place.code");
  }
  return ok();
}

Result<void> read_places(FormTable& root, FormGrid& grid) {
  auto& places = grid.places;
  auto table = root.table("place", "template: place");
  auto title = table.table("title", "template: place.title");
  title.length("centre", places.title.centre).length("pitch", places.title.pitch);
  title.length("middle", places.title.middle).size("size", places.title.size);
  CERTRELAY_TRY(title.end());
  CERTRELAY_TRY(places.sentence, read_at(table, "sentence"));
  CERTRELAY_TRY(places.issue_day, read_at(table, "issue_day"));
  CERTRELAY_TRY(places.seal_note, read_at(table, "seal_note"));
  auto office = table.table("office", "template: place.office");
  office.length("right", places.office.right).length("width", places.office.width);
  office.length("baseline", places.office.baseline).size("size", places.office.size);
  office.length("name_left", places.office.name_left);
  office.length("name_width", places.office.name_width).size("name_size", places.office.name_size);
  CERTRELAY_TRY(office.end());
  auto seal = table.table("seal", "template: place.seal");
  seal.length("centre", places.seal.centre).length("top", places.seal.top);
  seal.length("edge", places.seal.edge);
  CERTRELAY_TRY(seal.end());
  auto foot = table.table("foot", "template: place.foot");
  foot.lengths("x", {&places.foot.left, &places.foot.right}).length("rule", places.foot.rule);
  foot.length("baseline", places.foot.baseline).size("size", places.foot.size);
  CERTRELAY_TRY(foot.end());
  CERTRELAY_TRY(read_code(table, places));
  return table.end();
}

}  // namespace

CellBox remark_box(const RemarkGrid& remarks, std::size_t row) {
  const auto top = remarks.top + remarks.row * static_cast<Micrometres>(row);
  return {remarks.left, top, remarks.right, top + remarks.row, remarks.padding, remarks.size};
}

Result<FormGrid> read_grid(FormTable& root, const std::string& mark) {
  FormGrid grid;
  CERTRELAY_TRY(auto labels, Labels::read(root));
  CERTRELAY_TRY(const auto defaults, read_defaults(root));
  CERTRELAY_TRY(read_sheet(root, grid));
  CERTRELAY_TRY(read_header(root, labels, grid));
  CERTRELAY_TRY(read_cells(root, defaults, mark, labels, grid));
  auto lines = root.table("lines", "template: lines");
  CERTRELAY_TRY(read_lines(lines, "horizontal", false, grid.lines));
  CERTRELAY_TRY(read_lines(lines, "vertical", true, grid.lines));
  CERTRELAY_TRY(lines.end());
  CERTRELAY_TRY(read_remarks(root, defaults, labels, grid));
  CERTRELAY_TRY(read_places(root, grid));
  CERTRELAY_TRY(labels.expect_all_used());
  return grid;
}

}  // namespace certrelay
