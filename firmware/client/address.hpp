// Where a listener is: what DIR/run/<role>.addr holds and what --at takes.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

struct Address {
  std::string host;  // a name, an IPv4 address, or an IPv6 address without its brackets
  std::string port;  // decimal, 1 to 65535
};

// `host:port` or `[v6]:port`, one trailing newline allowed. Errors: kMalformed.
Result<Address> parse_address(std::string_view text);

}  // namespace certrelay
