#pragma once

#include "firmware/kiosk/pki/certificate.hpp"
#include "firmware/kiosk/pki/handles.hpp"

namespace certrelay::pki_detail {

using ExtensionHandle = Handle<X509_EXTENSION, X509_EXTENSION_free>;

// Null when the OID cannot be read.
ExtensionHandle make_raw_extension(const RawExtension& raw);

}  // namespace certrelay::pki_detail
