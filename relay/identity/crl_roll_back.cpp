#include "relay/identity/crl_roll_back.hpp"

#include <algorithm>

namespace certrelay {
namespace {

Digest issuer_digest(const Bytes& issuer_der, const Digest& issuer_key) {
  auto bytes = issuer_der;
  bytes.insert(bytes.end(), issuer_key.begin(), issuer_key.end());
  return sha256(bytes);
}

template <class Marks>
auto find_issuer(Marks& marks, const Digest& issuer) {
  return std::find_if(marks.begin(), marks.end(),
                      [&](const CrlHighMark& one) { return one.issuer == issuer; });
}

bool is_lower(const CrlMark& mark, const CrlHighMark& than) {
  return mark.crl_number < than.crl_number || mark.this_update < than.this_update;
}

}  // namespace

CrlHighMark high_mark_of(const CrlMark& mark) {
  return {issuer_digest(mark.issuer_der, mark.issuer_key), mark.crl_number, mark.this_update};
}

Result<void> refuse_roll_back(const CardHealth& offered, const std::vector<CrlHighMark>& highest) {
  for (const auto& issuer : offered.issuers) {
    const auto seen = find_issuer(highest, issuer_digest(issuer.issuer_der, issuer.issuer_key));
    if (seen == highest.end()) continue;
    if (issuer.crls.empty() || is_lower(issuer.crls.front(), *seen)) {
      return Error{ErrorCode::kCrlRollBack, "crl: lower than the highest seen"};
    }
  }
  return ok();
}

std::vector<CrlMark> higher_marks(const CardHealth& offered,
                                  const std::vector<CrlHighMark>& highest) {
  std::vector<CrlMark> out;
  for (const auto& issuer : offered.issuers) {
    for (const auto& mark : issuer.crls) {
      const auto own = high_mark_of(mark);
      const auto seen = find_issuer(highest, own.issuer);
      if (seen == highest.end() || own.crl_number > seen->crl_number ||
          own.this_update > seen->this_update) {
        out.push_back(mark);
      }
    }
  }
  return out;
}

void raise_marks(std::vector<CrlHighMark>& highest, const std::vector<CrlMark>& higher) {
  for (const auto& mark : higher) {
    const auto own = high_mark_of(mark);
    const auto seen = find_issuer(highest, own.issuer);
    if (seen == highest.end()) {
      highest.push_back(own);
    } else {
      *seen = own;
    }
  }
}

}  // namespace certrelay
