#pragma once

#include "relay/issuance/tokens.hpp"
#include "render/model/model.hpp"

namespace certrelay {

// What the page prints, out of the register's records and the kiosk's selection (住基法12条の4:
// every optional entry that was not chosen is omitted, never left blank).
CertificateModel certificate_model(const SelectedCertificate& selected, const DocumentMarks& marks);

}  // namespace certrelay
