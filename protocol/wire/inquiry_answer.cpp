#include <algorithm>

#include "protocol/base/names.hpp"
#include "protocol/wire/fee_json.hpp"
#include "protocol/wire/inquiry_message.hpp"

namespace certrelay {
namespace {

// Twenty members, each with a name image and long names, fit twice.
constexpr std::size_t kInquiryAnswerBodyMax = std::size_t{512} * 1024;
constexpr std::string_view kClosedReason = "90";  // 窓口でお尋ねください
constexpr Names<ResidentKind, 2> kResidentKinds{
    {{ResidentKind::kJapanese, "japanese"}, {ResidentKind::kForeign, "foreign"}}};

// Signature and IHDR of the one kind of picture that kiosks take (RFC 2083 §3.1, §4.1.1).
Result<void> check_name_image(const Bytes& png) {
  if (png.empty()) return ok();
  if (png.size() > kNameImageBytesMax) return Error{ErrorCode::kLimitExceeded, "name image: size"};
  constexpr std::array<std::uint8_t, 16> kStart{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                                                0,    0,   0,   13,  'I',  'H',  'D',  'R'};
  constexpr std::array<std::uint8_t, 4> kHeight{0, 0, 0, 48};
  constexpr std::array<std::uint8_t, 2> kBitsAndGrey{1, 0};
  constexpr std::size_t kHeightAt = 20;
  constexpr std::size_t kBitsAt = 24;
  const ByteView view(png);
  const bool fits = view.size() > kBitsAt + kBitsAndGrey.size() &&
                    std::ranges::equal(view.first(kStart.size()), kStart) &&
                    std::ranges::equal(view.subspan(kHeightAt, kHeight.size()), kHeight) &&
                    std::ranges::equal(view.subspan(kBitsAt, kBitsAndGrey.size()), kBitsAndGrey);
  if (!fits) return Error{ErrorCode::kMalformed, "name image: not a 1-bit PNG of 48 px"};
  return ok();
}

Result<void> check(const InquiryMember& member) {
  CERTRELAY_TRY(parse_resident_kind(to_text(member.resident_kind)));
  CERTRELAY_TRY(check_text(member.name_kana.reveal(), 0, kNameBytesMax));
  CERTRELAY_TRY(check_text(member.name.reveal(), 1, kNameBytesMax));
  CERTRELAY_TRY(check_name_image(member.name_image));
  CERTRELAY_TRY(check_text(member.birth_date.text.reveal(), 1, kBirthTextBytesMax));
  CERTRELAY_TRY(RegisterDate::parse(member.birth_date.iso()));
  return ok();
}

Result<void> check_menu(const InquiryAnswer& message) {
  CERTRELAY_TRY(check_count(message.purposes.size(), 1, kPurposesMax));
  CERTRELAY_TRY(check_count(message.entries.size(), 0, kEntriesMax));
  for (const auto& purpose : message.purposes) {
    CERTRELAY_TRY(check_text(purpose.name, 1, kLabelBytesMax));
  }
  for (const auto& entry : message.entries) {
    CERTRELAY_TRY(check_text(entry.name, 1, kLabelBytesMax));
  }
  CERTRELAY_TRY(check_unique(message.purposes, [](const auto& p) { return p.code.text(); }));
  return check_unique(message.entries, [](const auto& e) { return e.code.text(); });
}

Result<void> check(const InquiryAnswer& message) {
  CERTRELAY_TRY(check_count(message.members.size(), 1, kMembersMax));
  for (const auto& member : message.members) {
    CERTRELAY_TRY(check(member));
  }
  CERTRELAY_TRY(check_unique(message.members, [](const auto& m) { return m.handle; }));
  CERTRELAY_TRY(check_menu(message));
  return check_fees(message.fees, 1);
}

// A gate and its reason must agree: an open one has none, a closed one has 90.
Result<bool> gate_fields(JsonObject& in) {
  CERTRELAY_TRY(const bool issuable, in.boolean("issuable"));
  CERTRELAY_TRY(const auto reason, in.string("refusal_reason"));
  if (reason != (issuable ? std::string_view{} : kClosedReason)) {
    return Error{ErrorCode::kMalformed, "inquiry: gate and reason differ"};
  }
  return issuable;
}

Result<RegisterDate> birth_date_field(JsonObject& in) {
  CERTRELAY_TRY(auto date, in.object("birth_date"));
  CERTRELAY_TRY(const auto iso, date.string("iso"));
  CERTRELAY_TRY(const auto text, date.string("text"));
  CERTRELAY_TRY(date.expect_no_more());
  return RegisterDate::parse(iso, PersonalText(std::string(text)));
}

Result<InquiryMember> read_member(JsonObject& in) {
  CERTRELAY_TRY(const bool issuable, gate_fields(in));
  CERTRELAY_TRY(const auto handle, base64_array_field<16>(in, "handle"));
  CERTRELAY_TRY(const auto kind, parsed_field(in, "resident_kind", parse_resident_kind));
  CERTRELAY_TRY(const auto kana, in.string("name_kana"));
  CERTRELAY_TRY(const auto name, in.string("name"));
  Bytes image;
  if (in.has("name_image")) {
    CERTRELAY_TRY(image, base64_field(in, "name_image"));
    if (image.empty()) return Error{ErrorCode::kMalformed, "inquiry: empty name image"};
  }
  CERTRELAY_TRY(auto birth_date, birth_date_field(in));
  return InquiryMember{.handle = handle,
                       .issuable = issuable,
                       .resident_kind = kind,
                       .name_kana = PersonalText(std::string(kana)),
                       .name = PersonalText(std::string(name)),
                       .name_image = std::move(image),
                       .birth_date = std::move(birth_date)};
}

boost::json::value member_value(const InquiryMember& member) {
  boost::json::object out{{"issuable", member.issuable},
                          {"refusal_reason", member.issuable ? std::string_view{} : kClosedReason},
                          {"handle", to_base64(member.handle)},
                          {"resident_kind", to_text(member.resident_kind)},
                          {"name_kana", member.name_kana.reveal()},
                          {"name", member.name.reveal()}};
  if (!member.name_image.empty()) out["name_image"] = to_base64(member.name_image);
  out["birth_date"] = boost::json::object{{"iso", member.birth_date.iso()},
                                          {"text", member.birth_date.text.reveal()}};
  return out;
}

Result<InquiryPurpose> read_purpose(JsonObject& in) {
  CERTRELAY_TRY(auto code, id_field<PurposeCode>(in, "code"));
  CERTRELAY_TRY(const auto name, in.string("name"));
  return InquiryPurpose{std::move(code), std::string(name)};
}

Result<InquiryEntry> read_inquiry_entry(JsonObject& in) {
  CERTRELAY_TRY(auto code, id_field<EntryCode>(in, "code"));
  CERTRELAY_TRY(const auto name, in.string("name"));
  CERTRELAY_TRY(const bool included, in.boolean("default_include"));
  CERTRELAY_TRY(const bool selectable, in.boolean("selectable"));
  return InquiryEntry{std::move(code), std::string(name), included, selectable};
}

// In a 200 answer the household's gate is open: a closed one answers as an unknown card does.
Result<void> read_household(JsonObject& in) {
  CERTRELAY_TRY(auto household, in.object("household"));
  CERTRELAY_TRY(const bool issuable, gate_fields(household));
  if (!issuable) return Error{ErrorCode::kMalformed, "inquiry: household closed"};
  return household.expect_no_more();
}

Result<InquiryAnswer> read_answer(JsonObject& in) {
  CERTRELAY_TRY(const auto id, base64_array_field<16>(in, "identification_id"));
  CERTRELAY_TRY(const auto count, in.integer("member_count"));
  CERTRELAY_TRY(read_household(in));
  CERTRELAY_TRY(auto members,
                objects_field<InquiryMember>(in, "members", kMembersMax, read_member));
  if (std::cmp_not_equal(count, members.size())) {
    return Error{ErrorCode::kMalformed, "inquiry: member_count"};
  }
  CERTRELAY_TRY(auto purposes,
                objects_field<InquiryPurpose>(in, "purposes", kPurposesMax, read_purpose));
  CERTRELAY_TRY(auto entries,
                objects_field<InquiryEntry>(in, "entries", kEntriesMax, read_inquiry_entry));
  CERTRELAY_TRY(const bool number, in.boolean("individual_number_selectable"));
  CERTRELAY_TRY(auto fees, fees_field(in, "fees"));
  CERTRELAY_TRY(const bool menu, in.boolean("menu_required"));
  CERTRELAY_TRY(const auto nonce, base64_array_field<16>(in, "nonce"));
  InquiryAnswer message{.identification_id = id,
                        .members = std::move(members),
                        .purposes = std::move(purposes),
                        .entries = std::move(entries),
                        .individual_number_selectable = number,
                        .fees = std::move(fees),
                        .menu_required = menu,
                        .nonce = nonce};
  CERTRELAY_TRY(check(message));
  return message;
}

}  // namespace

std::string_view to_text(ResidentKind kind) { return name_of(kResidentKinds, kind); }
Result<ResidentKind> parse_resident_kind(std::string_view text) {
  return value_of(kResidentKinds, text, "resident_kind");
}

Result<InquiryAnswer> decode_inquiry_answer(ByteView body) {
  return decode_body<InquiryAnswer>(body, kInquiryAnswerBodyMax, read_answer);
}

Result<Bytes> encode(const InquiryAnswer& message) {
  CERTRELAY_TRY(check(message));
  const auto purposes = to_array_of(message.purposes, [](const InquiryPurpose& purpose) {
    return boost::json::object{{"code", purpose.code.text()}, {"name", purpose.name}};
  });
  const auto entries = to_array_of(message.entries, [](const InquiryEntry& entry) {
    return boost::json::object{{"code", entry.code.text()},
                               {"name", entry.name},
                               {"default_include", entry.default_include},
                               {"selectable", entry.selectable}};
  });
  return to_body(boost::json::object{
      {"identification_id", to_base64(message.identification_id)},
      {"member_count", message.members.size()},
      {"household", boost::json::object{{"issuable", true}, {"refusal_reason", ""}}},
      {"members", to_array_of(message.members, member_value)},
      {"purposes", purposes},
      {"entries", entries},
      {"individual_number_selectable", message.individual_number_selectable},
      {"fees", fees_value(message.fees)},
      {"menu_required", message.menu_required},
      {"nonce", to_base64(message.nonce)}});
}

}  // namespace certrelay
