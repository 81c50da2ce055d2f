#include "firmware/kiosk/city/site_config.hpp"

#include <unistd.h>

#include "firmware/daemon/toml_text.hpp"
#include "firmware/kiosk/city/operators.hpp"

namespace certrelay {
namespace {

std::string tls_section(Role role) {
  const auto paths = tls_paths(role);
  return "\n[tls." + std::string(to_text(role)) +
         "]\ncertificate = " + toml_text(paths.certificate) + "\nkey = " + toml_text(paths.key) +
         "\nclient_ca = " + toml_text(paths.client_ca) + "\n";
}

std::string peer_section(const CityPeer& peer, const std::string& pin) {
  return "\n[[peer]]\nrole = " + toml_text(to_text(peer.role)) +
         "\nname = " + toml_text(peer.name) + "\nsan = " + toml_text(peer.san) +
         "\nspki_sha256 = [" + toml_text(pin) + "]\n";
}

std::string calendar_section(bool real_hours) {
  std::string out = "\n[calendar]\n";
  if (!real_hours) {
    return out + "juminhyo = { open = \"00:00\", close = \"24:00\", closed = [] }\n";
  }
  return out + "juminhyo = { open = \"06:30\", close = \"23:00\", closed = [\"12-29..01-03\"] }\n";
}

constexpr const char* kListen = R"(
# Port 0 takes any; the address is then in run/<role>.addr.
[listen]
center = "127.0.0.1:0"
registry = "127.0.0.1:0"
admin = "127.0.0.1:0"
monitoring = "127.0.0.1:0"
)";

constexpr const char* kKeys = R"(
[keys]
password_file = "keys/password"
answer_key = "keys/answer.pem"
registry_answer_key = "keys/registry-answer.pem"
admin_answer_key = "keys/admin-answer.pem"
outer_key = "keys/outer.key"
checkpoint_key = "keys/checkpoint.pem"
feeder_public_key = ["feeder/feeder.pub.pem"]

[card]
roots = ["pki/card-root.pem"]
crls = ["pki/card.crl"]
)";

// Nobody sends changes to a fictional city, so the bounds are wide.
constexpr const char* kRegister = R"(
# A register without changes or heartbeats: 30 days from its extract.
[register]
extract_age_max_hours = 720
feed_silence_max_minutes = 43200
# A demonstration may lie on a file system where overwriting proves nothing.
any_file_system = true
)";

// Its files are its maker's: where that is root, no other user could read them.
std::string sandbox_section() {
  std::string out =
      "\n[sandbox]\n# A demonstration also runs where the kernel cannot close files; /readyz says "
      "so.\n"
      "without_landlock = true\n";
  if (::geteuid() == 0) {
    out += "# Made by root, so run by root, without its capabilities.\nroot = true\n";
  }
  return out;
}

std::string operators_section() {
  std::string out;
  for (const auto& terminal : city_terminals()) {
    out += "\n[[terminal]]\nname = " + toml_text(terminal.name) +
           "\nsan = " + toml_text(terminal.san) + "\n";
  }
  out += "\n# The first accounts, made once from what each person applied for.\n[operators]\n";
  std::string files;
  for (const auto& person : city_operators()) {
    files +=
        (files.empty() ? "" : ", ") + toml_text("operators/" + person.name + ".application.json");
  }
  return out + "enrolments = [" + files + "]\nhost = \"localhost\"\n";
}

std::string documents_section() {
  return "\n[documents]\ncertificate = " + toml_text(kDocumentCertificate) +
         "\nkey = " + toml_text(kDocumentKey) + "\nsignature = true\nprinted_seal = true\n";
}

ListenerFiles listener_files(Role role, const CityPeer& peer, const std::string& answer_key) {
  return {.address_file = "run/" + std::string(to_text(role)) + ".addr",
          .server_ca = tls_paths(role).client_ca,
          .certificate = "pki/" + peer.file + ".pem",
          .key = "pki/" + peer.file + ".key",
          .answer_keys = {answer_key}};
}

}  // namespace

std::string site_config_text(const SiteChoices& choices, const CityKeys& keys) {
  std::string out =
      "# " + choices.name + ": a fictional city, made by `certrelay-kiosk city create`.\n" +
      "[site]\nmunicipality = " + toml_text(choices.municipality.text()) +
      "\nname = " + toml_text(choices.name) +
      "\n# Prints 見本 on every page and accepts the demonstration's root.\ndemo = true\n" +
      "state_dir = \"state\"\nrun_dir = \"run\"\n" + sandbox_section() + kListen;
  for (const Role role : {Role::kCenter, Role::kRegistry, Role::kAdmin}) out += tls_section(role);
  for (std::size_t i = 0; i < city_peers().size(); ++i) {
    const auto& peer = city_peers()[i];
    // Operators are known by their accounts; this one has none and must be refused.
    if (peer.role == Role::kAdmin) continue;
    out += peer_section(peer, keys.peer_pins.at(i));
  }
  out += operators_section();
  out += kKeys;
  out += "policies = [" + toml_text(kJpkiAuthenticationPolicy) + "]\n";
  out += "\n[render]\nfonts = [{ path = " + toml_text(choices.font_path) + ", sha256 = \"" +
         to_hex(choices.font_digest) + "\" }]\n";
  if (choices.documents) out += documents_section();
  out += kRegister;
  if (choices.numbers) out += "hold_individual_number = true\n";
  return out + calendar_section(choices.real_hours);
}

KioskSite kiosk_site(const MunicipalityCode& municipality) {
  KioskSite site{.municipality = municipality};
  const auto& peers = city_peers();
  site.center = listener_files(Role::kCenter, peers[0], "keys/answer.pub.pem");
  site.registry = listener_files(Role::kRegistry, peers[1], "keys/registry-answer.pub.pem");
  site.monitoring_address = "run/monitoring.addr";
  site.stranger_certificate = "pki/stranger.pem";
  site.stranger_key = "pki/stranger.key";
  site.center_peer = peers[0].name;
  site.feeder_key = "feeder/feeder.pem";
  site.feeder_password = "feeder/password";
  site.extract_folder = "extract";
  for (const char* id : {"TOSAMINATO-0001", "TOSAMINATO-0002", "TOSAMINATO-0003"}) {
    site.kiosks.push_back(KioskId::parse(id).value());
  }
  return site;
}

}  // namespace certrelay
