// What the printed seal of one page says, so that anybody can hold a sheet against it offline:
// FORMAT.md.
#pragma once

#include <array>
#include <vector>

#include "protocol/base/personal_text.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// Which key: the first four bytes of the SHA-256 of its SubjectPublicKeyInfo. A hint, no proof.
using SealKeyHint = std::array<std::uint8_t, 4>;
SealKeyHint seal_key_hint(ByteView spki);

struct PrintedSeal {
  CertificateKind kind;
  bool demo = false;
  MunicipalityCode municipality;
  JstDay issue_day;
  DocumentId document;
  unsigned page = 1;   // from 1
  unsigned pages = 1;  // at most 20
  struct Person {
    PersonalText name;
    PersonalText birth;  // the words of the page
    friend bool operator==(const Person&, const Person&) = default;
  };
  std::vector<Person> persons;  // of that page, in printed order, at most 8
  SealKeyHint key{};
  friend bool operator==(const PrintedSeal&, const PrintedSeal&) = default;
};

using SealSignature = std::array<std::uint8_t, 64>;  // ECDSA P-256 over SHA-256, r then s

inline constexpr std::string_view kPrintedSealHead = "CRS1:";
inline constexpr std::size_t kPrintedSealBytesMax = 2048;  // of the text

// What is signed: never the beginning of anything else that this key signs.
// Errors: kLimitExceeded (a name over 1,000 bytes, a date over 255, too many persons or pages).
Result<Bytes> printed_seal_message(const PrintedSeal& seal);
// The code's text: CRS1: and Base45 of the message's body and the signature. Errors: as above, and
// kLimitExceeded over kPrintedSealBytesMax.
Result<std::string> encode_printed_seal(const PrintedSeal& seal, const SealSignature& signature);

struct ReadSeal {
  PrintedSeal seal;
  Bytes message;  // to be verified
  SealSignature signature;
};
// Canonical: a text that encode_printed_seal() would spell otherwise is refused. Says nothing of
// the signature. Errors: kMalformed, kTrailingBytes, kLimitExceeded, kInvalidUtf8.
Result<ReadSeal> decode_printed_seal(std::string_view text);

}  // namespace certrelay
