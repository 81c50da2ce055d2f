#include "protocol/extract/manifest.hpp"
#include "protocol/extract/record_codec.hpp"

namespace certrelay {
namespace {

constexpr Error kBadRow{ErrorCode::kExtractInvalid, "extract: row"};
constexpr std::uint64_t kOrderMax = kHouseholdMembersMax;

CertificateKind kind_of(RowCursor& cursor) {
  auto kind = parse_certificate_kind(cursor.take());
  if (kind) return kind.value();
  cursor.fault("unknown-code", "証明書の種別はjuminhyoかkisai_jikoです。", ErrorCode::kUnknownItem);
  return CertificateKind::kJuminhyo;
}

// One item of the cell: label, name, date, date's text, place, TABs between.
Result<RemarkRecord> remark_of(std::string_view item) {
  std::array<std::string_view, 5> parts;
  std::size_t count = 0;
  for (std::size_t at = 0; count < parts.size(); ++count) {
    const auto end = item.find('\t', at);
    parts.at(count) = item.substr(at, end - at);
    if (end == std::string_view::npos) break;
    at = end + 1;
    if (count + 1 == parts.size()) return kBadRow;
  }
  RemarkRecord out{PersonalText(std::string(parts[0])), PersonalText(std::string(parts[1])),
                   RegisterDate{}, PersonalText(std::string(parts[4]))};
  if (!parts[2].empty()) {
    CERTRELAY_TRY(out.date, RegisterDate::parse(parts[2]));
  }
  out.date.text = PersonalText(std::string(parts[3]));
  const bool empty = out.label.empty() && out.name.empty() && out.date.empty() && out.place.empty();
  if (empty) return kBadRow;
  return out;
}

std::vector<RemarkRecord> remarks_of(RowCursor& cursor) {
  std::vector<RemarkRecord> out;
  const auto cell = cursor.take();
  for (const char c : cell) {
    const auto code = static_cast<unsigned char>(c);
    if ((code < 0x20 && c != '\n' && c != '\t') || code == 0x7F) {
      cursor.fault("control-character", "備考に使える制御文字は改行とタブだけです。");
      return out;
    }
  }
  for (std::size_t at = 0; !cell.empty() && at != std::string_view::npos;) {
    const auto end = cell.find('\n', at);
    auto remark = remark_of(cell.substr(at, end - at));
    if (!remark) {
      cursor.fault("remark",
                   "備考は1行に1件、項目名・名称・年月日・表示・市区町村をタブ区切りで。");
      return out;
    }
    out.push_back(std::move(remark).value());
    at = end == std::string_view::npos ? end : end + 1;
  }
  if (out.size() > kRemarksMax) cursor.fault("too-many-remarks", "備考は12件以内です。");
  return out;
}

std::string image_of(RowCursor& cursor) {
  const auto cell = cursor.take();
  if (!cell.empty() && !is_image_name(cell)) {
    cursor.fault("image-name", "画像名は英小文字・数字・ハイフンと.pngだけです。");
  }
  return std::string(cell);
}

void take_foreign_items(RowCursor& cursor, PersonRecord& out) {
  out.nationality = cursor.text(Presence::kOptional);
  out.residence_category = cursor.text(Presence::kOptional);
  out.residence_card_number = cursor.text(Presence::kOptional);
  out.residence_status = cursor.text(Presence::kOptional);
  out.residence_period = cursor.text(Presence::kOptional);
  out.residence_expiry = cursor.date(Presence::kOptional);
  out.foreign_since = cursor.date(Presence::kOptional);
  out.alias = cursor.text(Presence::kOptional);
  out.alias_kana = cursor.text(Presence::kOptional);
}

// Where it is held, the last cell of a person's row.
void take_number(RowCursor& cursor, PersonRecord& out) {
  const auto cell = cursor.take();
  if (cell.empty()) return;
  auto number = IndividualNumber::parse(cell);
  if (number) {
    out.individual_number = number.value();
  } else {
    cursor.fault("individual-number", "個人番号は検査用数字の正しい12桁です。");
  }
  const bool dead = out.member_gate == MemberGate::kDeathReported ||
                    out.applicant_gate == ApplicantGate::kDeceased;
  if (dead) {  // R49
    cursor.fault("number-of-the-dead", "死亡した人の個人番号は連携できません。空にしてください。");
  }
}

}  // namespace

Result<KindRecord> decode_kind(RowCursor& cursor) {
  KindRecord out;
  out.kind = kind_of(cursor);
  out.name = cursor.plain_text(Presence::kRequired);
  out.inquiry = cursor.flag();
  out.individual_number = cursor.flag();
  if (cursor.bad()) return kBadRow;
  return out;
}

Result<PurposeRecord> decode_purpose(RowCursor& cursor) {
  auto purpose = cursor.id<PurposeCode>();
  auto name = cursor.plain_text(Presence::kRequired);
  if (cursor.bad()) return kBadRow;
  return PurposeRecord{*std::move(purpose), std::move(name)};
}

Result<EntryRecord> decode_entry(RowCursor& cursor) {
  auto entry = cursor.id<EntryCode>();
  if (entry && !is_known_entry(*entry)) {
    cursor.fault("unknown-code", "記載項目のコードはFORMAT.mdにあるものだけです。",
                 ErrorCode::kUnknownItem);
  }
  auto name = cursor.plain_text(Presence::kRequired);
  const bool included = cursor.flag();
  const bool selectable = cursor.flag();
  if (cursor.bad()) return kBadRow;
  return EntryRecord{*std::move(entry), std::move(name), included, selectable};
}

Result<FeeRecord> decode_fee(RowCursor& cursor) {
  const auto kind = kind_of(cursor);
  auto purpose = cursor.id<PurposeCode>();
  const auto price = cursor.number(0, static_cast<std::uint64_t>(kYenMax));
  auto unit = parse_fee_unit(cursor.take());
  if (!unit) {
    cursor.fault("unknown-code", "徴収単位はper_copyかper_sheetです。", ErrorCode::kUnknownItem);
  }
  const auto from = cursor.day(Presence::kRequired);
  if (cursor.bad()) return kBadRow;
  return FeeRecord{kind, *std::move(purpose), static_cast<std::uint32_t>(price), unit.value(),
                   *from};
}

Result<CardRecord> decode_card(RowCursor& cursor) {
  const auto issuer = cursor.number(0, kIssuersMax - 1);
  auto serial = cursor.hex(kSerialBytesMax);
  const auto from = cursor.day(Presence::kRequired);
  auto person = cursor.id<PersonId>();
  if (cursor.bad()) return kBadRow;
  return CardRecord{static_cast<std::uint8_t>(issuer), std::move(serial), *from,
                    *std::move(person)};
}

Result<HouseholdRecord> decode_household(RowCursor& cursor) {
  auto household = cursor.id<HouseholdId>();
  auto head = cursor.id<PersonId>();
  auto address = cursor.text(Presence::kRequired);
  auto head_name = cursor.text(Presence::kRequired);
  const auto members = cursor.number(1, kOrderMax);
  const auto gate = cursor.gate(kHouseholdGates);
  if (cursor.bad()) return kBadRow;
  return HouseholdRecord{*std::move(household),
                         *std::move(head),
                         std::move(address),
                         std::move(head_name),
                         static_cast<std::uint16_t>(members),
                         gate};
}

Result<PersonRecord> decode_person(RowCursor& cursor) {
  auto person = cursor.id<PersonId>();
  auto household = cursor.id<HouseholdId>();
  if (!person || !household) return kBadRow;
  PersonRecord out{.person = *std::move(person), .household = *std::move(household)};
  out.order = static_cast<std::uint16_t>(cursor.number(1, kOrderMax));
  out.resident_class = cursor.code(kResidentClasses);
  out.resident_class_text = cursor.text(Presence::kRequired);
  out.name = cursor.text(Presence::kRequired);
  out.kana = cursor.text(Presence::kOptional);
  out.kana_fixed = cursor.flag();
  out.name_image_file = image_of(cursor);
  out.birth = cursor.date(Presence::kRequired);
  out.sex = cursor.code(kSexes);
  out.sex_text = cursor.text(Presence::kRequired);
  out.relation = cursor.code(kRelations);
  out.relation_text = cursor.text(Presence::kRequired);
  out.former_name = cursor.text(Presence::kOptional);
  out.former_name_kana = cursor.text(Presence::kOptional);
  out.resident_since = cursor.date(Presence::kOptional);
  out.address_since = cursor.date(Presence::kOptional);
  out.notified = cursor.date(Presence::kOptional);
  out.registered_domicile = cursor.text(Presence::kOptional);
  out.register_head = cursor.text(Presence::kOptional);
  out.previous_address = cursor.text(Presence::kOptional);
  take_foreign_items(cursor, out);
  out.remarks = remarks_of(cursor);
  out.member_gate = cursor.gate(kMemberGates);
  out.applicant_gate = cursor.code(kApplicantGates);
  out.applicant_gate_from = cursor.day(Presence::kOptional);
  if (out.applicant_gate_from && out.applicant_gate == ApplicantGate::kOpen) {
    cursor.fault("gate-differs", "適用開始日には事由が必要です。");
  }
  if (cursor.more()) take_number(cursor, out);
  if (cursor.bad()) return kBadRow;
  return out;
}

}  // namespace certrelay
