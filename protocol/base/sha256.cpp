#include "protocol/base/sha256.hpp"

#include <openssl/evp.h>

#include "protocol/base/check.hpp"

namespace certrelay {

namespace {
// Fetched once: the implicit fetch of EVP_sha256() costs more than hashing a ledger row.
const EVP_MD* algorithm() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CERTRELAY_CHECK(md != nullptr);
  return md;
}
}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  CERTRELAY_CHECK(context_ != nullptr);
  CERTRELAY_CHECK(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::add(ByteView bytes) {
  CERTRELAY_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Sha256::finish() {
  Digest out{};
  unsigned length = 0;
  CERTRELAY_CHECK(EVP_DigestFinal_ex(context_.get(), out.data(), &length) == 1);
  CERTRELAY_CHECK(length == out.size());
  return out;
}

Digest sha256(ByteView bytes) { return Sha256().add(bytes).finish(); }

}  // namespace certrelay
