// The second opinion: OpenSSL's whole path validation.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "tests/support/path_suite.hpp"

namespace certrelay {

struct OpensslQuestion {
  std::vector<Bytes> anchors{}, intermediates{}, lists{};
  Bytes leaf{};
  bool check_revocation = true;
  std::vector<std::string> policies{};  // dotted; empty: any
  bool explicit_policy = false, inhibit_any_policy = false, inhibit_policy_mapping = false;
};

// "ok", "unreadable", or OpenSSL's words, at test_now().
std::string openssl_opinion(const OpensslQuestion& question);

}  // namespace certrelay
