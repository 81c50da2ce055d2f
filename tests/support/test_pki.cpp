#include "tests/support/test_pki.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/identity/der.hpp"

namespace certrelay {

using std::chrono::hours;

UtcTime test_now() { return parse_rfc3339("2026-11-22T10:00:00Z").value(); }
Validity test_validity() {
  return {test_now() - hours(24 * 365), test_now() + hours(24 * 365 * 5)};
}

const PkiKey& test_root_key() {
  static const PkiKey key = PkiKey::generate(PkiKeyKind::kRsa2048).value();
  return key;
}
const PkiKey& test_card_key() {
  static const PkiKey key = PkiKey::generate(PkiKeyKind::kRsa2048).value();
  return key;
}
const PkiKey& test_other_key() {
  static const PkiKey key = PkiKey::generate(PkiKeyKind::kRsa2048).value();
  return key;
}
const PkiKey& test_p384_key() {
  static const PkiKey key = PkiKey::generate(PkiKeyKind::kEcP384).value();
  return key;
}

TestPki::TestPki()
    : root_spec(jpki_root_spec(serial_from(1), test_validity())),
      card_spec(jpki_card_spec("MIHON0000001", serial_from(100), test_validity())) {
  crl_spec.number = 12;
  crl_spec.this_update = test_now() - hours(1);
  crl_spec.next_update = test_now() + hours(47);
  crl_spec.entries = {{serial_from(7), test_now() - hours(30), RevocationReason::kUnspecified}};
}

PkiAuthority TestPki::root() const {
  return PkiAuthority::self_signed(root_spec, test_root_key()).value();
}

CardConfig TestPki::config() const {
  CardConfig config;
  config.roots = {root().certificate_der()};
  config.crls = {crl()};
  return config;
}

Result<VerifiedCard> TestPki::verify() const { return verify(card()); }

Result<VerifiedCard> TestPki::verify(ByteView card_der, UtcTime now) const {
  CERTRELAY_TRY(const auto verifier, CardVerifier::load(config()));
  const auto payload = as_bytes("payload");
  CERTRELAY_TRY(const auto signature, test_card_key().sign(payload));
  return verifier->verify(card_der, payload, signature, CardAlgorithm::kRsaPkcs1Sha256, now);
}

Bytes der_of(std::uint8_t tag, const std::vector<Bytes>& parts) {
  Bytes content;
  for (const auto& part : parts) content.insert(content.end(), part.begin(), part.end());
  Bytes out{tag};
  if (content.size() >= 0x80) {
    Bytes length;
    for (auto rest = content.size(); rest > 0; rest >>= 8) {
      length.insert(length.begin(), static_cast<std::uint8_t>(rest & 0xFF));
    }
    out.push_back(static_cast<std::uint8_t>(0x80 | length.size()));
    out.insert(out.end(), length.begin(), length.end());
  } else {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

std::vector<Bytes> parts_of(ByteView constructed) {
  DerReader outer(constructed, ErrorCode::kMalformed);
  DerReader in(outer.any().value().content, ErrorCode::kMalformed);
  std::vector<Bytes> parts;
  while (!in.at_end()) {
    const auto part = in.any().value().whole;
    parts.emplace_back(part.begin(), part.end());
  }
  return parts;
}

Bytes tbs_of(ByteView signed_der) { return parts_of(signed_der).at(0); }

Bytes sign_again(ByteView tbs, const PkiKey& key) {
  const auto signature = key.sign(tbs).value();
  return der_of(0x30,
                {Bytes(tbs.begin(), tbs.end()), from_hex("300d06092a864886f70d01010b0500").value(),
                 der_of(0x03, {{0x00}, signature})});
}

Bytes with_extension_value(ByteView signed_der, const Bytes& oid, const Bytes& value) {
  auto parts = parts_of(tbs_of(signed_der));
  auto extensions = parts_of(parts_of(parts.back()).at(0));
  for (auto& extension : extensions) {
    if (parts_of(extension).at(0) != oid) continue;
    extension = der_of(0x30, {oid, der_of(0x04, {value})});
  }
  parts.back() = der_of(parts.back()[0], {der_of(0x30, extensions)});
  return sign_again(der_of(0x30, parts), test_root_key());
}

Bytes replaced(Bytes bytes, ByteView from, ByteView to) {
  const auto at = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
  CERTRELAY_CHECK(at != bytes.end());
  CERTRELAY_CHECK(std::search(at + 1, bytes.end(), from.begin(), from.end()) == bytes.end());
  const auto hole = bytes.erase(at, at + static_cast<std::ptrdiff_t>(from.size()));
  bytes.insert(hole, to.begin(), to.end());
  return bytes;
}

}  // namespace certrelay
