#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "firmware/kiosk/pki/key.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

// {"C", "JP"}, {"O", "JPKI"}, ...: short names and UTF-8 values, in order.
using DistinguishedName = std::vector<std::pair<std::string, std::string>>;

// An extension written as it is given: `value` is the DER inside the OCTET STRING.
struct RawExtension {
  std::string oid;  // dotted
  bool critical = false;
  Bytes value;
};

// What a certificate says. Texts of extensions are in OpenSSL's words (x509v3_config(5)).
struct CertificateSpec {
  DistinguishedName subject;
  Bytes serial;  // 1 to 20 octets, big-endian, positive
  UtcTime not_before;
  UtcTime not_after;
  bool is_authority = false;
  bool write_basic_constraints = true;
  std::optional<unsigned> path_length;  // authorities only
  std::string key_usage;                // "digitalSignature", "keyCertSign,cRLSign"; empty: none
  bool key_usage_critical = true;
  std::string extended_key_usage;  // "clientAuth", "serverAuth"; empty: none
  std::string alternative_names;   // "DNS:a.example,IP:127.0.0.1"; empty: none
  std::string policies;            // "1.2.392.200149.8.5.1.3.30"; empty: none
  bool policies_critical = true;
  std::vector<RawExtension> more;
};

// Why a certificate is on a list (RFC 5280 §5.3.1); the numbers are the standard's.
enum class RevocationReason : std::uint8_t {
  kUnspecified = 0,
  kKeyCompromise = 1,
  kCertificateHold = 6
};

struct RevokedEntry {
  Bytes serial;
  UtcTime revoked_at;
  RevocationReason reason = RevocationReason::kUnspecified;
};

struct CrlSpec {
  std::uint64_t number = 1;
  UtcTime this_update;
  UtcTime next_update;
  std::vector<RevokedEntry> entries;
  std::vector<RawExtension> more;
};

// A key and its certificate, able to issue. Copies share the key.
class PkiAuthority {
 public:
  // A root. Errors: kMalformed for a spec that cannot be written, kInternal.
  static Result<PkiAuthority> self_signed(const CertificateSpec& spec, PkiKey key);
  // An intermediate under this one.
  Result<PkiAuthority> issue_authority(const CertificateSpec& spec, PkiKey key) const;
  // DER of a certificate for the public half of `key`.
  Result<Bytes> issue(const CertificateSpec& spec, const PkiKey& key) const;
  // DER of a revocation list, version 2, entries sorted by serial.
  Result<Bytes> issue_crl(const CrlSpec& spec) const;

  const Bytes& certificate_der() const { return certificate_; }
  std::string certificate_pem() const { return to_pem(certificate_, "CERTIFICATE"); }
  const PkiKey& key() const { return key_; }

 private:
  PkiAuthority(Bytes certificate, PkiKey key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}
  Bytes certificate_;
  PkiKey key_;
};

}  // namespace certrelay
