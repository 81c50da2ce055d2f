#include "protocol/extract/change.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "protocol/base/bytes.hpp"
#include "protocol/base/json.hpp"
#include "protocol/extract/manifest.hpp"
#include "protocol/extract/name_images.hpp"
#include "protocol/extract/record_codec.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kChangeDepthMax = 6;
constexpr Error kMalformedChange{ErrorCode::kChangeMalformed, "change: envelope"};

class ChangeReader {
 public:
  ChangeReader(Diagnostics& diagnostics, IndividualNumbers numbers)
      : diagnostics_(diagnostics), numbers_(numbers) {}

  Result<ReadChange> read(JsonObject& in) {
    CERTRELAY_TRY(issuers(in));
    CERTRELAY_TRY(households(in));
    CERTRELAY_TRY(persons(in, "deleted", out_.change.deleted));
    CERTRELAY_TRY(persons(in, "deceased", out_.change.deceased));
    CERTRELAY_TRY(added_cards(in));
    CERTRELAY_TRY(removed_cards(in));
    CERTRELAY_TRY(images(in));
    CERTRELAY_TRY(in.expect_no_more());
    report_twins();
    return std::move(out_);
  }

 private:
  Result<const boost::json::array*> list(JsonObject& in, std::string_view name) {
    CERTRELAY_TRY(const auto* array, in.array(name));
    if (array->size() > kChangeListMax) return Error{ErrorCode::kLimitExceeded, "change: list"};
    return array;
  }

  Result<void> issuers(JsonObject& in) {
    CERTRELAY_TRY(const auto* array, list(in, "issuers"));
    if (array->size() > kIssuersMax) return Error{ErrorCode::kLimitExceeded, "change: issuers"};
    for (const auto& element : *array) {
      if (!element.is_string()) return kMalformedChange;
      auto name = from_base64(std::string_view(element.get_string()));
      if (!name || name.value().empty() || name.value().size() > kIssuerBytesMax) {
        return kMalformedChange;
      }
      issuers_.push_back(std::move(name).value());
    }
    return ok();
  }

  // The record's cells in the schema's order. A cell that is not there, not a text, or too long,
  // and a member that the schema lacks, is a fault of the record.
  std::vector<std::string_view> cells_of(const boost::json::object& in, Table table,
                                         std::uint64_t line) {
    std::vector<std::string_view> cells;
    std::size_t known = 0;
    for (const auto& column : table_columns(table, numbers_)) {
      const auto* cell = in.if_contains(column.name);
      if (cell != nullptr) ++known;
      const bool fits =
          cell != nullptr && cell->is_string() && cell->get_string().size() <= kCsvCellBytesMax;
      if (!fits) {
        reject(table, line, column.name, "cell", "すべての項目を文字列で入れてください。");
      }
      cells.push_back(fits ? std::string_view(cell->get_string()) : std::string_view{});
    }
    if (known != in.size()) {
      reject(table, line, {}, "unknown-column", "定義にない項目があります。");
    }
    return cells;
  }

  // An id must be readable whatever else is wrong: it says whom the change concerns.
  template <class Id>
  static Result<Id> id_in(const boost::json::object& in, std::string_view name) {
    const auto* value = in.if_contains(name);
    if (value == nullptr || !value->is_string()) return kMalformedChange;
    auto id = Id::parse(std::string_view(value->get_string()));
    if (!id) return kMalformedChange;
    return id;
  }

  Result<void> households(JsonObject& in) {
    CERTRELAY_TRY(const auto* array, list(in, "households"));
    for (const auto& element : *array) {
      CERTRELAY_TRY(auto one, JsonObject::from(element));
      CERTRELAY_TRY(household(one));
    }
    return ok();
  }

  Result<void> household(JsonObject& in) {
    const auto* about = in.optional("household");
    CERTRELAY_TRY(const auto* members, in.array("members"));
    CERTRELAY_TRY(in.expect_no_more());
    if (about == nullptr || !about->is_object()) return kMalformedChange;
    CERTRELAY_TRY(auto id, id_in<HouseholdId>(about->get_object(), "household_id"));
    const std::uint64_t line = ++household_lines_;
    const auto cells = cells_of(about->get_object(), Table::kHouseholds, line);
    RowCursor cursor(Table::kHouseholds, cells, line, household_file_, diagnostics_);
    auto record = decode_household(cursor);
    std::vector<PersonRecord> people;
    std::vector<std::uint64_t> lines;
    for (const auto& element : *members) {
      CERTRELAY_TRY(person(element, id, people, lines));
    }
    out_.households.push_back(std::move(id));
    if (!record || people.size() != members->size()) return ok();
    HouseholdRows rows{std::move(record).value(), line, std::move(people), std::move(lines)};
    if (check_household(rows, diagnostics_)) out_.change.households.push_back(std::move(rows));
    return ok();
  }

  Result<void> person(const boost::json::value& in, const HouseholdId& household,
                      std::vector<PersonRecord>& people, std::vector<std::uint64_t>& lines) {
    if (!in.is_object()) return kMalformedChange;
    CERTRELAY_TRY(auto id, id_in<PersonId>(in.get_object(), "person_id"));
    const std::uint64_t line = ++person_lines_;
    if (line > kChangeListMax) return Error{ErrorCode::kLimitExceeded, "change: members"};
    out_.persons.push_back(std::move(id));
    person_lines_of_.push_back(line);
    const auto cells = cells_of(in.get_object(), Table::kPersons, line);
    RowCursor cursor(Table::kPersons, cells, line, person_file_, diagnostics_);
    auto record = decode_person(cursor);
    if (!record) return ok();
    if (record.value().household != household) {
      reject(Table::kPersons, line, "household_id", "other-household",
             "世帯番号が、その世帯のものと違います。");
    }
    people.push_back(std::move(record).value());
    lines.push_back(line);
    return ok();
  }

  Result<void> persons(JsonObject& in, std::string_view name, std::vector<PersonId>& to) {
    CERTRELAY_TRY(const auto* array, list(in, name));
    for (const auto& element : *array) {
      if (!element.is_string()) return kMalformedChange;
      auto id = PersonId::parse(std::string_view(element.get_string()));
      if (!id) return kMalformedChange;
      to.push_back(id.value());
      out_.persons.push_back(std::move(id).value());
      person_lines_of_.push_back(0);
    }
    return ok();
  }

  Result<void> added_cards(JsonObject& in) {
    CERTRELAY_TRY(const auto* array, list(in, "cards_added"));
    for (const auto& element : *array) {
      if (!element.is_object()) return kMalformedChange;
      CERTRELAY_TRY(auto person, id_in<PersonId>(element.get_object(), "person_id"));
      card_persons_.push_back(person);
      const std::uint64_t line = ++card_lines_;
      const auto cells = cells_of(element.get_object(), Table::kCards, line);
      RowCursor cursor(Table::kCards, cells, line, card_file_, diagnostics_);
      auto card = decode_card(cursor);
      if (!card) continue;
      if (card.value().issuer >= issuers_.size()) {
        reject(Table::kCards, line, "issuer", "unknown-issuer", "issuersにない番号です。");
        continue;
      }
      out_.change.cards_added.push_back({std::move(person),
                                         {issuers_[card.value().issuer], card.value().serial},
                                         card.value().valid_from,
                                         line});
    }
    return ok();
  }

  // Without the person and the day: `issuer` and `serial` alone.
  Result<void> removed_cards(JsonObject& in) {
    CERTRELAY_TRY(const auto* array, list(in, "cards_removed"));
    for (const auto& element : *array) {
      CERTRELAY_TRY(auto card, JsonObject::from(element));
      CERTRELAY_TRY(const auto issuer, card.string("issuer"));
      CERTRELAY_TRY(const auto text, card.string("serial"));
      CERTRELAY_TRY(card.expect_no_more());
      const auto serial = from_hex(text);
      const bool fits = serial && !serial.value().empty() &&
                        serial.value().size() <= kSerialBytesMax && issuer.size() == 1 &&
                        issuer[0] >= '0' && issuer[0] <= '9' &&
                        static_cast<std::size_t>(issuer[0] - '0') < issuers_.size();
      if (!fits) return kMalformedChange;
      out_.change.cards_removed.push_back(
          {issuers_[static_cast<std::size_t>(issuer[0] - '0')], serial.value()});
    }
    return ok();
  }

  Result<void> images(JsonObject& in) {
    CERTRELAY_TRY(const auto* array, list(in, "images"));
    for (const auto& element : *array) {
      CERTRELAY_TRY(auto image, JsonObject::from(element));
      CERTRELAY_TRY(const auto name, image.string("name"));
      CERTRELAY_TRY(const auto text, image.string("png"));
      CERTRELAY_TRY(image.expect_no_more());
      auto png = from_base64(text);
      if (!is_image_name(name) || !png) return kMalformedChange;
      if (!is_name_image(png.value())) {
        reject(Table::kPersons, 0, "name_image", "image-form",
               "高さ48ピクセル・1ビットのPNGにしてください。");
      }
      out_.change.images.insert_or_assign(std::string(name), std::move(png).value());
    }
    return ok();
  }

  // Nobody and no household stands twice in one change, whatever the lists.
  void report_twins() {
    std::set<HouseholdId> households;
    for (std::size_t i = 0; i < out_.households.size(); ++i) {
      if (households.insert(out_.households[i]).second) continue;
      reject(Table::kHouseholds, i + 1, "household_id", "double-id",
             "同じ世帯が1つの異動に2回あります。");
    }
    std::set<PersonId> persons;
    for (std::size_t i = 0; i < out_.persons.size(); ++i) {
      if (persons.insert(out_.persons[i]).second) continue;
      reject(Table::kPersons, person_lines_of_[i], "person_id", "double-id",
             "同じ人が1つの異動に2回あります。");
    }
    out_.persons.insert(out_.persons.end(), card_persons_.begin(), card_persons_.end());
  }

  void reject(Table table, std::uint64_t line, std::string_view column, std::string_view rule,
              std::string_view mend) {
    diagnostics_.reject({std::string(table_info(table).file), line, column, rule, mend});
  }

  Diagnostics& diagnostics_;
  IndividualNumbers numbers_;
  ReadChange out_;
  std::vector<Bytes> issuers_;
  std::vector<PersonId> card_persons_;
  std::vector<std::uint64_t> person_lines_of_;  // of out_.persons
  std::uint64_t household_lines_ = 0;
  std::uint64_t person_lines_ = 0;
  std::uint64_t card_lines_ = 0;
  const std::string household_file_{table_info(Table::kHouseholds).file};
  const std::string person_file_{table_info(Table::kPersons).file};
  const std::string card_file_{table_info(Table::kCards).file};
};

boost::json::object object_of(std::span<const ColumnInfo> columns,
                              const std::vector<std::string>& cells) {
  boost::json::object out;
  for (std::size_t i = 0; i < cells.size(); ++i) out[columns[i].name] = cells[i];
  return out;
}

boost::json::array ids_of(const std::vector<PersonId>& persons) {
  boost::json::array out;
  for (const auto& person : persons) out.emplace_back(person.text());
  return out;
}

// Each issuer once, in the order of its first use.
class IssuerList {
 public:
  std::uint8_t index(const Bytes& issuer) {
    const auto found = std::find(issuers_.begin(), issuers_.end(), issuer);
    if (found != issuers_.end()) return static_cast<std::uint8_t>(found - issuers_.begin());
    issuers_.push_back(issuer);
    return static_cast<std::uint8_t>(issuers_.size() - 1);
  }
  boost::json::array json() const {
    boost::json::array out;
    for (const auto& issuer : issuers_) out.emplace_back(to_base64(issuer));
    return out;
  }

 private:
  std::vector<Bytes> issuers_;
};

}  // namespace

Result<ReadChange> decode_change(ByteView body, Diagnostics& diagnostics,
                                 IndividualNumbers numbers) {
  CERTRELAY_TRY(const auto value, parse_strict_json(as_text(body), {.bytes_max = kChangeBytesMax,
                                                                    .depth_max = kChangeDepthMax}));
  auto object = JsonObject::from(value);
  if (!object) return kMalformedChange;
  auto out = ChangeReader(diagnostics, numbers).read(object.value());
  if (!out && out.error().code != ErrorCode::kLimitExceeded) return kMalformedChange;
  return out;
}

Result<Bytes> encode(const RegisterChange& change, IndividualNumbers numbers) {
  const auto columns = [&](Table table) { return table_columns(table, numbers); };
  IssuerList issuers;
  boost::json::array households;
  for (const auto& rows : change.households) {
    boost::json::array members;
    for (const auto& member : rows.members) {
      members.emplace_back(object_of(columns(Table::kPersons), cells_of(member, numbers)));
    }
    households.emplace_back(boost::json::object{
        {"household", object_of(columns(Table::kHouseholds), cells_of(rows.household))},
        {"members", members}});
  }
  boost::json::array added;
  for (const auto& card : change.cards_added) {
    const CardRecord record{issuers.index(card.card.issuer_der), card.card.serial, card.valid_from,
                            card.person};
    added.emplace_back(object_of(columns(Table::kCards), cells_of(record)));
  }
  boost::json::array removed;
  for (const auto& card : change.cards_removed) {
    removed.emplace_back(
        boost::json::object{{"issuer", std::to_string(issuers.index(card.issuer_der))},
                            {"serial", to_hex(card.serial)}});
  }
  boost::json::array images;
  for (const auto& [name, png] : change.images) {
    images.emplace_back(boost::json::object{{"name", name}, {"png", to_base64(png)}});
  }
  const auto text = to_json_text(boost::json::object{{"issuers", issuers.json()},
                                                     {"households", std::move(households)},
                                                     {"deleted", ids_of(change.deleted)},
                                                     {"deceased", ids_of(change.deceased)},
                                                     {"cards_added", std::move(added)},
                                                     {"cards_removed", std::move(removed)},
                                                     {"images", std::move(images)}});
  if (text.size() > kChangeBytesMax) return Error{ErrorCode::kLimitExceeded, "change: size"};
  return Bytes(text.begin(), text.end());
}

}  // namespace certrelay
