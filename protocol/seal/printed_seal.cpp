#include "protocol/seal/printed_seal.hpp"

#include <algorithm>
#include <cstdio>

#include "protocol/base/codec.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/base/utf8.hpp"
#include "protocol/seal/base45.hpp"
#include "protocol/seal/birth_words.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kDomain = "certrelay printed seal 1\n";
constexpr std::uint8_t kDemoFlag = 1;
constexpr std::size_t kNameBytesMax = 1000;
constexpr std::size_t kBirthBytesMax = 255;
constexpr std::size_t kPersonsMax = 8;
constexpr unsigned kPagesMax = 20;

Error too_long() { return Error{ErrorCode::kLimitExceeded, "seal"}; }
Error malformed() { return Error{ErrorCode::kMalformed, "seal"}; }

std::uint32_t number_of(JstDay day) {
  const std::chrono::year_month_day date(day);
  return static_cast<std::uint32_t>(static_cast<int>(date.year())) * 10000 +
         static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day());
}

Result<JstDay> day_of(std::uint32_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%04u-%02u-%02u", number / 10000, number / 100 % 100,
                number % 100);
  return parse_iso_day(text);
}

// YYYYMMDD-NNNNNNNN-XXXX
void put_document(const DocumentId& id, ByteWriter& out) {
  const auto text = id.text();
  const auto part = [&](std::size_t at, std::size_t size, int base) {
    return std::stoul(std::string(text.substr(at, size)), nullptr, base);
  };
  out.u32(static_cast<std::uint32_t>(part(0, 8, 10)));
  out.u32(static_cast<std::uint32_t>(part(9, 8, 10)));
  out.u16(static_cast<std::uint16_t>(part(18, 4, 16)));
}

Result<DocumentId> take_document(ByteReader& in) {
  CERTRELAY_TRY(const auto day, in.u32());
  CERTRELAY_TRY(const auto count, in.u32());
  CERTRELAY_TRY(const auto chance, in.u16());
  char text[40];
  std::snprintf(text, sizeof text, "%08u-%08u-%04X", day, count, static_cast<unsigned>(chance));
  return DocumentId::parse(text);
}

Result<MunicipalityCode> take_municipality(ByteReader& in) {
  CERTRELAY_TRY(const auto number, in.u32());
  char text[16];
  std::snprintf(text, sizeof text, "%06u", number);
  return MunicipalityCode::parse(text);
}

Result<Bytes> body_of(const PrintedSeal& seal) {
  if (seal.persons.size() > kPersonsMax || seal.page == 0 || seal.page > seal.pages ||
      seal.pages > kPagesMax) {
    return too_long();
  }
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(seal.kind));
  out.u8(seal.demo ? kDemoFlag : 0);
  out.u32(static_cast<std::uint32_t>(std::stoul(std::string(seal.municipality.text()))));
  out.u32(number_of(seal.issue_day));
  put_document(seal.document, out);
  out.u8(static_cast<std::uint8_t>(seal.page));
  out.u8(static_cast<std::uint8_t>(seal.pages));
  out.u8(static_cast<std::uint8_t>(seal.persons.size()));
  for (const auto& person : seal.persons) {
    const auto name = person.name.reveal();
    const auto birth = person.birth.reveal();
    if (name.size() > kNameBytesMax || birth.size() > kBirthBytesMax) return too_long();
    out.short_text(name);
    pack_date_words(birth, out);
  }
  out.raw(seal.key);
  return std::move(out).take();
}

Result<PrintedSeal::Person> take_person(ByteReader& in) {
  CERTRELAY_TRY(const auto name, in.short_bytes(kNameBytesMax));
  if (!is_strict_utf8(as_text(name))) return Error{ErrorCode::kInvalidUtf8, "seal: name"};
  CERTRELAY_TRY(auto birth, unpack_date_words(in));
  return PrintedSeal::Person{PersonalText(std::string(as_text(name))),
                             PersonalText(std::move(birth))};
}

Result<PrintedSeal> take_body(ByteReader& in) {
  CERTRELAY_TRY(const auto kind, in.u8());
  if (kind != static_cast<std::uint8_t>(CertificateKind::kJuminhyo) &&
      kind != static_cast<std::uint8_t>(CertificateKind::kKisaiJiko)) {
    return malformed();
  }
  CERTRELAY_TRY(const auto flags, in.u8());
  CERTRELAY_TRY(auto municipality, take_municipality(in));
  CERTRELAY_TRY(const auto day_number, in.u32());
  CERTRELAY_TRY(const auto day, day_of(day_number));
  CERTRELAY_TRY(auto document, take_document(in));
  PrintedSeal out{.kind = static_cast<CertificateKind>(kind),
                  .demo = flags == kDemoFlag,
                  .municipality = std::move(municipality),
                  .issue_day = day,
                  .document = std::move(document),
                  .page = 1,
                  .pages = 1,
                  .persons = {},
                  .key = {}};
  CERTRELAY_TRY(out.page, in.u8());
  CERTRELAY_TRY(out.pages, in.u8());
  CERTRELAY_TRY(const auto persons, in.u8());
  for (std::size_t i = 0; i < persons; ++i) {
    if (i == kPersonsMax) return too_long();
    CERTRELAY_TRY(auto person, take_person(in));
    out.persons.push_back(std::move(person));
  }
  CERTRELAY_TRY(const auto key, in.raw(out.key.size()));
  std::copy(key.begin(), key.end(), out.key.begin());
  return out;
}

}  // namespace

SealKeyHint seal_key_hint(ByteView spki) {
  const auto digest = sha256(spki);
  SealKeyHint out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

Result<Bytes> printed_seal_message(const PrintedSeal& seal) {
  CERTRELAY_TRY(const auto body, body_of(seal));
  Bytes out(kDomain.begin(), kDomain.end());
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

Result<std::string> encode_printed_seal(const PrintedSeal& seal, const SealSignature& signature) {
  CERTRELAY_TRY(auto bytes, body_of(seal));
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  auto out = std::string(kPrintedSealHead) + to_base45(bytes);
  if (out.size() > kPrintedSealBytesMax) return too_long();
  return out;
}

Result<ReadSeal> decode_printed_seal(std::string_view text) {
  if (text.size() > kPrintedSealBytesMax) return too_long();
  if (!text.starts_with(kPrintedSealHead)) return malformed();
  CERTRELAY_TRY(const auto bytes, from_base45(text.substr(kPrintedSealHead.size())));
  ByteReader in(bytes);
  CERTRELAY_TRY(auto seal, take_body(in));
  ReadSeal out{std::move(seal), {}, {}};
  CERTRELAY_TRY(const auto signature, in.raw(out.signature.size()));
  CERTRELAY_TRY(in.expect_end());
  std::copy(signature.begin(), signature.end(), out.signature.begin());
  CERTRELAY_TRY(out.message, printed_seal_message(out.seal));
  // One spelling alone: unpacked dates, flags and leading zeros that nobody writes are refused.
  CERTRELAY_TRY(const auto again, encode_printed_seal(out.seal, out.signature));
  if (again != text) return malformed();
  return out;
}

}  // namespace certrelay
