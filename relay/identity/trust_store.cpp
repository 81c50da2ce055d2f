#include "relay/identity/trust_store.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace certrelay {
namespace {

Result<Authority> make_authority(const Bytes& der, const PathRules& rules) {
  Bytes own = der;
  CERTRELAY_TRY(auto view, parse_certificate(own));
  CERTRELAY_TRY(auto key, CardPublicKey::from_spki(view.spki, rules.keys));
  return Authority(std::move(own), std::move(view), std::move(key), rules.names);
}

bool may_sign_certificates(const CertificateView& view) {
  return view.basic_constraints && view.basic_constraints->is_authority && view.key_usage &&
         (view.key_usage->bits & key_usage::kCertSign) != 0;
}

bool signed_itself(const Authority& authority, const PathRules& rules) {
  const auto algorithm = parse_signature_algorithm(authority.view.signature_algorithm, rules.keys,
                                                   ErrorCode::kCertificateAlgorithm);
  return algorithm && same_bytes(authority.view.issuer, authority.view.subject) &&
         authority.key.verifies(algorithm.value(), authority.view.tbs, authority.view.signature);
}

// A list that names another key, or another certificate, is another one's, whoever signed it.
bool names_key_of(const Crl& crl, const Authority& authority, const PathRules& rules) {
  const auto& view = authority.view;
  const auto& named = crl.authority_certificate;
  if (named && !named->is(view.issuer, view.serial, rules.names)) return false;
  const auto& wanted = crl.authority_key_id;
  const auto& offered = view.subject_key_id;
  return !wanted || !offered || same_bytes(*wanted, *offered);
}

bool is_newer(const Crl& a, const Crl& b) {
  return a.number != b.number ? a.number > b.number : a.this_update > b.this_update;
}

bool is_same_scope(const Crl& a, const Crl& b) {
  return a.scope && b.scope && a.scope->whole == b.scope->whole;
}

void keep_highest(std::shared_ptr<const Crl>& kept, const std::shared_ptr<const Crl>& given) {
  if (!kept || is_newer(*given, *kept)) kept = given;
}

void keep(Authority& authority, const std::shared_ptr<const Crl>& given) {
  if (!given->scope) return keep_highest(authority.crl, given);
  for (auto& kept : authority.scoped_crls) {
    if (is_same_scope(*kept, *given)) return keep_highest(kept, given);
  }
  authority.scoped_crls.push_back(given);
}

// Copies tell nothing new. Views what it is shown.
class SeenOnce {
 public:
  bool is_new(const Bytes& der) { return seen_.insert(as_text(der)).second; }

 private:
  std::set<std::string_view> seen_;
};

Result<UncheckedCrl> read_crl(const Bytes& der, const PathRules& rules) {
  CERTRELAY_TRY(auto unchecked, parse_crl(der, rules.keys));
  // One list an issuer is what the relay keeps marks and an index of.
  if (rules.jpki && unchecked.crl.scope) return Error{ErrorCode::kCrlScope, "crl: scope"};
  // A list that says a thing twice was not made with care; for JPKI's it changes nothing, and
  // refusing it would stop a city.
  if (!rules.jpki && unchecked.crl.revoked.has_duplicates()) {
    return Error{ErrorCode::kCrlSerialTwice, "crl: serial twice"};
  }
  return unchecked;
}

}  // namespace

Authority::Authority(Bytes der_bytes, CertificateView parsed, CardPublicKey public_key,
                     NameMatching how)
    : der(std::move(der_bytes)),
      view(std::move(parsed)),
      key(std::move(public_key)),
      key_digest(sha256(view.spki)),
      subject_key(name_key(view.subject, how)),
      issuer_key(name_key(view.issuer, how)) {}

Result<TrustStore> TrustStore::load(const TrustMaterial& material, const PathRules& rules) {
  if (material.anchors_der.size() > kAuthoritiesMax ||
      material.intermediates_der.size() > kAuthoritiesMax ||
      material.crls_der.size() > kAuthoritiesMax || material.ocsp_der.size() > kAuthoritiesMax) {
    return Error{ErrorCode::kLimitExceeded, "trust store: too many"};
  }
  TrustStore store;
  SeenOnce seen;
  for (const auto& der : material.anchors_der) {
    if (!rules.jpki && !seen.is_new(der)) continue;
    CERTRELAY_TRY(store.add_anchor(der, rules));
  }
  if (!rules.jpki) store.add_intermediates(material.intermediates_der, rules);
  GivenCrls given;
  for (const auto& der : material.crls_der) {
    CERTRELAY_TRY(store.add_crl(der, rules, given));
  }
  for (const auto& der : material.ocsp_der) {
    Bytes own = der;
    CERTRELAY_TRY(auto answer, parse_ocsp_answer(own, rules.keys));
    store.ocsp_answers_.emplace_back(std::move(own), std::move(answer));
  }
  return store;
}

void TrustStore::add_intermediates(const std::vector<Bytes>& given, const PathRules& rules) {
  SeenOnce seen;
  for (const auto& der : given) {
    if (!seen.is_new(der)) continue;
    auto authority = make_authority(der, rules);
    if (authority) {
      intermediates_.push_back(std::move(authority).value());
    } else if (!left_out_) {
      left_out_ = authority.error();
    }
  }
}

Result<void> TrustStore::add_anchor(const Bytes& der, const PathRules& rules) {
  auto authority = make_authority(der, rules);
  if (!authority) return Error{ErrorCode::kTrustAnchorInvalid, authority.error().where};
  if (rules.jpki && !may_sign_certificates(authority.value().view)) {
    return Error{ErrorCode::kTrustAnchorInvalid, "trust anchor: not an authority"};
  }
  if (rules.jpki && !signed_itself(authority.value(), rules)) {
    return Error{ErrorCode::kTrustAnchorInvalid, "trust anchor: not self-signed"};
  }
  const auto& other = rules.other_purpose_issuers;
  if (rules.jpki &&
      std::find(other.begin(), other.end(), authority.value().subject_key) != other.end()) {
    return Error{ErrorCode::kTrustAnchorInvalid, "trust anchor: of signing certificates"};
  }
  anchors_.push_back(std::move(authority).value());
  return ok();
}

Result<void> TrustStore::add_crl(const Bytes& der, const PathRules& rules, GivenCrls& given) {
  auto read = read_crl(der, rules);
  if (!read) return add_refused_crl(der, read.error(), rules);
  auto unchecked = std::move(read).value();
  const auto shared = std::make_shared<const Crl>(std::move(unchecked.crl));
  return give_to_issuers(unchecked, shared, rules, given);
}

// To every authority of that name whose key verifies it; a key of several is asked once.
Result<void> TrustStore::give_to_issuers(const UncheckedCrl& list,
                                         const std::shared_ptr<const Crl>& crl,
                                         const PathRules& rules, GivenCrls& given) {
  std::map<Digest, bool> answers;
  bool named = false;
  bool verified = false;
  const auto issuer = name_key(crl->issuer_der, rules.names);
  for (auto* group : {&anchors_, &intermediates_}) {
    for (auto& authority : *group) {
      if (authority.subject_key != issuer) continue;
      named = true;
      const Error not_its{ErrorCode::kCrlSignature, "crl: signature"};
      if (!names_key_of(*crl, authority, rules)) {
        authority.crl_error = not_its;
        continue;
      }
      const auto [answer, is_fresh] = answers.try_emplace(authority.key_digest, false);
      if (is_fresh) {
        if (++list_tries_ > kListTriesMax) {
          return Error{ErrorCode::kLimitExceeded, "trust store: lists and keys"};
        }
        answer->second = list.verifies_under(authority.key);
        // One of the two is not the issuer's word, or its words are worth nothing.
        if (answer->second && !given.add(list, *crl, authority.key_digest, rules.names)) {
          const Error contradiction{ErrorCode::kCrlRollBack, "crl: lists contradict each other"};
          if (rules.jpki) return contradiction;
          refuse_issuer(crl->issuer_der, contradiction, rules);
        }
      }
      if (!answer->second) {
        authority.crl_error = not_its;
        continue;
      }
      verified = true;
      keep(authority, crl);
    }
  }
  if (verified || !rules.jpki) return ok();
  return named ? Error{ErrorCode::kCrlSignature, "crl: signature"}
               : Error{ErrorCode::kCrlIssuerUnknown, "crl: of an issuer that is not pinned"};
}

// It might be the one that revokes: its issuer's certificates are refused. Other issuers have
// nothing to do with it, and one that names nobody may be anybody's.
Result<void> TrustStore::add_refused_crl(const Bytes& der, const Error& fault,
                                         const PathRules& rules) {
  const auto issuer = crl_issuer(der);
  if (rules.jpki || !issuer) return fault;
  refuse_issuer(*issuer, fault, rules);
  return ok();
}

void TrustStore::refuse_issuer(ByteView name, const Error& fault, const PathRules& rules) {
  const auto issuer = name_key(name, rules.names);
  for (auto* group : {&anchors_, &intermediates_}) {
    for (auto& authority : *group) {
      if (authority.subject_key != issuer) continue;
      if (!authority.crl_fault) authority.crl_fault = fault;
    }
  }
}

}  // namespace certrelay
