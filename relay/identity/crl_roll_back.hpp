#pragma once

#include <vector>

#include "relay/ports/card_port.hpp"

namespace certrelay {

// The highest list of one issuer key ever used: what the ledger keeps of it (R15). The issuer is
// SHA-256 of its Name's DER and the SHA-256 of its SubjectPublicKeyInfo, one behind the other.
struct CrlHighMark {
  Digest issuer;
  std::uint64_t crl_number = 0;
  UtcTime this_update;
};

CrlHighMark high_mark_of(const CrlMark& mark);

// Compares what a start or a reload offers with the highest ever used: an issuer key's list whose
// (number, thisUpdate) is lower in either part is refused, and so is one that vanished. Issuers
// that are new may come. Errors: kCrlRollBack.
Result<void> refuse_roll_back(const CardHealth& offered, const std::vector<CrlHighMark>& highest);

// Of `offered`, the marks that are higher than the one of the same issuer key in `highest`, or new.
std::vector<CrlMark> higher_marks(const CardHealth& offered,
                                  const std::vector<CrlHighMark>& highest);

// `highest` afterwards has the higher ones.
void raise_marks(std::vector<CrlHighMark>& highest, const std::vector<CrlMark>& higher);

}  // namespace certrelay
