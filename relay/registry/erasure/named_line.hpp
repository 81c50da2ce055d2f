// Internal to relay/registry/erasure: a line of the records that an official reads.
#pragma once

#include <string>
#include <string_view>

namespace certrelay {

inline void put_named_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\n");
}

}  // namespace certrelay
