#include "relay/front/pem_file.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

#include "protocol/base/bytes.hpp"

namespace certrelay {
namespace {

using NamesPointer = OpensslPointer<GENERAL_NAMES, GENERAL_NAMES_free>;
using BioPointer = OpensslPointer<BIO, BIO_free_all>;
using EncryptedPointer = OpensslPointer<X509_SIG, X509_SIG_free>;
using KeyInfoPointer = OpensslPointer<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

struct PemBlock {
  std::string label;
  bool has_headers = false;  // the old "Proc-Type" way of encrypting
  Bytes der;
};

std::vector<PemBlock> blocks_of(std::string_view pem) {
  std::vector<PemBlock> blocks;
  const BioPointer in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* label = nullptr;
  char* headers = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  while (in && PEM_read_bio(in.get(), &label, &headers, &der, &size) == 1) {
    blocks.push_back({label, headers[0] != '\0', Bytes(der, der + size)});
    OPENSSL_free(label);
    OPENSSL_free(headers);
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  }
  ERR_clear_error();  // the end of the text is reported as an error
  return blocks;
}

Result<KeyInfoPointer> open_key(const PemBlock& block, std::string_view passphrase) {
  const unsigned char* at = block.der.data();
  const auto size = static_cast<long>(block.der.size());
  if (block.label == "PRIVATE KEY" && passphrase.empty()) {
    return KeyInfoPointer(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, size));
  }
  if (block.label != "ENCRYPTED PRIVATE KEY") {
    return Error{ErrorCode::kKeyUnusable, "tls: private key"};
  }
  const EncryptedPointer sealed(d2i_X509_SIG(nullptr, &at, size));
  if (!sealed) return Error{ErrorCode::kKeyUnusable, "tls: private key"};
  KeyInfoPointer info(
      PKCS8_decrypt(sealed.get(), passphrase.data(), static_cast<int>(passphrase.size())));
  if (!info) return Error{ErrorCode::kWrongPassphrase, "tls: pass phrase"};
  return info;
}

std::string text_of(const ASN1_STRING& value) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(&value));
  return {data, static_cast<std::size_t>(ASN1_STRING_length(&value))};
}

}  // namespace

Result<std::vector<X509Pointer>> certificates_of(std::string_view pem, ErrorCode code) {
  std::vector<X509Pointer> out;
  for (const auto& block : blocks_of(pem)) {
    const unsigned char* at = block.der.data();
    X509Pointer certificate(block.label == "CERTIFICATE"
                                ? d2i_X509(nullptr, &at, static_cast<long>(block.der.size()))
                                : nullptr);
    ERR_clear_error();
    if (!certificate) return Error{code, "tls: certificates"};
    out.push_back(std::move(certificate));
  }
  if (out.empty()) return Error{code, "tls: certificates"};
  return out;
}

Result<PkeyPointer> private_key_of(std::string_view pem, std::string_view passphrase) {
  auto blocks = blocks_of(pem);
  if (blocks.size() != 1 || blocks[0].has_headers) {
    return Error{ErrorCode::kKeyUnusable, "tls: private key"};
  }
  auto info = open_key(blocks[0], passphrase);
  wipe(blocks[0].der);
  ERR_clear_error();
  if (!info) return info.error();
  PkeyPointer key(info.value() ? EVP_PKCS82PKEY(info.value().get()) : nullptr);
  ERR_clear_error();
  if (!key) return Error{ErrorCode::kKeyUnusable, "tls: private key"};
  return key;
}

Result<UtcTime> utc_of(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return Error{ErrorCode::kMalformed, "tls: time"};
  using namespace std::chrono;
  const auto day =
      sys_days(year(parts.tm_year + 1900) / month(static_cast<unsigned>(parts.tm_mon + 1)) /
               std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  return UtcTime(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

// The length decides, so a NUL ends nothing.
std::vector<std::string> peer_names_of(const X509& certificate) {
  std::vector<std::string> out;
  const NamesPointer names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  ERR_clear_error();
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) out.push_back("DNS:" + text_of(*name->d.dNSName));
    if (name->type == GEN_URI) {
      out.push_back("URI:" + text_of(*name->d.uniformResourceIdentifier));
    }
  }
  return out;
}

}  // namespace certrelay
