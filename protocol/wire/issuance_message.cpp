#include "protocol/wire/issuance_message.hpp"

#include <charconv>

#include "protocol/base/check.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/fee.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kIssuanceBodyMax = std::size_t{8} * 1024;

Result<void> check(const IssuanceRequest& message) {
  CERTRELAY_TRY(check_count(message.members.size(), 1, kMembersMax));
  CERTRELAY_TRY(check_count(message.entries.size(), 0, kEntriesMax));
  CERTRELAY_TRY(check_unique(message.members, [](const MemberHandle& handle) { return handle; }));
  CERTRELAY_TRY(check_unique(message.entries, [](const auto& e) { return e.code.text(); }));
  if (message.copies < 1 || message.copies > kCopiesMax) {
    return Error{ErrorCode::kLimitExceeded, "issuance: copies"};
  }
  return ok();
}

Result<MemberHandle> read_handle(const boost::json::value& value) {
  if (!value.is_string()) return Error{ErrorCode::kWrongType, "issuance: handle"};
  CERTRELAY_TRY(const auto bytes, from_base64(value.get_string()));
  return to_array<16>(bytes);
}

Result<SelectedEntry> read_selected_entry(JsonObject& in) {
  CERTRELAY_TRY(auto code, id_field<EntryCode>(in, "code"));
  CERTRELAY_TRY(const bool include, in.boolean("include"));
  return SelectedEntry{std::move(code), include};
}

Result<IssuanceRequest> read_request(JsonObject& in) {
  CERTRELAY_TRY(auto members, list_field<MemberHandle>(in, "members", kMembersMax, read_handle));
  CERTRELAY_TRY(auto purpose, id_field<PurposeCode>(in, "purpose"));
  CERTRELAY_TRY(auto entries,
                objects_field<SelectedEntry>(in, "entries", kEntriesMax, read_selected_entry));
  CERTRELAY_TRY(const bool number, in.boolean("individual_number"));
  CERTRELAY_TRY(const auto copies, number_field<int>(in, "copies", 1, kCopiesMax));
  CERTRELAY_TRY(const auto digest, parsed_field(in, "inquiry_digest", parse_content_digest));
  IssuanceRequest message{.members = std::move(members),
                          .purpose = std::move(purpose),
                          .entries = std::move(entries),
                          .individual_number = number,
                          .copies = copies,
                          .inquiry_digest = digest};
  CERTRELAY_TRY(check(message));
  return message;
}

// Decimal digits without leading zeros, 0 to `max`; the whole of `text`.
Result<std::uint64_t> decimal(std::string_view text, std::uint64_t max) {
  std::uint64_t value = 0;
  const auto* first = text.data();
  const auto* last = first + text.size();
  const auto [end, error] = std::from_chars(first, last, value);
  if (error != std::errc{} || end != last || value > max || std::to_string(value) != text) {
    return Error{ErrorCode::kMalformed, "issuance: header number"};
  }
  return value;
}

constexpr std::int64_t kFeeMax = std::int64_t{100} * kYenMax;

Result<std::string_view> header_of(const HttpHeaders& headers, std::string_view name) {
  const auto value = only_header(headers, name);
  if (!value) return Error{ErrorCode::kMissingMember, "issuance: header"};
  return *value;
}

Result<RegisterVersion> parse_version(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return Error{ErrorCode::kMalformed, "register version"};
  CERTRELAY_TRY(const auto generation, decimal(text.substr(0, dot), kJsonIntegerMax));
  CERTRELAY_TRY(const auto sequence, decimal(text.substr(dot + 1), kJsonIntegerMax));
  return RegisterVersion{generation, sequence};
}

}  // namespace

Result<IssuanceRequest> decode_issuance_request(ByteView body) {
  return decode_body<IssuanceRequest>(body, kIssuanceBodyMax, read_request);
}

Result<Bytes> encode(const IssuanceRequest& message) {
  CERTRELAY_TRY(check(message));
  const auto entries = to_array_of(message.entries, [](const SelectedEntry& entry) {
    return boost::json::object{{"code", entry.code.text()}, {"include", entry.include}};
  });
  const auto handle_text = [](const MemberHandle& handle) { return to_base64(handle); };
  return to_body(
      boost::json::object{{"members", to_array_of(message.members, handle_text)},
                          {"purpose", message.purpose.text()},
                          {"entries", entries},
                          {"individual_number", message.individual_number},
                          {"copies", message.copies},
                          {"inquiry_digest", format_content_digest(message.inquiry_digest)}});
}

HttpHeaders to_headers(const IssuanceHeaders& headers) {
  const auto& version = headers.register_version;
  CERTRELAY_CHECK(headers.sheets >= 1 && headers.sheets <= kSheetsMax);
  CERTRELAY_CHECK(headers.fee_yen >= 0 && headers.fee_yen <= kFeeMax);
  CERTRELAY_CHECK(version.generation <= kJsonIntegerMax && version.sequence <= kJsonIntegerMax);
  return {{std::string(kDocumentIdHeader), std::string(headers.document_id.text())},
          {std::string(kRegisterVersionHeader),
           std::to_string(version.generation) + "." + std::to_string(version.sequence)},
          {std::string(kSheetsHeader), std::to_string(headers.sheets)},
          {std::string(kFeeYenHeader), std::to_string(headers.fee_yen)}};
}

Result<IssuanceHeaders> parse_issuance_headers(const HttpHeaders& headers) {
  CERTRELAY_TRY(const auto id_text, header_of(headers, kDocumentIdHeader));
  CERTRELAY_TRY(auto id, DocumentId::parse(id_text));
  CERTRELAY_TRY(const auto version_text, header_of(headers, kRegisterVersionHeader));
  CERTRELAY_TRY(const auto version, parse_version(version_text));
  CERTRELAY_TRY(const auto sheets_text, header_of(headers, kSheetsHeader));
  CERTRELAY_TRY(const auto sheets, decimal(sheets_text, kSheetsMax));
  if (sheets == 0) return Error{ErrorCode::kMalformed, "issuance: sheets"};
  CERTRELAY_TRY(const auto fee_text, header_of(headers, kFeeYenHeader));
  CERTRELAY_TRY(const auto fee, decimal(fee_text, kFeeMax));
  return IssuanceHeaders{std::move(id), version, static_cast<int>(sheets),
                         static_cast<std::int64_t>(fee)};
}

}  // namespace certrelay
