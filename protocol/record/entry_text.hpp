// The texts that only the ledger's entries have. None may hold personal data of a resident.
#pragma once

#include "protocol/ids/text_id.hpp"

namespace certrelay {

// An operator's account name (利用者ID): [a-z0-9._-]{1,64}
struct OperatorNameKind {
  static constexpr std::string_view kName = "operator";
  static bool accepts(std::string_view text);
};
using OperatorName = TextId<OperatorNameKind>;

// A terminal's configured name: [A-Za-z0-9._:-]{1,64}
struct TerminalNameKind {
  static constexpr std::string_view kName = "terminal";
  static bool accepts(std::string_view text);
};
using TerminalName = TextId<TerminalNameKind>;

// A dotted word from a closed list of the program: [a-z0-9._-]{1,64}
struct ActionCodeKind {
  static constexpr std::string_view kName = "action";
  static bool accepts(std::string_view text);
};
using ActionCode = TextId<ActionCodeKind>;

// The reason that an operator typed (処理事由, R35): strict UTF-8 without control characters, 1 to
// 512 bytes. Where it is asked for, the console tells the operator to write no resident's name.
struct StatedReasonKind {
  static constexpr std::string_view kName = "stated_reason";
  static bool accepts(std::string_view text);
};
using StatedReason = TextId<StatedReasonKind>;

// A program's version and build: visible ASCII, 1 to 64.
struct BuildIdKind {
  static constexpr std::string_view kName = "build";
  static bool accepts(std::string_view text);
};
using BuildId = TextId<BuildIdKind>;

// A CRL's number (RFC 5280 §5.2.3) as lower-case hexadecimal without leading zeros ("0" for zero),
// at most 20 octets.
struct CrlNumberKind {
  static constexpr std::string_view kName = "crl_number";
  static bool accepts(std::string_view text);
};
using CrlNumber = TextId<CrlNumberKind>;

}  // namespace certrelay
