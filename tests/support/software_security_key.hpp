// A security key in software, as WebAuthn Level 2 has it: what a virtual authenticator does, with
// every part of its answers open to a test that spoils it.
#pragma once

#include <openssl/evp.h>

#include <memory>

#include "protocol/wire/login_message.hpp"

namespace certrelay::testing {

// What a browser and a key say, each part as an honest one would unless the test changes it.
struct KeySays {
  std::string origin = "https://localhost:8443";
  std::string host = "localhost";
  std::string type = {};          // empty: the call's own
  bool crossed = false;           // crossOrigin
  bool present = true;            // flag UP
  bool verified = true;           // flag UV
  std::string format = "packed";  // of an attestation
  bool broken_signature = false;
};

class SoftwareSecurityKey {
 public:
  SoftwareSecurityKey();
  KeyRegistration make(const Digest& challenge, const KeySays& says = {}) const;
  // `keyid` is what the vault answered to the registration.
  PersonalSignature sign(const Digest& challenge, const std::string& keyid,
                         const KeySays& says = {}) const;
  const Bytes& credential_id() const { return credential_id_; }

 private:
  Bytes auth_data(const KeySays& says, bool with_key) const;
  Bytes signature_over(const Bytes& auth_data, const Bytes& client_data) const;
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  Bytes point_;  // x and y
  Bytes credential_id_;
};

}  // namespace certrelay::testing
