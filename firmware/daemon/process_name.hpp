#pragma once

#include <optional>
#include <string>

#include "protocol/ids/values.hpp"

namespace certrelay {

// Which of the relay's processes: the vault, or the front of one listener.
struct ProcessName {
  std::optional<Role> front;  // absent: the vault

  bool is_vault() const { return !front.has_value(); }
  std::string text() const { return front ? std::string(to_text(*front)) : "vault"; }
  friend bool operator==(const ProcessName&, const ProcessName&) = default;
};

// "vault", "center", "registry", "admin", "monitoring". Errors: kMalformed.
inline Result<ProcessName> parse_process_name(std::string_view text) {
  if (text == "vault") return ProcessName{};
  CERTRELAY_TRY(const auto role, parse_role(text));
  return ProcessName{role};
}

}  // namespace certrelay
