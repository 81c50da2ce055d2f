#include "firmware/kiosk/city/operators.hpp"

#include "protocol/base/json.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/wire/operator_message.hpp"
#include "relay/keys/approval_key.hpp"

namespace certrelay {
namespace {

OperatorApplication application_of(const CityOperator& person, const OperatorMaterial& material,
                                   const PkiKey& client, const ApprovalKey& approval) {
  return {OperatorName::parse(person.name).value(),
          person.affiliation,
          person.roles,
          person.affiliation == "staff" ? "" : to_iso_day(material.ends_on),
          to_base64(sha256(client.public_key_der())),
          to_base64(approval.spki())};
}

}  // namespace

const std::vector<CityTerminal>& city_terminals() {
  static const std::vector<CityTerminal> terminals{
      {"terminal-1", "DNS:terminal-1.tosaminato.example"},
      {"terminal-2", "DNS:terminal-2.tosaminato.example"},
  };
  return terminals;
}

const std::vector<CityOperator>& city_operators() {
  static const std::vector<CityOperator> operators{
      {"mihon-head", "center_head", "staff", 1},
      {"mihon-admin", "city_administrator", "staff", 1},
      {"mihon-clerk", "clerk", "staff", 0},
      {"mihon-auditor", "auditor", "contractor", 0},
  };
  return operators;
}

Result<void> write_operator(CityFolder& folder, const PkiAuthority& authority,
                            const CityOperator& person, const OperatorMaterial& material) {
  const auto base = "operators/" + person.name;
  CERTRELAY_TRY(const auto client, PkiKey::generate(PkiKeyKind::kEcP256));
  const auto& terminal = city_terminals().at(person.terminal);
  CERTRELAY_TRY(
      const auto certificate,
      authority.issue(
          tls_client_spec(person.name, terminal.san, material.serial, material.validity), client));
  CERTRELAY_TRY(folder.write(base + ".pem", to_pem(certificate, "CERTIFICATE")));
  CERTRELAY_TRY(const auto client_pem, client.to_pkcs8_pem(material.pass_phrase));
  CERTRELAY_TRY(folder.write(base + ".key", client_pem));
  CERTRELAY_TRY(const auto approval, ApprovalKey::generate());
  CERTRELAY_TRY(const auto approval_pem, approval.encrypted_pem(material.pass_phrase));
  CERTRELAY_TRY(folder.write(base + ".approval.pem", approval_pem));
  CERTRELAY_TRY(folder.write(base + ".pass-phrase", material.pass_phrase + "\n"));
  const auto application = application_of(person, material, client, approval);
  CERTRELAY_TRY(const auto signature,
                approval.sign(application_bytes(material.municipality, application)));
  CERTRELAY_TRY(const auto text, encode(SignedApplication{application, signature.signature}));
  return folder.write(base + ".application.json", as_text(text));
}

std::string admin_config_text(const MunicipalityCode& municipality) {
  return to_json_text(
             boost::json::object{{"municipality", municipality.text()},
                                 {"address_file", "run/admin.addr"},
                                 {"server_name", "localhost"},
                                 {"server_ca", "pki/admin-ca.pem"},
                                 {"answer_keys", boost::json::array{"keys/admin-answer.pub.pem"}},
                                 {"identities", "operators"}}) +
         "\n";
}

}  // namespace certrelay
