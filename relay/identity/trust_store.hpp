// Pinned roots, intermediates and their revocation lists, checked once when they are loaded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relay/identity/certificate.hpp"
#include "relay/identity/crl.hpp"
#include "relay/identity/crl_given.hpp"
#include "relay/identity/ocsp.hpp"
#include "relay/identity/path_rules.hpp"
#include "relay/identity/public_key.hpp"

namespace certrelay {

inline constexpr std::size_t kAuthoritiesMax = 512;  // roots, intermediates, lists, answers each
inline constexpr std::size_t kListTriesMax = 1024;   // lists verified, once a key of their name

// A certificate that may issue. Move-only: `view` sees `der`, whose buffer moves with it.
struct Authority {
  Authority(Bytes der_bytes, CertificateView parsed, CardPublicKey public_key, NameMatching how);
  Authority(Authority&&) = default;
  Authority& operator=(Authority&&) = default;
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority() = default;

  Bytes der;
  CertificateView view;
  CardPublicKey key;
  Digest key_digest;        // SHA-256 of the SubjectPublicKeyInfo
  std::string subject_key;  // name_key() of the two names
  std::string issuer_key;
  // What this key verified: the highest complete list, and of each scope the highest.
  std::shared_ptr<const Crl> crl;
  std::vector<std::shared_ptr<const Crl>> scoped_crls;
  std::optional<Error> crl_error;  // of a list of its name that this key did not verify
  std::optional<Error> crl_fault;  // of a list of its name that is refused, whoever signed it
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
  // must be usable, and a list complete; in the other an intermediate that is not is left out, a
  // list that nobody's key verifies leaves its issuer without one, and a list that is refused, or
  // lists that contradict each other, refuse what their issuer signed and nothing else.
  // In the JPKI profile a root of signing certificates is none; in the other copies count once.
  // Errors: kTrustAnchorInvalid, kLimitExceeded, parse_crl()'s, parse_ocsp_answer()'s; JPKI also
  // kCrlScope, kCrlSignature, kCrlIssuerUnknown (a list of somebody else) and kCrlRollBack (lists
  // that contradict each other).
  static Result<TrustStore> load(const TrustMaterial& material, const PathRules& rules);

  const std::vector<Authority>& anchors() const { return anchors_; }
  const std::vector<Authority>& intermediates() const { return intermediates_; }
  const std::vector<HeldOcspAnswer>& ocsp_answers() const { return ocsp_answers_; }
  // Of the first intermediate that was left out.
  const std::optional<Error>& left_out() const { return left_out_; }

 private:
  TrustStore() = default;
  Result<void> add_anchor(const Bytes& der, const PathRules& rules);
  Result<void> add_crl(const Bytes& der, const PathRules& rules, GivenCrls& given);
  Result<void> give_to_issuers(const UncheckedCrl& list, const std::shared_ptr<const Crl>& crl,
                               const PathRules& rules, GivenCrls& given);
  Result<void> add_refused_crl(const Bytes& der, const Error& fault, const PathRules& rules);
  void add_intermediates(const std::vector<Bytes>& given, const PathRules& rules);
  void refuse_issuer(ByteView name, const Error& fault, const PathRules& rules);

  std::vector<Authority> anchors_;
  std::vector<Authority> intermediates_;
  std::vector<HeldOcspAnswer> ocsp_answers_;
  std::size_t list_tries_ = 0;
  std::optional<Error> left_out_;
};

}  // namespace certrelay
