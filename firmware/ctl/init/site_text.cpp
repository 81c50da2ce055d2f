#include "firmware/ctl/init/site_text.hpp"

#include "firmware/ctl/init/key_table.hpp"
#include "firmware/daemon/toml_text.hpp"
#include "relay/identity/card_verifier.hpp"

namespace certrelay {
namespace {

std::string setting(std::string_view key, std::string_view value) {
  return std::string(key) + " = " + toml_text(value) + "\n";
}

std::string received(std::string_view file) { return "certificates/" + std::string(file); }

std::string file_list(std::string_view key, const std::vector<std::string>& files) {
  std::string out;
  for (const auto& file : files) out += (out.empty() ? "" : ", ") + toml_text(received(file));
  return std::string(key) + " = [" + out + "]\n";
}

std::string key_setting(std::string_view key, std::string_view row) {
  return setting(key, site_key(row)->file);
}

std::string listeners_text(const InitPlan& plan) {
  std::string out = "\n[listen]\n";
  for (const auto& one : plan.listeners) out += setting(to_text(one.role), one.address);
  for (const auto& one : plan.listeners) {
    if (one.role == Role::kMonitoring) continue;
    const std::string role(to_text(one.role));
    out += "\n[tls." + role + "]\n" + setting("certificate", received(role + "-tls.pem")) +
           key_setting("key", "tls." + role + ".key") +
           setting("client_ca", received(role + "-ca.pem"));
  }
  return out;
}

std::string peers_text(const InitPlan& plan, const ReceivedSite& site) {
  std::string out;
  for (const auto& peer : plan.peers) {
    out += "\n[[peer]]\n" + setting("role", to_text(peer.role)) + setting("name", peer.name) +
           setting("san", peer.san) + "spki_sha256 = [" + toml_text(site.peer_pins.at(peer.role)) +
           "]\n";
  }
  for (const auto& terminal : plan.terminals) {
    out += "\n[[terminal]]\n" + setting("name", terminal.name) + setting("san", terminal.san);
  }
  return out;
}

// The name in the console's address: that of the operators' certificate, where it is a name.
std::string host_of(const InitPlan& plan) {
  constexpr std::string_view kDns = "DNS:";
  for (const auto& listener : plan.listeners) {
    if (listener.role != Role::kAdmin || !listener.server_name.starts_with(kDns)) continue;
    return listener.server_name.substr(kDns.size());
  }
  return {};
}

std::string keys_text(const InitPlan& plan) {
  return "\n[operators]\n" + key_setting("key", "operators.key") + setting("host", host_of(plan)) +
         "\n[keys]\n" + setting("password_file", kPasswordFile) +
         key_setting("answer_key", "keys.answer_key") +
         key_setting("registry_answer_key", "keys.registry_answer_key") +
         key_setting("admin_answer_key", "keys.admin_answer_key") +
         key_setting("outer_key", "keys.outer_key") +
         key_setting("checkpoint_key", "keys.checkpoint_key") + "feeder_public_key = [" +
         toml_text(received("feeder.pub.pem")) + "]\n";
}

std::string documents_text(const InitPlan& plan) {
  if (!plan.documents()) return {};
  const auto flag = [](bool on) { return on ? "true\n" : "false\n"; };
  return "\n[documents]\n" + setting("certificate", received("documents.pem")) +
         key_setting("key", kDocumentsSetting) + "signature = " + flag(plan.signature) +
         "printed_seal = " + flag(plan.printed_seal);
}

}  // namespace

std::string planned_site_text(const InitPlan& plan, const ReceivedSite& site) {
  return "# certrelayctl init が作成しました。各項目の説明は docs/configuration.md にあります。\n"
         "[site]\n" +
         setting("municipality", plan.municipality.text()) +
         setting("name", plan.municipality_name) + setting("state_dir", "state") +
         setting("run_dir", "run") + listeners_text(plan) + peers_text(plan, site) +
         keys_text(plan) + "\n[card]\n" + file_list("roots", site.card_roots) +
         file_list("crls", site.card_crls) + "policies = [" + toml_text(kDefaultCardPolicy) +
         "]\n\n[render]\nfonts = [{ path = " + toml_text(plan.font) + ", sha256 = \"" +
         to_hex(site.font) + "\" }]\n" + documents_text(plan) +
         "\n[calendar]\njuminhyo = { open = \"06:30\", close = \"23:00\", closed = "
         "[\"12-29..01-03\"] }\n";
}

}  // namespace certrelay
