#include "tests/unit/init/init_world.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "firmware/ctl/init/key_table.hpp"
#include "protocol/wire/operator_message.hpp"
#include "relay/keys/feeder_key.hpp"

namespace certrelay::testing {
namespace {

constexpr Role kServed[] = {Role::kCenter, Role::kRegistry, Role::kAdmin};
constexpr const char* kFont = "/font.ttf";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

// An authority signs what the request asks for; PkiAuthority issues for a PkiKey, so the request's
// key is put into a fresh certificate here.
std::string signed_for(const PkiAuthority& authority, const CertificateSpec& spec,
                       const std::string& csr) {
  BIO* bio = BIO_new_mem_buf(csr.data(), static_cast<int>(csr.size()));
  X509_REQ* request = PEM_read_bio_X509_REQ(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  EVP_PKEY* key = X509_REQ_get_pubkey(request);
  EXPECT_EQ(X509_REQ_verify(request, key), 1);
  const auto any = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto der = authority.issue(spec, any).value();
  const unsigned char* at = der.data();
  X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, authority.key().handle(), EVP_sha256());
  unsigned char* out = nullptr;
  const int size = i2d_X509(certificate, &out);
  auto pem = to_pem(ByteView(out, static_cast<std::size_t>(size)), "CERTIFICATE");
  OPENSSL_free(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
  X509_REQ_free(request);
  return pem;
}

}  // namespace

std::string init_plan_text() {
  auto text = init_plan_template();
  text = replaced(text, "\"000000\"", "\"392901\"");
  text = replaced(text, "\"〇〇市\"", "\"試験市\"");
  text = replaced(text, "/usr/share/fonts/truetype/ipamj/ipamjm.ttf", kFont);
  return replaced(text, "signature = false", "signature = true");
}

InitWorld::InitWorld() : plan(parse_init_plan(init_plan_text(), "plan.toml")) {
  EXPECT_TRUE(files.make_folder(kInitFrom).has_value());
  put(kFont, "a font");
  std::uint64_t number = 0;
  for (const Role role : kServed) {
    const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
    const auto spec = role_authority_spec("Test " + std::string(to_text(role)) + " CA",
                                          serial_from(++number), validity);
    authorities.emplace(role, PkiAuthority::self_signed(spec, key).value());
  }
}

Result<void> InitWorld::make_keys() {
  return make_site_keys(files, entropy, plan, init_plan_text(), kInitSite);
}

std::string InitWorld::text(const std::string& path) {
  const auto bytes = files.read_all(path, std::size_t{1} << 20);
  EXPECT_TRUE(bytes.has_value()) << path;
  return bytes ? std::string(as_text(bytes.value())) : std::string();
}

void InitWorld::put(const std::string& path, std::string_view text) {
  EXPECT_TRUE(files.write_durably(path, as_bytes(text)).has_value()) << path;
}

std::string InitWorld::client(Role role, const std::string& san, const PkiKey& key) {
  const auto spec = tls_client_spec("client", san, serial_from(77), validity);
  return to_pem(authorities.at(role).issue(spec, key).value(), "CERTIFICATE");
}

std::string InitWorld::server(Role role, const std::string& csr, const std::string& san) {
  return signed_for(authorities.at(role), tls_server_spec("server", san, serial_from(78), validity),
                    csr);
}

void InitWorld::person(const std::string& file, const std::string& name, const std::string& roles) {
  const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  put(std::string(kInitFrom) + "/" + file + ".pem",
      client(Role::kAdmin, plan.terminals.front().san, key));
  const auto approval = ApprovalKey::generate().value();
  const OperatorApplication application{OperatorName::parse(name).value(),
                                        "staff",
                                        roles,
                                        "",
                                        to_base64(sha256(key.public_key_der())),
                                        to_base64(approval.spki())};
  const auto signature = approval.sign(application_bytes(plan.municipality, application)).value();
  put(std::string(kInitFrom) + "/" + file + ".application.json",
      as_text(encode(SignedApplication{application, signature.signature}).value()));
}

void InitWorld::answer() {
  const std::string from = std::string(kInitFrom) + "/";
  for (const auto& listener : plan.listeners) {
    if (listener.role == Role::kMonitoring) continue;
    const std::string role(to_text(listener.role));
    put(from + role + "-ca.pem", authorities.at(listener.role).certificate_pem());
    put(from + role + "-tls.pem",
        server(listener.role, text(std::string(kInitSite) + "/to-authorities/" + role + "-tls.csr"),
               listener.server_name));
  }
  for (const auto& peer : plan.peers) {
    put(from + std::string(to_text(peer.role)) + "-peer.pem",
        client(peer.role, peer.san, PkiKey::generate(PkiKeyKind::kEcP256).value()));
  }
  person("center-head", plan.center_head, "center_head");
  person("city-administrator", plan.city_administrator, "city_administrator");
  auto document = tls_client_spec("documents", "", serial_from(79), validity);
  document.extended_key_usage = "";
  put(from + "documents.pem",
      signed_for(authorities.at(Role::kCenter), document,
                 text(std::string(kInitSite) + "/to-authorities/documents.csr")));
  put(from + "feeder.pub.pem", public_key_pem(FeederKey::generate().value().spki()));
  const auto root = PkiAuthority::self_signed(jpki_root_spec(serial_from(1), validity),
                                              PkiKey::generate(PkiKeyKind::kRsa2048).value())
                        .value();
  put(from + "card-root.pem", root.certificate_pem());
  const auto crl = root.issue_crl({.number = 1,
                                   .this_update = validity.not_before,
                                   .next_update = validity.not_after,
                                   .entries = {},
                                   .more = {}});
  put(from + "card.crl", to_pem(crl.value(), "X509 CRL"));
}

SiteReader InitWorld::reader() { return {files, plan, kInitSite, kInitFrom, kInitNow}; }

ReceivedSite InitWorld::whole() {
  EXPECT_TRUE(make_keys().has_value());
  answer();
  auto read = reader();
  const auto site = read.read();
  for (const auto& one : read.findings()) ADD_FAILURE() << one.file << ": " << one.what;
  return site.value();
}

std::string site_path(std::string_view file) {
  return std::string(kInitSite) + "/" + std::string(file);
}

std::string from_path(std::string_view file) {
  return std::string(kInitFrom) + "/" + std::string(file);
}

std::string only_finding(InitWorld& world) {
  auto reader = world.reader();
  EXPECT_TRUE(reader.read().has_value());
  std::string all;
  for (const auto& one : reader.findings()) all += (all.empty() ? "" : " ") + one.file;
  return all;
}

}  // namespace certrelay::testing
