#include "firmware/daemon/demonstration_rule.hpp"

#include "firmware/daemon/start_failure.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/keys/demonstration.hpp"

namespace certrelay {

void refuse_demonstration(const Config& config, const std::string& what, ByteView file) {
  if (config.demo) return;
  const auto all = split_pem(Bytes(file.begin(), file.end()), "CERTIFICATE");
  if (!all) return;
  for (const auto& der : all.value()) {
    if (!is_demonstration(der)) continue;
    throw StartFailure(what + ": an authority of a demonstration (見本)",
                       "put the real authority there; only demo = true takes this one");
  }
}

}  // namespace certrelay
