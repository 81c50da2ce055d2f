#include "tests/support/full_pki.hpp"

#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;

Bytes text(std::uint8_t tag, std::string_view content) {
  return der_of(tag, {Bytes(content.begin(), content.end())});
}
Bytes oid_der(std::string_view dotted) { return der_of(0x06, {oid::from_dotted(dotted).value()}); }

// C=JP, O=JPKI, CN=...
Bytes directory(std::string_view common_name) {
  const auto part = [](std::string_view type, std::uint8_t tag, std::string_view value) {
    return der_of(0x31, {der_of(0x30, {oid_der(type), text(tag, value)})});
  };
  return der_of(0xA4, {der_of(0x30, {part("2.5.4.6", 0x13, "JP"), part("2.5.4.10", 0x0C, "JPKI"),
                                     part("2.5.4.3", 0x0C, common_name)})});
}

// One policy with a practice statement and a notice, reference and words.
Bytes qualified_policies(std::string_view policy) {
  const auto pointer = der_of(0x30, {oid_der("1.3.6.1.5.5.7.2.1"), text(0x16, "http://mihon/cps")});
  const auto numbers = der_of(0x30, {{0x02, 0x01, 0x01}, {0x02, 0x01, 0x02}});
  const auto reference = der_of(0x30, {text(0x0C, "Mihon"), numbers});
  const auto notice =
      der_of(0x30, {oid_der("1.3.6.1.5.5.7.2.2"), der_of(0x30, {reference, text(0x0C, "Notice")})});
  return der_of(0x30, {der_of(0x30, {oid_der(policy), der_of(0x30, {pointer, notice})})});
}

// otherName (as JPKI writes its own), directoryName, rfc822Name, dNSName, URI, iPAddress,
// registeredID.
Bytes alternative_names() {
  const auto other =
      der_of(0xA0, {oid_der("1.2.392.200149.8.5.5.1"), der_of(0xA0, {text(0x0C, "MIHON")})});
  return der_of(0x30, {other, text(0x81, "a@b"), text(0x82, "a.example"), directory("Other"),
                       full_pki_uri("urn:a"), der_of(0x87, {{127, 0, 0, 1}}),
                       der_of(0x88, {oid::from_dotted("1.2.3").value()})});
}

Bytes points() {
  const auto name =
      der_of(0xA0, {der_of(0xA0, {directory("CRL 1"), full_pki_uri("http://mihon/crl")})});
  return der_of(0x30, {der_of(0x30, {name})});
}

Bytes access() {
  const auto one = [](std::string_view method, std::string_view where) {
    return der_of(0x30, {oid_der(method), full_pki_uri(where)});
  };
  return der_of(0x30, {one("1.3.6.1.5.5.7.48.1", "http://mihon/ocsp"),
                       one("1.3.6.1.5.5.7.48.2", "http://mihon/ca.cer")});
}

const RawExtension kOwn{"1.2.392.200149.8.5.9.9", false, {0x30, 0x03, 0x02, 0x01, 0x07}};

}  // namespace

Bytes full_pki_uri(std::string_view where) { return text(0x86, where); }

CertificateSpec full_card_spec() {
  auto spec = jpki_card_spec("MIHON0000001", serial_from(100), test_validity());
  spec.extended_key_usage = "clientAuth,emailProtection";
  spec.policies.clear();
  spec.more = {{"2.5.29.32", true, qualified_policies(kJpkiAuthenticationPolicy)},
               {"2.5.29.17", false, alternative_names()},
               {"2.5.29.18", false, der_of(0x30, {directory("Issuer")})},
               {"2.5.29.31", false, points()},
               {"1.3.6.1.5.5.7.1.1", false, access()},
               kOwn};
  return spec;
}

CertificateSpec full_root_spec() {
  auto spec = jpki_root_spec(serial_from(1), test_validity());
  spec.path_length = 1;
  spec.more = {{"2.5.29.17", false, der_of(0x30, {directory("Issuer")})},
               {"2.5.29.32", false, der_of(0x30, {der_of(0x30, {oid_der("2.5.29.32.0")})})},
               kOwn};
  return spec;
}

CrlSpec full_crl_spec() {
  CrlSpec spec;
  spec.number = 12;
  spec.this_update = test_now() - hours(1);
  spec.next_update = test_now() + hours(47);
  spec.entries = {{serial_from(7), test_now() - hours(30), RevocationReason::kUnspecified},
                  {serial_from(8), test_now() - hours(30), RevocationReason::kKeyCompromise},
                  {serial_from(100), test_now() - hours(2), RevocationReason::kCertificateHold}};
  spec.more = {{"2.5.29.18", false, der_of(0x30, {directory("Issuer")})},
               {"2.5.29.46", false, points()},
               kOwn};
  return spec;
}

Bytes with_full_entries(const Bytes& crl) {
  auto parts = parts_of(tbs_of(crl));
  auto& list = parts.at(5);
  std::vector<Bytes> entries;
  const auto invalid_since =
      der_of(0x30, {oid_der("2.5.29.24"), der_of(0x04, {text(0x18, "20261101000000Z")})});
  const auto own = der_of(0x30, {oid_der(kOwn.oid), der_of(0x04, {kOwn.value})});
  for (auto& entry : parts_of(list)) {
    auto fields = parts_of(entry);
    std::vector<Bytes> extensions;
    if (fields.size() == 3) extensions = parts_of(fields[2]);
    fields.resize(2);
    extensions.insert(extensions.end(), {invalid_since, own});
    fields.push_back(der_of(0x30, extensions));
    entries.push_back(der_of(0x30, fields));
  }
  list = der_of(0x30, entries);
  return sign_again(der_of(0x30, parts), test_root_key());
}

CertificateSpec responder_spec(bool checked) {
  auto spec = jpki_card_spec("MIHON RESPONDER", serial_from(50), test_validity());
  spec.extended_key_usage = "OCSPSigning";
  spec.policies.clear();
  spec.more = {{"2.5.29.32", false, qualified_policies("1.2.392.200149.8.5.1.3.40")},
               {"2.5.29.31", false, points()}};
  if (!checked) spec.more.push_back({"1.3.6.1.5.5.7.48.1.5", false, {0x05, 0x00}});
  return spec;
}

}  // namespace certrelay
