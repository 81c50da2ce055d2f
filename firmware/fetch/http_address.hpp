#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// Where a responder is: http://host[:port][/path]. Plain HTTP, because its answers are signed.
struct HttpAddress {
  std::string host;
  std::string port = "80";
  std::string target = "/";

  // As a Host header names it.
  std::string authority() const { return port == "80" ? host : host + ":" + port; }
  // Errors: kMalformed: another scheme, user information, a fragment, anything but visible ASCII.
  static Result<HttpAddress> parse(std::string_view url);
};

}  // namespace certrelay
