#pragma once

#include "protocol/base/bytes.hpp"
#include "tests/support/path_suite.hpp"

namespace certrelay {

// A path from below the root to the leaf, and the lists that go with it. The root is always there,
// and so is a list of every authority that `lists` does not give.
struct SuitePath {
  std::vector<SuiteCertificate> certificates{};
  std::vector<SuiteList> lists{};
  std::vector<std::string> without_list{};  // authorities that have none
  std::vector<SuiteCertificate> besides{};  // further intermediates, not on the path
};

// Octets from hexadecimal text.
inline Bytes hex(std::string_view text) { return from_hex(text).value(); }

// Collects cases: `valid`, `invalid` and `refused` say what RFC 5280 says and what we do.
class SuiteCases {
 public:
  static constexpr const char* kRoot = "Trust Anchor";
  static SuiteCertificate root();
  static SuiteCertificate ca(const std::string& name, const std::string& issuer = kRoot);
  static SuiteCertificate leaf(const std::string& issuer);
  static SuiteList list(const std::string& issuer) { return {.issuer = issuer}; }

  // The last case can be changed through what these return.
  PathCase& valid(const std::string& name, const SuitePath& path);
  // `reason` empty: any.
  PathCase& invalid(const std::string& name, const SuitePath& path, const std::string& reason = "");
  // Valid by the standard and refused by us, for a reason that REASONS.md documents.
  PathCase& refused(const std::string& name, const SuitePath& path, const std::string& reason);
  PathCase& with_root(const SuiteCertificate& root, const SuitePath& path, const std::string& name);

  PathSuite pki;
  std::vector<PathCase> all;
};

void add_basic_cases(SuiteCases& out);       // 4.1 to 4.3, 4.6, 4.7, 4.16
void add_revocation_cases(SuiteCases& out);  // 4.4, 4.5, 4.15
void add_scope_cases(SuiteCases& out);       // 4.14
void add_policy_cases(SuiteCases& out);      // 4.8 to 4.12
void add_other_cases(SuiteCases& out);       // 4.13, and what the sections do not have

std::vector<PathCase> path_suite_cases();

}  // namespace certrelay
