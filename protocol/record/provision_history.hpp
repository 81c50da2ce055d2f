// What a resident who asks is told (R56): when, where and what was handed out about that person,
// and what came of it. Pure, over the entries of the transactions that name the person.
#pragma once

#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

struct ProvisionLine {
  enum class What : std::uint8_t {
    kInquiry = 1,      // the 22 items went to the center for the kiosk's screen
    kCertificate = 2,  // a certificate on which the person is printed
  };
  enum class Result : std::uint8_t {
    kNone = 0,  // of an inquiry; of a certificate: no report yet
    kPrinted = 1,
    kNotPrinted = 2,  // cancelled, jammed, timed out, left behind or refunded
    kUnknown = 3,     // no report came
  };
  UtcTime at;
  What what = What::kInquiry;
  Result result = Result::kNone;
  std::optional<PeerName> peer;  // to whom
  std::optional<KioskId> kiosk;  // where
  std::optional<CertificateKind> kind;
  std::optional<DocumentId> document;
  friend bool operator==(const ProvisionLine&, const ProvisionLine&) = default;
};
std::string_view to_text(ProvisionLine::What what);
Result<ProvisionLine::What> parse_provision_what(std::string_view text);
std::string_view to_text(ProvisionLine::Result result);
Result<ProvisionLine::Result> parse_provision_result(std::string_view text);

// `entries` ascending: at least all of the transactions in which `subject` occurs. One line for
// each provision that names the person, in their order. Nothing of anybody else is in it.
std::vector<ProvisionLine> provisions_to(const SubjectPseudonym& subject,
                                         const std::vector<Entry>& entries);

}  // namespace certrelay
