#include "firmware/kiosk/city/authorities.hpp"

#include "firmware/kiosk/city/operators.hpp"

#include "protocol/base/sha256.hpp"
#include "relay/keys/answer_key.hpp"
#include "relay/keys/checkpoint_key.hpp"
#include "relay/keys/demonstration.hpp"
#include "relay/keys/feeder_key.hpp"
#include "relay/keys/root_key.hpp"

namespace certrelay {
namespace {

using std::chrono::days;

constexpr Role kRoles[] = {Role::kCenter, Role::kRegistry, Role::kAdmin, Role::kMonitoring};
constexpr const char* kServerNames = "DNS:localhost,IP:127.0.0.1,IP:::1";
constexpr const char* kStranger = "pki/stranger";

class Maker {
 public:
  Maker(CityFolder& folder, Entropy& entropy, JstDay today)
      : folder_(folder),
        entropy_(entropy),
        site_{jst_midnight(today - days(1)), jst_midnight(today + days(730))},
        authority_{jst_midnight(today - days(30)), jst_midnight(today + days(3650))} {}

  std::string fresh_password() { return to_base64url(random_bytes<24>(entropy_)); }

  Result<PkiAuthority> authority(const std::string& name, const std::string& file) {
    CERTRELAY_TRY(auto key, PkiKey::generate(PkiKeyKind::kEcP256));
    auto spec = role_authority_spec(name, serial(), authority_);
    spec.more.push_back({kDemonstrationOid, false, demonstration_comment()});
    CERTRELAY_TRY(auto made, PkiAuthority::self_signed(spec, key));
    CERTRELAY_TRY(folder_.write(file, made.certificate_pem()));
    return made;
  }

  // pki/<role>-server, its key under the site's pass phrase.
  Result<void> server(const PkiAuthority& authority, Role role, const std::string& password) {
    CERTRELAY_TRY(const auto key, PkiKey::generate(PkiKeyKind::kEcP256));
    const auto spec =
        tls_server_spec("certrelay " + std::string(to_text(role)), kServerNames, serial(), site_);
    CERTRELAY_TRY(const auto certificate, authority.issue(spec, key));
    const auto paths = tls_paths(role);
    CERTRELAY_TRY(folder_.write(paths.certificate, to_pem(certificate, "CERTIFICATE")));
    CERTRELAY_TRY(const auto pem, key.to_pkcs8_pem(password));
    return folder_.write(paths.key, pem);
  }

  // <file>.pem and <file>.key, unencrypted as a client machine's. The pin of its key.
  Result<std::string> client(const PkiAuthority& authority, const std::string& name,
                             const std::string& san, const std::string& file) {
    CERTRELAY_TRY(const auto key, PkiKey::generate(PkiKeyKind::kEcP256));
    CERTRELAY_TRY(const auto certificate,
                  authority.issue(tls_client_spec(name, san, serial(), site_), key));
    CERTRELAY_TRY(folder_.write(file + ".pem", to_pem(certificate, "CERTIFICATE")));
    CERTRELAY_TRY(const auto pem, key.to_pkcs8_pem(""));
    CERTRELAY_TRY(folder_.write(file + ".key", pem));
    return to_base64(sha256(key.public_key_der()));
  }

  // What certificates and printed seals are signed with: a seal of the office, not of a person.
  Result<void> documents(const std::string& password) {
    CERTRELAY_TRY(const auto above, authority("見本 documents authority", "pki/documents-ca.pem"));
    CERTRELAY_TRY(const auto key, PkiKey::generate(PkiKeyKind::kEcP256));
    CertificateSpec spec;
    spec.subject = {{"C", "JP"}, {"O", "土佐みなと市（見本）"}, {"CN", "土佐みなと市長（見本）"}};
    spec.serial = serial();
    spec.not_before = site_.not_before;
    spec.not_after = site_.not_after;
    spec.key_usage = "digitalSignature,nonRepudiation";
    CERTRELAY_TRY(const auto certificate, above.issue(spec, key));
    CERTRELAY_TRY(folder_.write(kDocumentCertificate,
                                to_pem(certificate, "CERTIFICATE") + above.certificate_pem()));
    CERTRELAY_TRY(const auto pem, key.to_pkcs8_pem(password));
    return folder_.write(kDocumentKey, pem);
  }

  // operators/<name>.*, each under a pass phrase of its own.
  Result<void> operators(const PkiAuthority& authority, const MunicipalityCode& municipality) {
    for (const auto& person : city_operators()) {
      const OperatorMaterial material{.municipality = municipality,
                                      .ends_on = jst_day(site_.not_after) - days(365),
                                      .pass_phrase = fresh_password(),
                                      .serial = serial(),
                                      .validity = site_};
      CERTRELAY_TRY(write_operator(folder_, authority, person, material));
    }
    return ok();
  }

  // keys/<name>.pem under the pass phrase and keys/<name>.pub.pem to be pinned.
  template <class Key>
  Result<void> signing_key(const Key& key, const std::string& path, const std::string& password) {
    CERTRELAY_TRY(const auto pem, key.encrypted_pem(password, PassPhraseOrigin::kRandom));
    CERTRELAY_TRY(folder_.write(path + ".pem", pem));
    return folder_.write(path + ".pub.pem", public_key_pem(key.spki()));
  }

 private:
  Bytes serial() { return serial_from(++issued_); }

  CityFolder& folder_;
  Entropy& entropy_;
  Validity site_;
  Validity authority_;
  std::uint64_t issued_ = 0;
};

Result<std::vector<std::string>> write_tls(Maker& maker, const std::string& password,
                                           const MunicipalityCode& municipality) {
  std::vector<std::string> pins(city_peers().size());
  for (const Role role : kRoles) {
    const std::string name(to_text(role));
    CERTRELAY_TRY(const auto authority,
                  maker.authority("見本 " + name + " authority", tls_paths(role).client_ca));
    CERTRELAY_TRY(maker.server(authority, role, password));
    if (role == Role::kAdmin) {
      CERTRELAY_TRY(maker.operators(authority, municipality));
    }
    for (std::size_t i = 0; i < pins.size(); ++i) {
      const auto& peer = city_peers()[i];
      if (peer.role != role) continue;
      CERTRELAY_TRY(pins[i], maker.client(authority, peer.name, peer.san, "pki/" + peer.file));
    }
  }
  // The right name under the wrong authority: what mutual TLS must refuse (R44).
  CERTRELAY_TRY(const auto stranger,
                maker.authority("見本 stranger authority", std::string(kStranger) + "-ca.pem"));
  const auto& center = city_peers().front();
  CERTRELAY_TRY(maker.client(stranger, center.name, center.san, kStranger));
  return pins;
}

}  // namespace

const std::vector<CityPeer>& city_peers() {
  static const std::vector<CityPeer> peers{
      {Role::kCenter, "jlis-center", "DNS:center.jlis.example", "jlis-center"},
      {Role::kRegistry, "kizon-juki", "DNS:juki.tosaminato.example", "kizon-juki"},
      {Role::kAdmin, "operator-1", "DNS:terminal-1.tosaminato.example", "operator-1"},
  };
  return peers;
}

TlsPaths tls_paths(Role role) {
  const std::string base = "pki/" + std::string(to_text(role));
  return {base + "-server.pem", base + "-server.key", base + "-ca.pem"};
}

Result<CityKeys> write_authorities(CityFolder& folder, Entropy& entropy, JstDay today,
                                   const MunicipalityCode& municipality, bool documents) {
  for (const char* name : {"pki", "keys", "feeder", "operators"}) {
    CERTRELAY_TRY(folder.make_folder(name));
  }
  Maker maker(folder, entropy, today);
  CityKeys out{.password = maker.fresh_password(), .peer_pins = {}};
  CERTRELAY_TRY(folder.write("keys/password", out.password + "\n"));
  CERTRELAY_TRY(out.peer_pins, write_tls(maker, out.password, municipality));
  if (documents) {
    CERTRELAY_TRY(maker.documents(out.password));
  }
  for (const char* name : {"keys/answer", "keys/registry-answer", "keys/admin-answer"}) {
    CERTRELAY_TRY(const auto key, AnswerKey::generate());
    CERTRELAY_TRY(maker.signing_key(key, name, out.password));
  }
  CERTRELAY_TRY(const auto checkpoint, CheckpointKey::generate(ledger_origin(municipality)));
  CERTRELAY_TRY(const auto checkpoint_pem,
                checkpoint.encrypted_pem(out.password, PassPhraseOrigin::kRandom));
  CERTRELAY_TRY(folder.write("keys/checkpoint.pem", checkpoint_pem));
  CERTRELAY_TRY(folder.write("keys/checkpoint.vkey", checkpoint.verifier().text() + "\n"));
  CERTRELAY_TRY(create_outer_key(folder.files(), entropy, folder.at("keys/outer.key")));
  // Another machine's: the source system signs with it, the vault has the public half.
  const auto feeder_password = maker.fresh_password();
  CERTRELAY_TRY(const auto feeder, FeederKey::generate());
  CERTRELAY_TRY(folder.write("feeder/password", feeder_password + "\n"));
  CERTRELAY_TRY(maker.signing_key(feeder, "feeder/feeder", feeder_password));
  return out;
}

}  // namespace certrelay
