#pragma once

#include <memory>

#include "protocol/base/bytes.hpp"

struct evp_md_ctx_st;

namespace certrelay {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4), incremental. The one place of protocol/ that knows OpenSSL.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& add(ByteView bytes);
  Sha256& add(std::string_view text) { return add(as_bytes(text)); }
  // Ends the computation; the object is then good for destruction only.
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest sha256(ByteView bytes);
inline Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }

}  // namespace certrelay
