#include "tests/support/openssl_reading.hpp"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "relay/identity/certificate.hpp"
#include "relay/identity/crl.hpp"
#include "relay/identity/path_rules.hpp"

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
using List = std::unique_ptr<X509_CRL, With<X509_CRL_free>>;
using Number = std::unique_ptr<ASN1_INTEGER, With<ASN1_INTEGER_free>>;

std::string hex_of(const unsigned char* bytes, std::size_t size) {
  return to_hex(ByteView(bytes, size));
}

template <class T, class Write>
std::string der_hex(T* object, Write write) {
  unsigned char* out = nullptr;
  const int size = write(object, &out);
  if (size <= 0) return "none";
  auto text = hex_of(out, static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return text;
}

std::string magnitude(const ASN1_INTEGER* number) {
  return hex_of(ASN1_STRING_get0_data(number),
                static_cast<std::size_t>(ASN1_STRING_length(number)));
}

std::string magnitude(ByteView content) {
  return to_hex(content.size() > 1 && content[0] == 0 ? content.subspan(1) : content);
}

std::string number_text(std::int64_t number) { return std::to_string(number); }

std::string time_text(const ASN1_TIME* time) {
  int days = 0, seconds = 0;
  const std::unique_ptr<ASN1_TIME, With<ASN1_TIME_free>> epoch(ASN1_TIME_set(nullptr, 0));
  if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return "none";
  return number_text(std::int64_t{days} * 86400 + seconds);
}

std::string time_text(UtcTime time) {
  return number_text(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string out;
  for (const auto& part : parts) out += part + " ";
  return out;
}

}  // namespace

std::string openssl_reads_certificate(const Bytes& der) {
  const auto* at = der.data();
  const Certificate read(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!read) return "unreadable";
  auto* x = read.get();
  const auto flags = X509_get_extension_flags(x);
  const bool usage = (flags & EXFLAG_KUSAGE) != 0;
  return joined({magnitude(X509_get0_serialNumber(x)), time_text(X509_get0_notBefore(x)),
                 time_text(X509_get0_notAfter(x)), der_hex(X509_get_issuer_name(x), i2d_X509_NAME),
                 der_hex(X509_get_subject_name(x), i2d_X509_NAME),
                 der_hex(X509_get_X509_PUBKEY(x), i2d_X509_PUBKEY),
                 usage ? number_text(X509_get_key_usage(x)) : "any",
                 (flags & EXFLAG_CA) != 0 ? "CA" : "EE", number_text(X509_get_pathlen(x))});
}

std::string we_read_certificate(const Bytes& der) {
  const auto read = parse_certificate(der);
  if (!read) return "unreadable";
  const auto& view = read.value();
  const auto& constraints = view.basic_constraints;
  const bool authority = constraints && constraints->is_authority;
  const bool length = constraints && constraints->path_length;
  return joined(
      {magnitude(view.serial), time_text(view.not_before), time_text(view.not_after),
       to_hex(view.issuer), to_hex(view.subject), to_hex(view.spki),
       view.key_usage ? number_text(view.key_usage->bits) : "any", authority ? "CA" : "EE",
       length ? number_text(static_cast<std::int64_t>(*constraints->path_length)) : "-1"});
}

std::string openssl_reads_list(const Bytes& der) {
  const auto* at = der.data();
  const List read(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (!read) return "unreadable";
  auto* list = read.get();
  const Number number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list, NID_crl_number, nullptr, nullptr)));
  auto out =
      joined({number ? magnitude(number.get()) : "none", time_text(X509_CRL_get0_lastUpdate(list)),
              time_text(X509_CRL_get0_nextUpdate(list)),
              der_hex(X509_CRL_get_issuer(list), i2d_X509_NAME)});
  const auto* entries = X509_CRL_get_REVOKED(list);
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    auto* entry = sk_X509_REVOKED_value(entries, i);
    const std::unique_ptr<ASN1_ENUMERATED, With<ASN1_ENUMERATED_free>> reason(
        static_cast<ASN1_ENUMERATED*>(
            X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
    const bool held = reason && ASN1_ENUMERATED_get(reason.get()) == 6;
    out += magnitude(X509_REVOKED_get0_serialNumber(entry)) + (held ? "h " : "r ");
  }
  return out;
}

std::string we_read_list(const Bytes& der) {
  const auto read = parse_crl(der, PathRules::for_rfc5280().keys);
  if (!read) return "unreadable";
  const auto& list = read.value().crl;
  Bytes number;
  for (auto rest = list.number; rest > 0; rest >>= 8) {
    number.insert(number.begin(), static_cast<std::uint8_t>(rest & 0xFF));
  }
  if (number.empty()) number = {0};
  auto out = joined({to_hex(number), time_text(list.this_update), time_text(list.next_update),
                     to_hex(list.issuer_der)});
  // The index forgets the order, so the entries are asked for as they stand.
  DerReader whole(der, ErrorCode::kCrlMalformed);
  DerReader tbs(
      DerReader(whole.any().value().content, ErrorCode::kCrlMalformed).any().value().content,
      ErrorCode::kCrlMalformed);
  for (int i = 0; i < 5; ++i) (void)tbs.any().value();  // version, algorithm, issuer, two dates
  if (!tbs.next_is(0x30)) return out;
  DerReader entries(tbs.any().value().content, ErrorCode::kCrlMalformed);
  while (!entries.at_end()) {
    DerReader entry(entries.any().value().content, ErrorCode::kCrlMalformed);
    const auto serial = entry.any().value().content;
    const auto status = list.status(serial);
    out += magnitude(serial);
    out += status == CardStatus::kOnHold ? "h " : status == CardStatus::kRevoked ? "r " : "g ";
  }
  return out;
}

}  // namespace certrelay
