// A P-256 key and its certificate in a folder of the test's own, made by the openssl program.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/command.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay::testing {

class SigningFiles {
 public:
  static constexpr const char* kPassPhrase = "mihon-no-kagi";

  // Valid from 2020 on: simulated time lies in thirty years.
  explicit SigningFiles(int days = 10'950) {
    const auto made = run_command(
        "LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 "
        "FAKETIME='2020-01-01 00:00:00' TZ=UTC "
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -passout pass:" +
        std::string(kPassPhrase) + " -keyout " + key_path() + " -out " + certificate_path() +
        " -subj '/C=JP/O=見本市/CN=見本市長' -utf8 -days " + std::to_string(days));
    EXPECT_EQ(made.status, 0) << made.text;
  }

  std::string key_path() const { return folder_ / "key.pem"; }
  std::string certificate_path() const { return folder_ / "certificate.pem"; }
  std::string key() const { return read(key_path()); }
  std::string certificate() const { return read(certificate_path()); }
  const TempFolder& folder() const { return folder_; }

 private:
  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  TempFolder folder_;
};

}  // namespace certrelay::testing
