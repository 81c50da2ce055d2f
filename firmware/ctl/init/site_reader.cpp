#include <algorithm>

#include "firmware/ctl/init/certificate_check.hpp"
#include "firmware/ctl/init/key_table.hpp"
#include "firmware/ctl/init/received.hpp"
#include "firmware/ctl/init/site_keys.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/keys/demonstration.hpp"
#include "relay/keys/document_key.hpp"
#include "relay/keys/feeder_key.hpp"
#include "relay/operators/operator_book.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kReceivedBytesMax = std::size_t{256} << 20;  // a list of revoked cards
constexpr std::size_t kFontFileBytesMax = std::size_t{256} << 20;
constexpr std::size_t kCardRootsMax = 16;

std::string of_role(Role role, std::string_view rest) {
  return std::string(to_text(role)) + std::string(rest);
}

// The two purposes have authorities of nearly the same name.
bool is_of_signing_certificates(const Bytes& der) {
  const auto root = parse_certificate(der);
  if (!root) return false;
  const auto name = name_key(root.value().subject, NameMatching::kExact);
  const auto issuers = jpki_signing_issuers();
  return std::ranges::find(issuers, name) != issuers.end();
}

}  // namespace

std::vector<std::string> expected_files(const InitPlan& plan) {
  std::vector<std::string> out;
  for (const Role role : {Role::kCenter, Role::kRegistry, Role::kAdmin}) {
    out.push_back(of_role(role, "-tls.pem"));
    out.push_back(of_role(role, "-ca.pem"));
  }
  for (const auto& peer : plan.peers) out.push_back(of_role(peer.role, "-peer.pem"));
  for (const char* person : {"center-head", "city-administrator"}) {
    out.push_back(std::string(person) + ".pem");
    out.push_back(std::string(person) + ".application.json");
  }
  if (plan.documents()) out.emplace_back("documents.pem");
  for (const char* file : {"feeder.pub.pem", "card-root.pem", "card.crl"}) out.emplace_back(file);
  return out;
}

void SiteReader::find(const std::string& file, std::string what, std::string mend) {
  findings_.push_back({file, std::move(what), std::move(mend)});
}

bool SiteReader::is_given(const std::string& file) const {
  return files_.info(from_ + "/" + file).has_value();
}

std::vector<std::string> SiteReader::given(const std::string& prefix,
                                           const std::string& suffix) const {
  auto names = files_.list(from_);
  if (!names) return {};
  std::erase_if(names.value(), [&](const std::string& name) {
    return !name.starts_with(prefix) || !name.ends_with(suffix);
  });
  return std::move(names).value();
}

std::string SiteReader::take(const std::string& file) {
  const auto bytes = files_.read_all(from_ + "/" + file, kReceivedBytesMax);
  if (!bytes) {
    find(file, "ファイルがないか、読めません", "この名前で受渡しフォルダーに置いてください");
    return {};
  }
  std::string text(as_text(bytes.value()));
  site_.files[file] = text;
  return text;
}

Result<void> SiteReader::read_listener(const InitPlan::Listener& listener) {
  const auto file = of_role(listener.role, "-tls.pem");
  const auto authority_file = of_role(listener.role, "-ca.pem");
  const auto authority = take(authority_file);
  if (!authority.empty()) {
    if (const auto fault = authority_fault(authority, now_)) {
      find(authority_file, fault->first, fault->second);
    }
  }
  // Our own certificate may come from another authority than the clients'.
  const auto own_file = of_role(listener.role, "-server-ca.pem");
  const auto issuer = is_given(own_file) ? take(own_file) : authority;
  if (is_given(own_file)) {
    if (const auto fault = authority_fault(issuer, now_)) {
      find(own_file, fault->first, fault->second);
    }
  }
  const auto pem = take(file);
  if (pem.empty()) return ok();
  const auto judged =
      judge_certificate(pem, {CertificateUse::kServer, issuer, {listener.server_name}}, now_);
  const auto* row = site_key("tls." + std::string(to_text(listener.role)) + ".key");
  const auto key_path = folder_ + "/" + std::string(row->file);
  CERTRELAY_TRY(const auto key_pem, files_.read_all(key_path, std::size_t{64} << 10));
  CERTRELAY_TRY(const auto key,
                PrivateKey::from_pem(as_text(key_pem), password_, KeyType::kEcdsaP256));
  if (!judged.spki.empty() && judged.spki != key.spki()) {
    find(file, "この機器の鍵の証明書ではありません",
         "渡したCSR（" + std::string(row->handed_out) + "）から発行されたものか確認してください");
  } else if (judged.fault) {
    find(file, judged.fault->first, judged.fault->second);
  }
  return ok();
}

void SiteReader::read_peer(const InitPlan::DataPeer& peer) {
  const auto file = of_role(peer.role, "-peer.pem");
  const auto pem = take(file);
  if (pem.empty()) return;
  const auto& authority = site_.files[of_role(peer.role, "-ca.pem")];
  const auto judged =
      judge_certificate(pem, {CertificateUse::kClient, authority, {peer.san}}, now_);
  if (judged.fault) return find(file, judged.fault->first, judged.fault->second);
  site_.peer_pins[peer.role] = to_base64(sha256(judged.spki));
}

void SiteReader::read_person(const std::string& file, const std::string& name, OperatorRole role) {
  const auto pem = take(file + ".pem");
  const auto application_file = file + ".application.json";
  const auto text = take(application_file);
  if (pem.empty() || text.empty()) return;
  std::vector<std::string> terminals;
  for (const auto& terminal : plan_.terminals) terminals.push_back(terminal.san);
  const auto judged = judge_certificate(
      pem, {CertificateUse::kClient, site_.files["admin-ca.pem"], std::move(terminals)}, now_);
  if (judged.fault) return find(file + ".pem", judged.fault->first, judged.fault->second);
  const std::string again = "本人が certrelayctl operator apply で作り直してください";
  const auto application = decode_signed_application(as_bytes(text));
  if (!application) return find(application_file, "利用申請書として読めません", again);
  auto account = account_from(plan_.municipality, application.value(), now_);
  if (!account) {
    return find(application_file, "申請の署名か記載（所属・役割・最終日）が正しくありません",
                again);
  }
  if (account.value().name.text() != name) {
    return find(application_file, "計画の利用者ID（" + name + "）の申請ではありません",
                "計画と申請のどちらが正しいかを確認してください");
  }
  if (account.value().roles != RoleSet{role}) {
    return find(application_file,
                "役割が " + std::string(to_text(role)) + " だけの申請ではありません", again);
  }
  if (account.value().client_key != sha256(judged.spki)) {
    return find(application_file, "申請と " + file + ".pem の鍵が一致しません", again);
  }
  OperatorBook book;
  for (const auto& other : site_.people) (void)book.add(other, 2, now_);
  if (!book.add(account.value(), 2, now_)) {
    return find(application_file, "2人の鍵が同じです",
                "鍵は1人に1つです。別の鍵で申請してください");
  }
  site_.people.push_back(std::move(account).value());
  site_.applications.push_back(sha256(text));
}

Result<void> SiteReader::read_documents() {
  if (!plan_.documents()) return ok();
  const auto pem = take("documents.pem");
  if (pem.empty()) return ok();
  const auto judged = judge_certificate(pem, {CertificateUse::kDocuments, {}, {}}, now_);
  if (judged.fault) {
    find("documents.pem", judged.fault->first, judged.fault->second);
    return ok();
  }
  CERTRELAY_TRY(
      const auto key,
      files_.read_all(folder_ + "/" + std::string(site_key(kDocumentsSetting)->file), 64 << 10));
  const auto opened = DocumentKey::from_pem(pem, as_text(key), password_);
  if (!opened) {
    find("documents.pem", "この機器の鍵の証明書ではありません",
         "渡したCSR（to-authorities/documents.csr）から発行されたものか確認してください");
  }
  return ok();
}

void SiteReader::read_feeder() {
  const auto pem = take("feeder.pub.pem");
  if (pem.empty() || FeederVerifier::from_pems({pem})) return;
  find("feeder.pub.pem", "Ed25519の公開鍵（PEM）ではありません",
       "既存住民基本台帳システムの担当者から公開鍵を受け取り直してください");
}

void SiteReader::read_cards() {
  site_.card_roots = given("card-root", ".pem");
  site_.card_crls = given("card", ".crl");
  if (site_.card_roots.empty()) site_.card_roots = {"card-root.pem"};
  if (site_.card_crls.empty()) site_.card_crls = {"card.crl"};
  if (site_.card_roots.size() > kCardRootsMax) {
    return find("card-root*.pem", "16個を超えています", "現行の認証局のものだけにしてください");
  }
  CardConfig trust;
  const auto bytes_of_file = [&](const std::string& file) {
    const auto text = take(file);
    const auto bytes = as_bytes(text);
    return Bytes(bytes.begin(), bytes.end());
  };
  const auto before = findings_.size();
  for (const auto& file : site_.card_roots) {
    trust.roots.push_back(bytes_of_file(file));
    const auto ders = split_pem(trust.roots.back(), "CERTIFICATE");
    if (!ders ||
        std::ranges::any_of(ders.value(), [](const Bytes& der) { return is_demonstration(der); })) {
      find(file, "公的個人認証サービスの認証局のものではないか、見本（デモ）用です",
           "J-LISから受け取った認証局の証明書を入れてください");
    } else if (std::ranges::any_of(ders.value(), is_of_signing_certificates)) {
      find(file, "署名用電子証明書の認証局の証明書です",
           "利用者証明用電子証明書の認証局の証明書を入れてください");
    }
  }
  for (const auto& file : site_.card_crls) trust.crls.push_back(bytes_of_file(file));
  if (findings_.size() != before) return;
  const auto loaded = CardVerifier::load(std::move(trust));
  if (!loaded || !loaded.value()->health().every_issuer_has_crl) {
    return find("card-root*.pem, card*.crl", "認証局ごとの失効リストがそろっていないか、合いません",
                "認証局の証明書と、その最新の失効リストを入れてください");
  }
  const auto health = loaded.value()->health();
  // The first entries of the ledger are of a clock that somebody vouched for.
  if (now_ < health.newest_this_update || now_ >= health.earliest_next_update) {
    find("card*.crl", "失効リストの有効な期間と、機器の時計が合いません",
         "機器の時計を確認し、最新の失効リストを入れてください");
  }
}

void SiteReader::read_font() {
  const auto bytes = files_.read_all(plan_.font, kFontFileBytesMax);
  if (bytes) {
    site_.font = sha256(bytes.value());
    return;
  }
  find(plan_.font, "フォントがありません", "パッケージ fonts-ipamj-mincho を入れてください");
}

Result<ReceivedSite> SiteReader::read() {
  CERTRELAY_TRY(password_, read_site_password(files_, folder_));
  for (const auto& listener : plan_.listeners) {
    if (listener.role == Role::kMonitoring) continue;
    CERTRELAY_TRY(read_listener(listener));
  }
  for (const auto& peer : plan_.peers) read_peer(peer);
  read_person("center-head", plan_.center_head, OperatorRole::kCenterHead);
  read_person("city-administrator", plan_.city_administrator, OperatorRole::kCityAdministrator);
  CERTRELAY_TRY(read_documents());
  read_feeder();
  read_cards();
  read_font();
  wipe(std::span(reinterpret_cast<std::uint8_t*>(password_.data()), password_.size()));
  return site_;
}

}  // namespace certrelay
