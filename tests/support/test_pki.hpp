// A JPKI-like authority in memory, for tests. Keys are made once a process and shared.
#pragma once

#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/identity/card_verifier.hpp"

namespace certrelay {

// 2026-11-22T10:00:00Z, and a validity around it.
UtcTime test_now();
Validity test_validity();

const PkiKey& test_root_key();   // RSA-2048
const PkiKey& test_card_key();   // RSA-2048
const PkiKey& test_other_key();  // RSA-2048, of nobody here
const PkiKey& test_p384_key();

// A root, one list without the card, and one good card. Members may be changed before use.
struct TestPki {
  TestPki();

  CertificateSpec root_spec;
  CertificateSpec card_spec;
  CrlSpec crl_spec;

  PkiAuthority root() const;
  Bytes card() const { return root().issue(card_spec, test_card_key()).value(); }
  Bytes crl() const { return root().issue_crl(crl_spec).value(); }
  CardConfig config() const;
  // load() with config(), then verify() of card() and a fresh signature over "payload".
  Result<VerifiedCard> verify() const;
  Result<VerifiedCard> verify(ByteView card_der, UtcTime now = test_now()) const;
};

// kNone when it holds a value.
template <class T>
ErrorCode code_of(const Result<T>& result) {
  return result ? ErrorCode::kNone : result.error().code;
}

// DER by hand: a value of `tag` around the concatenated parts.
Bytes der_of(std::uint8_t tag, const std::vector<Bytes>& parts);
// The three parts of a certificate or list, and one put together again with a new RSA signature by
// `key`, so that a changed signed part is judged for what it says.
Bytes tbs_of(ByteView signed_der);
// The values inside a constructed value, each whole.
std::vector<Bytes> parts_of(ByteView constructed);
Bytes sign_again(ByteView tbs, const PkiKey& key);
// A certificate or list of the root in which the extension of that OID (a whole value) says
// `value`.
Bytes with_extension_value(ByteView signed_der, const Bytes& oid, const Bytes& value);
// Replaces the one occurrence of `from`; CHECKs that there is exactly one.
Bytes replaced(Bytes bytes, ByteView from, ByteView to);

}  // namespace certrelay
