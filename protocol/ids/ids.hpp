// The identifiers of the protocol, parse-only (protocol.md, table of values).
#pragma once

#include "protocol/ids/text_id.hpp"

namespace certrelay {

// Six digits: prefecture (2), municipality (3), check digit by JIS X 0401/0402's modulus 11.
struct MunicipalityCodeKind {
  static constexpr std::string_view kName = "municipality_code";
  static bool accepts(std::string_view text);
};
using MunicipalityCode = TextId<MunicipalityCodeKind>;

// [A-Z0-9-]{1,32}
struct KioskIdKind {
  static constexpr std::string_view kName = "kiosk_id";
  static bool accepts(std::string_view text);
};
using KioskId = TextId<KioskIdKind>;

// A person's or household's opaque id, eleven digits, made by the source system for this file
// alone: never the 住民票コード, 宛名番号 or 世帯番号, and never used again (R08).
struct PersonIdKind {
  static constexpr std::string_view kName = "person_id";
  static bool accepts(std::string_view text);
};
using PersonId = TextId<PersonIdKind>;

struct HouseholdIdKind {
  static constexpr std::string_view kName = "household_id";
  static bool accepts(std::string_view text);
};
using HouseholdId = TextId<HouseholdIdKind>;

// Purposes (証明書用途) and optional entries (記載有無): [A-Z0-9-]{1,32}
struct PurposeCodeKind {
  static constexpr std::string_view kName = "purpose";
  static bool accepts(std::string_view text);
};
using PurposeCode = TextId<PurposeCodeKind>;

struct EntryCodeKind {
  static constexpr std::string_view kName = "entry_code";
  static bool accepts(std::string_view text);
};
using EntryCode = TextId<EntryCodeKind>;

// A configured peer's name: visible ASCII without quotes, 1 to 64 characters. Known only after
// mutual TLS has matched the certificate to the configuration (R44).
struct PeerNameKind {
  static constexpr std::string_view kName = "peer";
  static bool accepts(std::string_view text);
};
using PeerName = TextId<PeerNameKind>;

// The number printed on every page: YYYYMMDD-NNNNNNNN-XXXX of ASCII digits and upper-case
// hexadecimal: the JST date of issue, a count, and two random bytes; under `demo = true` preceded
// by "見本-" on the page (not in the id).
struct DocumentIdKind {
  static constexpr std::string_view kName = "document_id";
  static bool accepts(std::string_view text);
};
using DocumentId = TextId<DocumentIdKind>;

}  // namespace certrelay
