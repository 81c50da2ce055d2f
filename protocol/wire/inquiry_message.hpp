// POST /v1/transactions/{id}/inquiry: 証明書情報問合せ, the 22 record items. Residents' data.
#pragma once

#include "protocol/base/personal_text.hpp"
#include "protocol/base/register_date.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/fee.hpp"

namespace certrelay {

struct InquiryRequest {
  Bytes card_certificate;  // DER, at most kCardCertificateBytesMax; nothing of it is checked here
  Bytes signature;         // 1 to kCardSignatureBytesMax
  CardAlgorithm algorithm;
};
inline constexpr std::size_t kCardCertificateBytesMax = 8192;
inline constexpr std::size_t kCardSignatureBytesMax = 512;

// 住民区分 (item 8)
enum class ResidentKind : std::uint8_t { kJapanese = 1, kForeign = 2 };
std::string_view to_text(ResidentKind kind);
Result<ResidentKind> parse_resident_kind(std::string_view text);

// One member of the household, items 5 to 12.
struct InquiryMember {
  MemberHandle handle;
  // A closed member is listed with the one reason 90 窓口でお尋ねください, whatever the true one
  // is.
  bool issuable;
  ResidentKind resident_kind;
  PersonalText name_kana;   // may be empty
  PersonalText name;        // not empty
  Bytes name_image;         // empty, or a 1-bit grey PNG, 48 px high, at most kNameImageBytesMax
  RegisterDate birth_date;  // `text` is what the screen shows and is never empty
};
inline constexpr std::size_t kMembersMax = 20;
inline constexpr std::size_t kNameBytesMax = 1024;
inline constexpr std::size_t kBirthTextBytesMax = 128;
inline constexpr std::size_t kLabelBytesMax = 256;
inline constexpr std::size_t kPurposesMax = 32;
inline constexpr std::size_t kEntriesMax = 32;

struct InquiryPurpose {  // 証明書用途, items 13 and 14
  PurposeCode code;
  std::string name;
};

struct InquiryEntry {  // 記載有無, items 15 to 18
  EntryCode code;
  std::string name;
  bool default_include;
  bool selectable;
};

struct InquiryAnswer {
  std::array<std::uint8_t, 16> identification_id;  // 識別ID (item 1): random, never a person's id
  std::vector<InquiryMember> members;              // in register order, head first; 1 to 20
  std::vector<InquiryPurpose> purposes;            // 1 to 32, each code once
  std::vector<InquiryEntry> entries;               // 0 to 32, each code once
  bool individual_number_selectable;               // item 19
  std::vector<Fee> fees;                           // items 20 and 21; 1 to 128
  bool menu_required;                              // 問い合わせ有無フラグ (item 22)
  // Fresh random bytes, kept nowhere else: the digest of this answer is no oracle for guesses.
  std::array<std::uint8_t, 16> nonce;
};

// Errors: see open_message.hpp. A 200 answer's household gate (items 3 and 4) is always open.
Result<InquiryRequest> decode_inquiry_request(ByteView body);
Result<Bytes> encode(const InquiryRequest& message);
Result<InquiryAnswer> decode_inquiry_answer(ByteView body);
Result<Bytes> encode(const InquiryAnswer& message);

}  // namespace certrelay
