#include "protocol/extract/record_codec.hpp"

namespace certrelay {
namespace {

std::string text(std::string_view view) { return std::string(view); }
std::string text(const PersonalText& value) { return std::string(value.reveal()); }
std::string flag(bool value) { return value ? "1" : "0"; }
std::string iso_of(const RegisterDate& date) { return date.year == 0 ? "" : date.iso(); }

void append_date(std::vector<std::string>& out, const RegisterDate& date) {
  out.push_back(iso_of(date));
  out.push_back(text(date.text));
}

std::string remarks_cell(const std::vector<RemarkRecord>& remarks) {
  std::string out;
  for (const auto& remark : remarks) {
    if (!out.empty()) out.push_back('\n');
    std::string item = text(remark.label) + '\t' + text(remark.name) + '\t' + iso_of(remark.date) +
                       '\t' + text(remark.date.text) + '\t' + text(remark.place);
    // Empty parts at the end are left out.
    item.erase(item.find_last_not_of('\t') + 1);
    out += item;
  }
  return out;
}

}  // namespace

bool is_known_entry(const EntryCode& entry) {
  return entry.text() == kEntryHeadRelation || entry.text() == kEntryDomicile ||
         entry.text() == kEntryForeignItems;
}

std::vector<std::string> cells_of(const KindRecord& record) {
  return {text(to_text(record.kind)), record.name, flag(record.inquiry),
          flag(record.individual_number)};
}

std::vector<std::string> cells_of(const PurposeRecord& record) {
  return {text(record.purpose.text()), record.name};
}

std::vector<std::string> cells_of(const EntryRecord& record) {
  return {text(record.entry.text()), record.name, flag(record.included_by_default),
          flag(record.selectable)};
}

std::vector<std::string> cells_of(const FeeRecord& record) {
  return {text(to_text(record.kind)), text(record.purpose.text()),
          std::to_string(record.unit_price_yen), text(to_text(record.unit)),
          to_iso_day(record.effective_from)};
}

std::vector<std::string> cells_of(const CardRecord& record) {
  return {std::to_string(record.issuer), to_hex(record.serial), to_iso_day(record.valid_from),
          text(record.person.text())};
}

std::vector<std::string> cells_of(const HouseholdRecord& record) {
  return {text(record.household.text()),
          text(record.head.text()),
          text(record.address),
          text(record.head_name),
          std::to_string(record.member_count),
          flag(record.gate == HouseholdGate::kOpen),
          text(name_of(kHouseholdGates, record.gate))};
}

std::vector<std::string> cells_of(const PersonRecord& r, IndividualNumbers numbers) {
  std::vector<std::string> out{text(r.person.text()),
                               text(r.household.text()),
                               std::to_string(r.order),
                               text(name_of(kResidentClasses, r.resident_class)),
                               text(r.resident_class_text),
                               text(r.name),
                               text(r.kana),
                               flag(r.kana_fixed),
                               r.name_image_file};
  append_date(out, r.birth);
  out.insert(out.end(),
             {text(name_of(kSexes, r.sex)), text(r.sex_text), text(name_of(kRelations, r.relation)),
              text(r.relation_text), text(r.former_name), text(r.former_name_kana)});
  append_date(out, r.resident_since);
  append_date(out, r.address_since);
  append_date(out, r.notified);
  out.insert(out.end(),
             {text(r.registered_domicile), text(r.register_head), text(r.previous_address),
              text(r.nationality), text(r.residence_category), text(r.residence_card_number),
              text(r.residence_status), text(r.residence_period)});
  append_date(out, r.residence_expiry);
  append_date(out, r.foreign_since);
  out.insert(out.end(),
             {text(r.alias), text(r.alias_kana), remarks_cell(r.remarks),
              flag(r.member_gate == MemberGate::kOpen), text(name_of(kMemberGates, r.member_gate)),
              text(name_of(kApplicantGates, r.applicant_gate)),
              r.applicant_gate_from ? to_iso_day(*r.applicant_gate_from) : ""});
  if (numbers == IndividualNumbers::kHeld) {
    out.push_back(r.individual_number ? text(r.individual_number->reveal()) : "");
  }
  return out;
}

std::vector<std::string> header_cells(Table table, IndividualNumbers numbers) {
  std::vector<std::string> out;
  for (const auto& column : table_columns(table, numbers)) out.emplace_back(column.name);
  return out;
}

}  // namespace certrelay
