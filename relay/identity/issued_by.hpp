// Who signed what, in one verification. Private to this room.
#pragma once

#include <map>
#include <utility>

#include "relay/identity/trust_store.hpp"

namespace certrelay {

// Asked once a pair, and bounded: the path's certificates and those of keys for lists together cost
// no more than kSignatureTriesMax signatures.
class IssuedBy {
 public:
  explicit IssuedBy(const PathRules& rules) : rules_(rules) {}

  // None: it did. kIssuerUnknown: names or key identifiers lead elsewhere. kPathTooLong: nobody
  // knows, the bound is reached. Otherwise the signature's or the key identifier's fault.
  std::optional<Error> fault(const Authority& issuer, const CertificateView& subject);

 private:
  std::optional<Error> find_out(const Authority& issuer, const CertificateView& subject);
  std::optional<Error> signature_fault(const Authority& issuer, const CertificateView& subject);

  const PathRules& rules_;
  std::map<std::pair<const Authority*, const CertificateView*>, std::optional<Error>> known_;
  std::size_t tries_ = 0;
};

}  // namespace certrelay
