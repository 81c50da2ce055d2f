// What a certificate or a list says, as OpenSSL reads it and as we do, in the same words: two that
// accept the same bytes must not take them for different things.
#pragma once

#include <string>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Serial, dates, both names, key, key usage, CA and path length. "unreadable" when it is not read.
std::string openssl_reads_certificate(const Bytes& der);
std::string we_read_certificate(const Bytes& der);

// Number, dates, issuer, how many serials, and of each its status as the other sees it.
std::string openssl_reads_list(const Bytes& der);
std::string we_read_list(const Bytes& der);

}  // namespace certrelay
