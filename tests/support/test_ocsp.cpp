#include "tests/support/test_ocsp.hpp"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <memory>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

template <auto F>
struct With {
  template <class T>
  void operator()(T* object) const {
    F(object);
  }
};
using Certificate = std::unique_ptr<X509, With<X509_free>>;
using Basic = std::unique_ptr<OCSP_BASICRESP, With<OCSP_BASICRESP_free>>;
using Response = std::unique_ptr<OCSP_RESPONSE, With<OCSP_RESPONSE_free>>;
using CertId = std::unique_ptr<OCSP_CERTID, With<OCSP_CERTID_free>>;
using Time = std::unique_ptr<ASN1_TIME, With<ASN1_TIME_free>>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

Certificate read_certificate(const Bytes& der) {
  const auto* at = der.data();
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

Time time_of(UtcTime when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
  return Time(ASN1_GENERALIZEDTIME_set(nullptr, static_cast<time_t>(seconds)));
}

Bytes der_bytes(OCSP_RESPONSE* response) {
  unsigned char* out = nullptr;
  const int size = i2d_OCSP_RESPONSE(response, &out);
  CERTRELAY_CHECK(size > 0);
  Bytes bytes(out, out + size);
  OPENSSL_free(out);
  return bytes;
}

Response read_response(const Bytes& der) {
  const auto* at = der.data();
  Response read(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  return read && at == der.data() + der.size() ? std::move(read) : nullptr;
}

}  // namespace

Bytes ocsp_answer(const OcspSpec& spec, const PkiAuthority& issuer, const PkiAuthority& signer) {
  const auto root = read_certificate(issuer.certificate_der());
  const auto own = read_certificate(signer.certificate_der());
  const auto card = read_certificate(spec.certificate);
  const Basic basic(OCSP_BASICRESP_new());
  const CertId id(OCSP_cert_to_id(nullptr, card.get(), root.get()));
  const auto now = time_of(test_now() - std::chrono::minutes(1));
  const auto from = time_of(spec.this_update);
  const auto until = spec.next_update ? time_of(*spec.next_update) : nullptr;
  const int status = spec.status == OcspStatus::kGood      ? V_OCSP_CERTSTATUS_GOOD
                     : spec.status == OcspStatus::kRevoked ? V_OCSP_CERTSTATUS_REVOKED
                                                           : V_OCSP_CERTSTATUS_UNKNOWN;
  CERTRELAY_CHECK(OCSP_basic_add1_status(basic.get(), id.get(), status, spec.reason,
                                         spec.status == OcspStatus::kRevoked ? now.get() : nullptr,
                                         from.get(), until.get()) != nullptr);
  if (spec.nonce) {
    auto nonce = *spec.nonce;
    OCSP_basic_add1_nonce(basic.get(), nonce.data(), static_cast<int>(nonce.size()));
  }
  unsigned long flags = spec.by_key ? OCSP_RESPID_KEY : 0UL;
  if (!spec.write_certificate) flags |= OCSP_NOCERTS;
  // OpenSSL would write the machine's present; answers belong to test_now(). The setter is missing.
  auto* produced = const_cast<ASN1_GENERALIZEDTIME*>(OCSP_resp_get0_produced_at(basic.get()));
  CERTRELAY_CHECK(ASN1_STRING_copy(produced, from.get()) == 1);
  CERTRELAY_CHECK(OCSP_basic_sign(basic.get(), own.get(), signer.key().handle(), EVP_sha256(),
                                  nullptr, flags | OCSP_NOTIME) == 1);
  const Response response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  return der_bytes(response.get());
}

Bytes ocsp_failure(int response_status) {
  const Response response(OCSP_response_create(response_status, nullptr));
  return der_bytes(response.get());
}

std::string openssl_ocsp_opinion(const Bytes& answer, const Bytes& root, const Bytes& certificate) {
  const auto response = read_response(answer);
  const auto issuer = read_certificate(root);
  const auto card = read_certificate(certificate);
  if (!response || !issuer || !card ||
      OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return "refused";
  }
  const Basic basic(OCSP_response_get1_basic(response.get()));
  const std::unique_ptr<X509_STORE, With<X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), issuer.get());
  X509_VERIFY_PARAM_set_time(
      X509_STORE_get0_param(store.get()),
      std::chrono::duration_cast<std::chrono::seconds>(test_now().time_since_epoch()).count());
  // An answer without certificates is looked for among these: the issuer signs for itself.
  const std::unique_ptr<STACK_OF(X509), FreeStack> signers(sk_X509_new_null());
  sk_X509_push(signers.get(), issuer.get());
  if (!basic || OCSP_basic_verify(basic.get(), signers.get(), store.get(), 0) != 1) {
    return "refused";
  }
  const CertId id(OCSP_cert_to_id(nullptr, card.get(), issuer.get()));
  int status = -1;
  if (OCSP_resp_find_status(basic.get(), id.get(), &status, nullptr, nullptr, nullptr, nullptr) !=
      1) {
    return "other";
  }
  return status == V_OCSP_CERTSTATUS_GOOD      ? "good"
         : status == V_OCSP_CERTSTATUS_REVOKED ? "revoked"
                                               : "unknown";
}

std::string openssl_reads_request(const Bytes& request, const Bytes& root,
                                  const Bytes& certificate) {
  const auto* at = request.data();
  const std::unique_ptr<OCSP_REQUEST, With<OCSP_REQUEST_free>> read(
      d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(request.size())));
  if (!read || OCSP_request_onereq_count(read.get()) != 1) return "unreadable";
  auto* one = OCSP_onereq_get0_id(OCSP_request_onereq_get0(read.get(), 0));
  const auto issuer = read_certificate(root);
  const auto card = read_certificate(certificate);
  const CertId wanted(OCSP_cert_to_id(nullptr, card.get(), issuer.get()));
  const int nonce = OCSP_REQUEST_get_ext_by_NID(read.get(), NID_id_pkix_OCSP_Nonce, -1);
  return std::string(OCSP_id_cmp(one, wanted.get()) == 0 ? "the card" : "another") +
         (nonce >= 0 ? " with a nonce" : "");
}

}  // namespace certrelay
