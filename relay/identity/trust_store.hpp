// Pinned roots, intermediates and their revocation lists, checked once when they are loaded.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "relay/identity/certificate.hpp"
#include "relay/identity/crl.hpp"
#include "relay/identity/ocsp.hpp"
#include "relay/identity/path_rules.hpp"
#include "relay/identity/public_key.hpp"

namespace certrelay {

inline constexpr std::size_t kAuthoritiesMax = 64;

// A certificate that may issue. Move-only: `view` sees `der`, whose buffer moves with it.
struct Authority {
  Authority(Bytes der_bytes, CertificateView parsed, CardPublicKey public_key);
  Authority(Authority&&) = default;
  Authority& operator=(Authority&&) = default;
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority() = default;

  Bytes der;
  CertificateView view;
  CardPublicKey key;
  Digest key_digest;               // SHA-256 of the SubjectPublicKeyInfo
  std::shared_ptr<const Crl> crl;  // the highest that this key verified
  std::optional<Error> crl_error;  // why there is none, when one of its name was given
};

struct TrustMaterial {
  std::vector<Bytes> anchors_der{};
  std::vector<Bytes> intermediates_der{};  // RFC 5280 profile only
  std::vector<Bytes> crls_der{};
  std::vector<Bytes> ocsp_der{};  // whole OCSPResponses
};

// An OCSP answer in its own bytes; nobody has checked it yet. Move-only like Authority.
struct HeldOcspAnswer {
  HeldOcspAnswer(Bytes bytes, OcspAnswer parsed)
      : der(std::move(bytes)), answer(std::move(parsed)) {}
  HeldOcspAnswer(HeldOcspAnswer&&) = default;
  HeldOcspAnswer& operator=(HeldOcspAnswer&&) = default;
  HeldOcspAnswer(const HeldOcspAnswer&) = delete;
  HeldOcspAnswer& operator=(const HeldOcspAnswer&) = delete;
  ~HeldOcspAnswer() = default;

  Bytes der;
  OcspAnswer answer;
};

// Immutable after load().
class TrustStore {
 public:
  // Each list's signature is verified here and never again. In the JPKI profile everything given
  // must be usable; in the other an intermediate that is not is left out, and a list that nobody's
  // key verifies leaves its issuer without one.
  // Errors: kTrustAnchorInvalid, kLimitExceeded, parse_crl()'s, parse_ocsp_answer()'s; JPKI also
  // kCrlSignature and kIssuerUnknown (a list of somebody else).
  static Result<TrustStore> load(const TrustMaterial& material, const PathRules& rules);

  const std::vector<Authority>& anchors() const { return anchors_; }
  const std::vector<Authority>& intermediates() const { return intermediates_; }
  const std::vector<HeldOcspAnswer>& ocsp_answers() const { return ocsp_answers_; }
  // Of the first intermediate that was left out.
  const std::optional<Error>& left_out() const { return left_out_; }

 private:
  TrustStore() = default;
  Result<void> add_anchor(const Bytes& der, const PathRules& rules);
  Result<void> add_crl(const Bytes& der, const PathRules& rules);

  std::vector<Authority> anchors_;
  std::vector<Authority> intermediates_;
  std::vector<HeldOcspAnswer> ocsp_answers_;
  std::optional<Error> left_out_;
};

}  // namespace certrelay
