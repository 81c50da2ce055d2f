// A few hundred cases of path validation in the order of the published PKITS sections, written in
// DER by hand, so that every one of them can be wrong in exactly one place.
#pragma once

#include <map>
#include <optional>

#include "firmware/kiosk/pki/key.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

struct SuiteExtension {
  std::string oid{};  // dotted
  bool critical = false;
  Bytes value{};
};

// A certificate. Names and keys are texts: the same text is the same name or key.
struct SuiteCertificate {
  std::string subject{}, issuer{};
  std::string key{}, issuer_key{};  // empty: as subject and issuer
  bool is_authority = false;
  std::optional<int> path_length{};
  bool write_basic_constraints = true;
  bool basic_constraints_critical = true;
  std::optional<unsigned> key_usage{};  // the first octet; 0: no extension
  bool key_usage_critical = true;
  std::vector<std::string> policies{"1"};  // "1": policy 1, "any"; empty: no extension
  std::optional<int> require_explicit{}, inhibit_mapping{}, inhibit_any{};
  std::vector<SuiteExtension> more{};
  bool write_key_ids = true;
  bool break_signature = false;
  Bytes serial{};                        // content octets; empty: a number of its own
  Bytes not_before{}, not_after{};       // whole times; empty: around the suite's present
  Bytes subject_name{}, issuer_name{};   // whole Names instead of the texts
  Bytes unique_ids{};                    // whole, before the extensions
  Bytes algorithm{}, inner_algorithm{};  // whole AlgorithmIdentifiers instead of the key's
  Bytes version{0x02};
};

struct SuiteEntry {
  Bytes serial{};
  std::vector<SuiteExtension> extensions{};
};

struct SuiteList {
  std::string issuer{}, key{};  // empty key: as the issuer
  std::vector<SuiteEntry> entries{};
  std::optional<int> number = 1;
  std::vector<SuiteExtension> more{};
  bool break_signature = false;
  Bytes this_update{}, next_update{};
  Bytes issuer_name{};
};

struct PathCase {
  std::string name{};  // "4.4.3 ..." after the published section
  std::vector<Bytes> anchors{}, intermediates{}, lists{};
  Bytes leaf{};
  std::vector<std::string> policies{};  // the initial set; empty: any
  bool explicit_policy = false, inhibit_any_policy = false, inhibit_policy_mapping = false;
  bool check_revocation = true;
  bool valid = false;    // what RFC 5280 says
  std::string reason{};  // ours when we refuse; empty: "ok", or any for an invalid one
  // Accepted by us and not by OpenSSL, and why we are right; empty: OpenSSL must accept it too.
  std::string openssl_differs{};
  bool refused_by_us = false;  // valid, and refused for the documented `reason`
};

// Makes certificates and lists; keys are P-256, one a name.
class PathSuite {
 public:
  Bytes certificate(const SuiteCertificate& spec);
  Bytes list(const SuiteList& spec);
  const PkiKey& key(const std::string& name);

 private:
  Bytes sign(const Bytes& tbs, const Bytes& algorithm, const PkiKey& key, bool break_it) const;

  std::map<std::string, PkiKey> keys_;
  std::uint16_t next_serial_ = 0x1000;
};

// Dotted, for the command: "1" is 2.16.840.1.101.3.2.1.48.1, "any" is anyPolicy.
std::string suite_policy_oid(const std::string& policy);
Bytes suite_name(const std::string& common_name);
Bytes suite_utc(std::string_view digits);          // UTCTime "261122100000Z"
Bytes suite_generalized(std::string_view digits);  // GeneralizedTime
// An attribute of a name as a set of its own; `type`: "C", "O", "CN"; `tag` of the string.
Bytes suite_attribute(std::string_view type, std::uint8_t tag, std::string_view value);

}  // namespace certrelay
