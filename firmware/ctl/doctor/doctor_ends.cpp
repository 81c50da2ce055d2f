#include "firmware/ctl/doctor/doctor_parts.hpp"
#include "relay/front/pem_file.hpp"
#include "relay/front/tls.hpp"
#include "relay/identity/card_verifier.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPemMax = std::size_t{1} << 20;
constexpr std::size_t kListMax = std::size_t{256} << 20;

std::string text_in(Files& files, const std::string& path, std::size_t max) {
  const auto bytes = files.read_all(path, max);
  return bytes ? std::string(as_text(bytes.value())) : std::string();
}

DoctorLine broken(std::string check, std::string what, std::string mend) {
  return {std::move(check), DoctorState::kFailed, std::move(what), std::nullopt, std::move(mend)};
}

// The first end of all certificates in the file.
DoctorLine end_of_pem(const std::string& check, const std::string& thing, const std::string& path,
                      Files& files, const DoctorQuestion& question) {
  const auto all = certificates_of(text_in(files, path, kPemMax), ErrorCode::kMalformed);
  if (!all) return broken(check, path + " に証明書がありません", "証明書（PEM）を置いてください");
  UtcTime begin{}, end = UtcTime::max();
  for (const auto& one : all.value()) {
    const auto from = utc_of(*X509_get0_notBefore(one.get()));
    const auto to = utc_of(*X509_get0_notAfter(one.get()));
    if (!from || !to || to.value() >= end) continue;
    begin = from.value();
    end = to.value();
  }
  return judge_end(
      check, thing, begin, end,
      "認証局に更新を依頼し、" + path + " を差し替えて certrelayd に SIGHUP を送ってください",
      question);
}

void examine_listener(const Config& config, const ListenerSection& listener, Files& files,
                      const DoctorQuestion& question, std::vector<DoctorLine>& out) {
  const auto check = "tls." + std::string(to_text(listener.role));
  const TlsFiles& tls = *listener.tls;
  const auto file = [&](const std::string& path) {
    return PemFile{path, text_in(files, path, kPemMax)};
  };
  const TlsSettings settings{file(tls.certificate), file(tls.key), config.keys.password,
                             file(tls.client_ca)};
  const auto made = TlsServer::make(settings, question.now);
  const bool dated = !made && (made.error().code == ErrorCode::kTlsExpired);
  if (!made && !dated) {
    const auto fault = explain_tls_fault(made.error(), settings);
    out.push_back(broken(check, fault.path + " が使えません", std::string(fault.mend)));
    return;
  }
  out.push_back(end_of_pem(check, "サーバ証明書", tls.certificate, files, question));
  out.push_back(
      end_of_pem(check + ".client_ca", "相手方の認証局の証明書", tls.client_ca, files, question));
}

Bytes bytes_in(Files& files, const std::string& path, std::size_t max) {
  auto bytes = files.read_all(path, max);
  return bytes ? std::move(bytes).value() : Bytes();
}

void examine_lists(const Config& config, Files& files, const DoctorQuestion& question,
                   std::vector<DoctorLine>& out) {
  auto trust = card_config_of(config.card, [&](std::string_view key, const std::string& path) {
    return bytes_in(files, path, key == "card.crls" ? kListMax : kPemMax);
  });
  const std::string mend =
      "最新の失効リストを card.crls のファイルに置き、certrelayd に SIGHUP を送ってください";
  const auto cards = CardVerifier::load(std::move(trust));
  if (!cards) {
    out.push_back(broken("crl", "認証局の証明書か失効リストが読めないか、合いません", mend));
    return;
  }
  for (const auto& issuer : cards.value()->health().issuers) {
    if (issuer.crls.empty()) out.push_back(broken("crl", "失効リストのない認証局があります", mend));
    for (const auto& list : issuer.crls) {
      auto end = list.next_update;
      if (config.card.crl_age_max) end = std::min(end, list.this_update + *config.card.crl_age_max);
      out.push_back(judge_end("crl", "失効リスト", list.this_update, end, mend, question));
    }
    out.push_back(judge_end("card.roots", "カードの認証局の証明書", UtcTime{}, issuer.not_after,
                            "J-LISから次の認証局の証明書を受け取り、card.roots に加えてください",
                            question));
  }
}

}  // namespace

std::vector<DoctorLine> examine_ends(const Config& config, Files& files,
                                     const DoctorQuestion& question) {
  std::vector<DoctorLine> out;
  for (const auto& listener : config.listeners) {
    if (listener.tls) examine_listener(config, listener, files, question, out);
  }
  if (config.documents) {
    out.push_back(end_of_pem("documents", "証明書に付ける署名の証明書",
                             config.documents->certificate, files, question));
  }
  examine_lists(config, files, question, out);
  return out;
}

}  // namespace certrelay
