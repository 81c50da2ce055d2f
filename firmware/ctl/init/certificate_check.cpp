#include "firmware/ctl/init/certificate_check.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "firmware/client/pem.hpp"
#include "protocol/base/japanese_time.hpp"
#include "relay/keys/demonstration.hpp"

namespace certrelay {
namespace {

using Fault = std::optional<std::pair<std::string, std::string>>;
using StorePointer = OpensslPointer<X509_STORE, X509_STORE_free>;
using StoreContextPointer = OpensslPointer<X509_STORE_CTX, X509_STORE_CTX_free>;

struct FreeIssuers {
  void operator()(STACK_OF(X509) * all) const { sk_X509_free(all); }  // not what it holds
};
using IssuersPointer = std::unique_ptr<STACK_OF(X509), FreeIssuers>;

constexpr int kAuthLevel = 2;  // as the listeners demand: RSA of 2048 bits, curves of 224

const std::pair<std::string, std::string> kNoCertificate{
    "PEM形式の証明書ではありません", "証明書（-----BEGIN CERTIFICATE-----）だけを入れてください"};

std::string day_of(const ASN1_TIME* time) {
  const auto utc = utc_of(*time);
  return utc ? japanese_day(jst_day(utc.value())) : "不明";
}

Fault date_fault(const X509& certificate, UtcTime now) {
  const auto from = utc_of(*X509_get0_notBefore(&certificate));
  const auto to = utc_of(*X509_get0_notAfter(&certificate));
  if (!from || !to) return kNoCertificate;
  if (now < from.value()) {
    return {{"有効期間が始まっていません（" + day_of(X509_get0_notBefore(&certificate)) + "から）",
             "機器の時計と、証明書の有効期間を確認してください"}};
  }
  if (now >= to.value()) {  // as X509_verify_cert() counts
    return {{"有効期限が切れています（" + day_of(X509_get0_notAfter(&certificate)) + "まで）",
             "認証局に再発行を依頼してください"}};
  }
  return std::nullopt;
}

Fault demonstration_fault(X509& certificate) {
  const auto der = to_der(certificate);
  if (der && !is_demonstration(der.value())) return std::nullopt;
  return {{"見本（デモ）用の認証局のものです",
           "本番の認証局が発行した証明書に差し替えてください。見本用のものは使えません"}};
}

// Absent would mean "for anything": a certificate that was asked for says what for.
Fault usage_fault(X509& leaf, CertificateUse use) {
  if (X509_check_ca(&leaf) != 0) {
    return {{"認証局の証明書です", "認証局ではなく、発行された証明書を入れてください"}};
  }
  if ((X509_get_key_usage(&leaf) & X509v3_KU_DIGITAL_SIGNATURE) == 0) {
    return {{"鍵用途に digitalSignature がありません", "CSRのとおりの再発行を依頼してください"}};
  }
  if (use == CertificateUse::kDocuments) return std::nullopt;
  const bool server = use == CertificateUse::kServer;
  const auto usage = X509_get_extended_key_usage(&leaf);
  const auto wanted = server ? XKU_SSL_SERVER : XKU_SSL_CLIENT;
  if (usage != UINT32_MAX && (usage & static_cast<std::uint32_t>(wanted)) != 0) return std::nullopt;
  return {{std::string("拡張鍵用途に ") + (server ? "serverAuth" : "clientAuth") + " がありません",
           "用途を指定した再発行を依頼してください"}};
}

bool carries(X509& leaf, const std::string& name) {
  constexpr unsigned kExact = X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  if (name.starts_with("IP:")) return X509_check_ip_asc(&leaf, name.c_str() + 3, 0) == 1;
  const auto names = peer_names_of(leaf);
  if (std::ranges::find(names, name) != names.end()) return true;
  return name.starts_with("DNS:") &&
         X509_check_host(&leaf, name.c_str() + 4, name.size() - 4, kExact, nullptr) == 1;
}

Fault name_fault(X509& leaf, const std::vector<std::string>& names) {
  if (names.empty()) return std::nullopt;
  if (std::ranges::any_of(names, [&](const auto& name) { return carries(leaf, name); })) {
    return std::nullopt;
  }
  return {{"計画の名前（" + names.front() + (names.size() > 1 ? " など" : "") +
               "）が主体者代替名（SAN）にありません",
           "計画の記載と証明書のどちらが正しいかを確認してください"}};
}

Fault chain_fault(const std::vector<X509Pointer>& chain, const CertificateWish& wish, UtcTime now) {
  if (wish.authority_pem.empty()) return std::nullopt;
  const auto roots = certificates_of(wish.authority_pem, ErrorCode::kMalformed);
  const StorePointer store(X509_STORE_new());
  const StoreContextPointer context(X509_STORE_CTX_new());
  const IssuersPointer issuers(sk_X509_new_null());
  bool fine = roots.has_value() && store && context && issuers;
  for (std::size_t i = 0; fine && i < roots.value().size(); ++i) {
    fine = X509_STORE_add_cert(store.get(), roots.value()[i].get()) == 1;
  }
  for (std::size_t i = 1; fine && i < chain.size(); ++i) {
    fine = sk_X509_push(issuers.get(), chain[i].get()) > 0;
  }
  fine = fine && X509_STORE_CTX_init(context.get(), store.get(), chain[0].get(), issuers.get());
  if (fine) {
    X509_VERIFY_PARAM* demand = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_auth_level(demand, kAuthLevel);
    X509_VERIFY_PARAM_set_time(demand, std::chrono::system_clock::to_time_t(now));
    X509_VERIFY_PARAM_set_purpose(demand, wish.use == CertificateUse::kServer
                                              ? X509_PURPOSE_SSL_SERVER
                                              : X509_PURPOSE_SSL_CLIENT);
  }
  fine = fine && X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  if (fine) return std::nullopt;
  return {{"認証局の証明書までたどれません",
           "発行元の認証局の証明書を確認し、中間認証局の証明書があれば続けて入れてください"}};
}

}  // namespace

JudgedCertificate judge_certificate(const std::string& pem, const CertificateWish& wish,
                                    UtcTime now) {
  JudgedCertificate out;
  const auto chain = certificates_of(pem, ErrorCode::kMalformed);
  if (!chain) {
    out.fault = kNoCertificate;
    return out;
  }
  X509& leaf = *chain.value().front();
  const auto spki = public_key_der(leaf);
  const auto ends = utc_of(*X509_get0_notAfter(&leaf));
  if (!spki || !ends) {
    out.fault = kNoCertificate;
    return out;
  }
  out.spki = spki.value();
  out.not_after = ends.value();
  for (const auto& one : chain.value()) {
    if (!out.fault) out.fault = demonstration_fault(*one);
  }
  if (!out.fault) out.fault = date_fault(leaf, now);
  if (!out.fault) out.fault = usage_fault(leaf, wish.use);
  if (!out.fault) out.fault = name_fault(leaf, wish.names);
  if (!out.fault) out.fault = chain_fault(chain.value(), wish, now);
  return out;
}

std::optional<std::pair<std::string, std::string>> authority_fault(const std::string& pem,
                                                                   UtcTime now) {
  const auto all = certificates_of(pem, ErrorCode::kMalformed);
  if (!all) return kNoCertificate;
  for (const auto& one : all.value()) {
    if (auto fault = demonstration_fault(*one)) return fault;
    if (auto fault = date_fault(*one, now)) return fault;
    if (X509_check_ca(one.get()) != 1) {
      return {{"認証局の証明書ではありません", "発行元の認証局の証明書を入れてください"}};
    }
  }
  return std::nullopt;
}

}  // namespace certrelay
