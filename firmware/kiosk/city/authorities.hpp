// The authorities, certificates and keys of a site: one authority a role, a stranger's, and the
// card's root with its list.
#pragma once

#include "firmware/kiosk/city/city_folder.hpp"
#include "firmware/kiosk/pki/profiles.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

// A client that a listener knows.
struct CityPeer {
  Role role;
  std::string name;  // in the configuration
  std::string san;   // "DNS:..."
  std::string file;  // pki/<file>.pem and pki/<file>.key
};
const std::vector<CityPeer>& city_peers();

struct TlsPaths {
  std::string certificate;
  std::string key;
  std::string client_ca;
};
// pki/<role>-server.pem and so on.
TlsPaths tls_paths(Role role);

// The certificate with its issuer, and its key under the site's pass phrase.
inline constexpr const char* kDocumentCertificate = "pki/documents.pem";
inline constexpr const char* kDocumentKey = "keys/documents.pem";

struct CityKeys {
  std::string password;                // of the server's private keys
  std::vector<std::string> peer_pins;  // base64 of SHA-256 of the SPKI, as city_peers()
};

// Makes pki/, keys/ and feeder/; `documents`: also what certificates are signed with. Times count
// from `today`: certificates of the sites last two years. Errors: the file system's, kInternal.
Result<CityKeys> write_authorities(CityFolder& folder, Entropy& entropy, JstDay today,
                                   const MunicipalityCode& municipality, bool documents);

}  // namespace certrelay
