#include "tests/unit/extract/sample_extract.hpp"

#include "protocol/base/codec.hpp"
#include "protocol/extract/card_table.hpp"

namespace certrelay::sample {
namespace {

template <class Rows>
std::string table_text(Table table, const Rows& rows) {
  std::string out;
  append_csv_row(out, header_cells(table));
  for (const auto& row : rows) append_csv_row(out, cells_of(row));
  return out;
}

}  // namespace

PersonId person_id(std::uint64_t number) { return person_of(number); }
HouseholdId household_id(std::uint64_t number) {
  return HouseholdId::parse(person_of(number).text()).value();
}
PersonalText text(std::string_view value) { return PersonalText(std::string(value)); }
RegisterDate date(std::string_view iso) { return RegisterDate::parse(iso).value(); }
Bytes issuer_der() {
  return {0x30, 0x0D, 0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 0x4A, 0x50};
}

Bytes png() {
  ByteWriter out;
  out.raw(Bytes{0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 'I', 'H', 'D', 'R'});
  out.u32(96);
  out.u32(48);
  out.raw(Bytes{1, 0, 0, 0, 0});
  return std::move(out).take();
}

Household household(std::uint64_t number, std::size_t members) {
  const auto id = household_id(number);
  Household out{{id, person_id(number * 10 + 1), text("土佐みなと市本町一丁目１番見本号"),
                 text("見本　太郎"), static_cast<std::uint16_t>(members), HouseholdGate::kOpen},
                {}};
  for (std::size_t i = 0; i < members; ++i) {
    PersonRecord person{.person = person_id(number * 10 + i + 1), .household = id};
    person.order = static_cast<std::uint16_t>(i + 1);
    person.resident_class_text = text("日本人");
    person.name = text(i == 0 ? "見本　太郎" : "見本　花子");
    person.kana = text(i == 0 ? "ミホン　タロウ" : "ミホン　ハナコ");
    person.kana_fixed = true;
    person.birth = date("1980-02-29");
    person.sex = i == 0 ? Sex::kMale : Sex::kFemale;
    person.sex_text = text(i == 0 ? "男" : "女");
    person.relation = i == 0 ? Relation::kHead : Relation::kSpouse;
    person.relation_text = text(i == 0 ? "世帯主" : "妻");
    person.resident_since = date("2001-04-01");
    person.registered_domicile = text("高知県見本市桟橋通１丁目");
    person.register_head = text("見本　太郎");
    out.members.push_back(std::move(person));
  }
  return out;
}

CardRecord card_of(const PersonId& person) {
  ByteWriter serial;
  serial.u8(1);
  serial.u64(to_number(person));
  return {0, std::move(serial).take(), parse_iso_day("2026-11-01").value(), person};
}

CardKey key_of(const CardRecord& card) { return {issuer_der(), card.serial}; }

Catalogue catalogue() {
  const auto purpose = PurposeCode::parse("GENERAL").value();
  return {{{CertificateKind::kJuminhyo, "住民票の写し", true, false}},
          {{purpose, "一般"}},
          {{EntryCode::parse(kEntryHeadRelation).value(), "世帯主・続柄", false, true},
           {EntryCode::parse(kEntryDomicile).value(), "本籍・筆頭者", false, true}},
          {{CertificateKind::kJuminhyo, purpose, 200, FeeUnit::kPerCopy,
            parse_iso_day("2020-04-01").value()}}};
}

Content content(std::size_t households) {
  Content out{.catalogue = catalogue(), .households = {}, .cards = {}, .images = {}};
  for (std::size_t i = 0; i < households; ++i) {
    out.households.push_back(household(i + 1, 3 - i % 3));
    for (const auto& member : out.households.back().members) {
      out.cards.push_back(card_of(member.person));
    }
  }
  return out;
}

IndividualNumber individual_number(std::uint64_t running) {
  auto digits = std::to_string(running);
  digits.insert(0, IndividualNumber::kDigits - 1 - digits.size(), '0');
  return IndividualNumber::parse(digits + IndividualNumber::check_digit(digits)).value();
}

Content numbered(std::size_t households) {
  auto out = content(households);
  out.numbers = IndividualNumbers::kHeld;
  out.catalogue.kinds[0].individual_number = true;
  for (auto& household : out.households) {
    for (auto& member : household.members) {
      member.individual_number = individual_number(to_number(member.person));
    }
  }
  return out;
}

void refresh(Extract& extract) {
  extract.manifest.files.clear();
  const auto add = [&](const std::string& name) {
    const auto& bytes = extract.files.at(name);
    extract.manifest.files.push_back({name, bytes.size(), sha256(bytes)});
  };
  for (const auto& table : extract_tables()) {
    if (table.file == table_info(Table::kCards).file) {
      for (const auto& [name, bytes] : extract.files) {
        if (name.starts_with(kImageFolder)) add(name);
      }
    }
    add(std::string(table.file));
  }
}

Extract extract(const Content& content) {
  Extract out{{.municipality = MunicipalityCode::parse("392901").value()}, {}};
  std::vector<HouseholdRecord> households;
  std::vector<PersonRecord> persons;
  for (const auto& household : content.households) {
    households.push_back(household.household);
    persons.insert(persons.end(), household.members.begin(), household.members.end());
  }
  out.files["kinds.csv"] = table_text(Table::kKinds, content.catalogue.kinds);
  out.files["purposes.csv"] = table_text(Table::kPurposes, content.catalogue.purposes);
  out.files["entries.csv"] = table_text(Table::kEntries, content.catalogue.entries);
  out.files["fees.csv"] = table_text(Table::kFees, content.catalogue.fees);
  out.files["cards.csv"] = table_text(Table::kCards, content.cards);
  out.files["households.csv"] = table_text(Table::kHouseholds, households);
  auto& text = out.files["persons.csv"];
  append_csv_row(text, header_cells(Table::kPersons, content.numbers));
  for (const auto& person : persons) append_csv_row(text, cells_of(person, content.numbers));
  for (const auto& [name, bytes] : content.images) {
    out.files[std::string(kImageFolder) + name] = std::string(as_text(bytes));
  }
  out.manifest.generation = content.generation;
  out.manifest.numbers = content.numbers;
  out.manifest.base_generation = 0;
  out.manifest.persons = persons.size();
  out.manifest.households = households.size();
  out.manifest.cards = content.cards.size();
  out.manifest.created = parse_rfc3339("2026-11-22T02:00:00+09:00").value();
  out.manifest.operator_name = "mihon-01";
  out.manifest.issuers = {issuer_der()};
  refresh(out);
  return out;
}

Result<std::unique_ptr<ByteSource>> MemoryFiles::open(std::string_view name) {
  const auto found = extract_->files.find(std::string(name));
  if (found == extract_->files.end()) return Error{ErrorCode::kNotFound, "memory"};
  return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(as_bytes(found->second)));
}

}  // namespace certrelay::sample
