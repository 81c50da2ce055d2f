// Is this certificate what a site asked for? Chain, dates, use, names, and no demonstration's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/sha256.hpp"
#include "relay/front/pem_file.hpp"

namespace certrelay {

enum class CertificateUse : std::uint8_t { kServer, kClient, kDocuments };

struct CertificateWish {
  CertificateUse use;
  std::string authority_pem;       // empty: no chain is demanded ([documents] pins the certificate)
  std::vector<std::string> names;  // one of them must stand in it: "DNS:...", "URI:...", "IP:..."
};

// What was judged.
struct JudgedCertificate {
  Bytes spki;  // SubjectPublicKeyInfo, DER
  UtcTime not_after{};
  // Why it does not fit, in Japanese: what, and what to do. None: it fits.
  std::optional<std::pair<std::string, std::string>> fault;
};

// `pem`: the certificate, then its issuers, if anything stands between it and the authority.
JudgedCertificate judge_certificate(const std::string& pem, const CertificateWish& wish,
                                    UtcTime now);
// The authority itself: certificates that may issue, valid, no demonstration's.
std::optional<std::pair<std::string, std::string>> authority_fault(const std::string& pem,
                                                                   UtcTime now);

}  // namespace certrelay
