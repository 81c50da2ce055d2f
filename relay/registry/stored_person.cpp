#include "relay/registry/stored_person.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "protocol/extract/card_table.hpp"
#include "relay/registry/stored_fields.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kVersionWithNumber = 2;  // a sealed number stands at the end
constexpr std::size_t kSealedNumberMax = 64;
constexpr std::size_t kMembersReserved = 20;  // a household; one that has more still fits

// One list of fields, walked by the writer and by the reader: they cannot disagree.
template <class Fields, class Person>
Result<void> person_fields(Fields& fields, Person& p) {
  for (auto* text :
       {&p.resident_class_text, &p.name, &p.kana, &p.sex_text, &p.relation_text, &p.former_name,
        &p.former_name_kana, &p.registered_domicile, &p.register_head, &p.previous_address,
        &p.nationality, &p.residence_category, &p.residence_card_number, &p.residence_status,
        &p.residence_period, &p.alias, &p.alias_kana}) {
    CERTRELAY_TRY(fields.text(*text));
  }
  for (auto* date : {&p.birth, &p.resident_since, &p.address_since, &p.notified,
                     &p.residence_expiry, &p.foreign_since}) {
    CERTRELAY_TRY(fields.date(*date));
  }
  CERTRELAY_TRY(fields.number(p.order));
  CERTRELAY_TRY(fields.code(p.resident_class));
  CERTRELAY_TRY(fields.code(p.sex));
  CERTRELAY_TRY(fields.code(p.relation));
  CERTRELAY_TRY(fields.code(p.member_gate));
  CERTRELAY_TRY(fields.code(p.applicant_gate));
  CERTRELAY_TRY(fields.flag(p.kana_fixed));
  CERTRELAY_TRY(fields.day(p.applicant_gate_from));
  CERTRELAY_TRY(fields.plain(p.name_image_file));
  CERTRELAY_TRY(fields.bytes(p.name_image));
  CERTRELAY_TRY(fields.list(p.remarks));
  for (auto& remark : p.remarks) {
    CERTRELAY_TRY(fields.text(remark.label));
    CERTRELAY_TRY(fields.text(remark.name));
    CERTRELAY_TRY(fields.date(remark.date));
    CERTRELAY_TRY(fields.text(remark.place));
  }
  return ok();
}

template <class Fields, class Household>
Result<void> household_fields(Fields& fields, Household& household) {
  CERTRELAY_TRY(fields.text(household.address));
  CERTRELAY_TRY(fields.text(household.head_name));
  CERTRELAY_TRY(fields.number(household.member_count));
  return fields.code(household.gate);
}

Result<HouseholdId> household_id(ByteReader& reader) {
  CERTRELAY_TRY(const auto text, reader.short_bytes(16));
  return HouseholdId::parse(as_text(text));
}

Result<PersonId> person_id(ByteReader& reader) {
  CERTRELAY_TRY(const auto text, reader.short_bytes(16));
  return PersonId::parse(as_text(text));
}

void write_cards(ByteWriter& out, const StoredPerson& stored) {
  CERTRELAY_CHECK(stored.cards.size() == stored.cards_valid_from.size());
  out.u16(static_cast<std::uint16_t>(stored.cards.size()));
  for (std::size_t i = 0; i < stored.cards.size(); ++i) {
    out.short_bytes(stored.cards[i].issuer_der);
    out.short_bytes(stored.cards[i].serial);
    write_day(out, stored.cards_valid_from[i]);
  }
}

Result<void> read_cards(ByteReader& reader, StoredPerson& out) {
  CERTRELAY_TRY(const auto count, reader.u16());
  for (std::size_t i = 0; i < count; ++i) {
    CERTRELAY_TRY(const auto issuer, reader.short_bytes(0xFFFF));
    CERTRELAY_TRY(const auto serial, reader.short_bytes(0xFFFF));
    CERTRELAY_TRY(const auto day, read_day(reader));
    out.cards.push_back({Bytes(issuer.begin(), issuer.end()), Bytes(serial.begin(), serial.end())});
    out.cards_valid_from.push_back(day);
  }
  return ok();
}

Result<StoredPerson> read_stored(ByteReader& reader) {
  CERTRELAY_TRY(const auto version, reader.u8());
  if (version != kVersion && version != kVersionWithNumber)
    return Error{ErrorCode::kStoreVersion, "stored person"};
  CERTRELAY_TRY(auto person, person_id(reader));
  CERTRELAY_TRY(auto household, household_id(reader));
  CERTRELAY_TRY(auto head, person_id(reader));
  // Built where it is returned: moving a record's forty texts costs as much as reading them.
  Result<StoredPerson> result =
      StoredPerson{PersonRecord{.person = std::move(person), .household = household},
                   HouseholdRecord{.household = std::move(household), .head = std::move(head)},
                   {},
                   {},
                   {}};
  StoredPerson& out = result.value();
  FieldReader fields(reader);
  CERTRELAY_TRY(person_fields(fields, out.person));
  CERTRELAY_TRY(household_fields(fields, out.household));
  CERTRELAY_TRY(const auto members, reader.u16());
  out.members.reserve(std::min<std::size_t>(members, kMembersReserved));
  for (std::size_t i = 0; i < members; ++i) {
    CERTRELAY_TRY(auto member, person_id(reader));
    out.members.push_back(std::move(member));
  }
  CERTRELAY_TRY(read_cards(reader, out));
  if (version == kVersionWithNumber) {
    SealedNumber number;
    CERTRELAY_TRY(number.slot, reader.u64());
    CERTRELAY_TRY(const auto sealed, reader.short_bytes(kSealedNumberMax));
    number.sealed.assign(sealed.begin(), sealed.end());
    out.number = std::move(number);
  }
  CERTRELAY_TRY(reader.expect_end());
  return result;
}

}  // namespace

Bytes encode(const StoredPerson& stored) {
  CERTRELAY_CHECK(!stored.person.individual_number);
  ByteWriter out;
  out.u8(stored.number ? kVersionWithNumber : kVersion);
  out.short_text(stored.person.person.text());
  out.short_text(stored.person.household.text());
  out.short_text(stored.household.head.text());
  FieldWriter fields(out);
  CERTRELAY_CHECK(person_fields(fields, stored.person).has_value());
  CERTRELAY_CHECK(household_fields(fields, stored.household).has_value());
  out.u16(static_cast<std::uint16_t>(stored.members.size()));
  for (const auto& member : stored.members) out.short_text(member.text());
  write_cards(out, stored);
  if (stored.number) {
    out.u64(stored.number->slot);
    out.short_bytes(stored.number->sealed);
  }
  return std::move(out).take();
}

Result<StoredPerson> decode_stored_person(ByteView bytes) {
  ByteReader reader(bytes);
  auto out = read_stored(reader);
  if (!out) out = Error{ErrorCode::kStoreCorrupt, "stored person: form"};
  return out;
}

}  // namespace certrelay
