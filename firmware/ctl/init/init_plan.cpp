#include "firmware/ctl/init/init_plan.hpp"

#include <algorithm>

#include "firmware/client/address.hpp"
#include "firmware/daemon/toml_table.hpp"
#include "protocol/record/entry_text.hpp"
#include "relay/front/peers.hpp"
#include "relay/operators/account.hpp"

namespace certrelay {
namespace {

constexpr Role kPlannedRoles[] = {Role::kCenter, Role::kRegistry, Role::kAdmin, Role::kMonitoring};
constexpr std::size_t kTerminalsMax = 64;

// It goes into TOML and into a certificate's name as it is.
std::string line_of(TomlTable& table, std::string_view key) {
  auto out = table.text(key);
  const bool control =
      std::ranges::any_of(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (out.empty() || control || out.size() > 200) {
    table.refuse(key, "write one line of 1 to 200 bytes");
  }
  return out;
}

// "relay.example.lg.jp" or "192.0.2.1", as a request names it.
std::string request_name(TomlTable& table, std::string_view key) {
  const auto text = line_of(table, key);
  const bool letters =
      is_text_of(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:", 1, 200);
  if (!letters) table.refuse(key, "write a host name or an IP address, without a port");
  const bool address =
      text.find(':') != std::string::npos || is_text_of(text, "0123456789.", 1, 15);
  return (address ? "IP:" : "DNS:") + text;
}

std::vector<InitPlan::Listener> plan_listeners(TomlTable& root) {
  auto listen = root.table("listen");
  auto names = root.table("server_names");
  std::vector<InitPlan::Listener> out;
  for (const Role role : kPlannedRoles) {
    const auto key = to_text(role);
    const auto address = line_of(listen, key);
    if (!parse_address(address)) listen.refuse(key, "write address:port, such as 192.0.2.1:8443");
    out.push_back({role, address, role == Role::kMonitoring ? "" : request_name(names, key)});
  }
  listen.finish();
  names.finish();
  return out;
}

std::vector<InitPlan::DataPeer> plan_peers(TomlTable& root) {
  auto peers = root.table("peers");
  std::vector<InitPlan::DataPeer> out;
  for (const Role role : {Role::kCenter, Role::kRegistry}) {
    auto table = peers.table(to_text(role));
    out.push_back({role, line_of(table, "name"), line_of(table, "san")});
    const auto name = PeerName::parse(out.back().name);
    if (!name) table.refuse("name", "1 to 64 visible ASCII characters");
    if (!PeerTable::make({{name.value(), out.back().san, {Digest{}}}})) {
      table.refuse("san", "write DNS:... or URI:...");
    }
    table.finish();
  }
  peers.finish();
  return out;
}

std::vector<InitPlan::Terminal> plan_terminals(TomlTable& root) {
  std::vector<InitPlan::Terminal> out;
  std::vector<TerminalRule> rules;
  for (auto& table : root.tables("terminal")) {
    out.push_back({line_of(table, "name"), line_of(table, "san")});
    rules.push_back({out.back().name, out.back().san});
    table.finish();
  }
  if (rules.empty() || rules.size() > kTerminalsMax || !PeerTable::make_terminals(rules)) {
    root.refuse("terminal",
                "1 to 64 [[terminal]], each with a name (A-Z a-z 0-9 . _ : -) and a "
                "san (DNS:... or URI:...) of its own");
  }
  return out;
}

std::string person_in(TomlTable& table, std::string_view key) {
  auto out = line_of(table, key);
  const auto name = OperatorName::parse(out);
  if (!name) {
    table.refuse(key, "write an operator's id, such as mihon-ichiro");
  } else if (is_shared_name(name.value())) {
    table.refuse(key, "is a name that several people would use; write a person's own id (R13)");
  }
  return out;
}

}  // namespace

InitPlan parse_init_plan(const std::string& text, const std::string& path) {
  const auto document = parse_toml(text, path);
  TomlTable root(document, path, "");
  auto site = root.table("site");
  auto municipality = MunicipalityCode::parse(site.text("municipality"));
  if (!municipality) site.refuse("municipality", "write the 6-digit code with its check digit");
  InitPlan out{.municipality = municipality.value(), .municipality_name = line_of(site, "name")};
  site.finish();
  out.listeners = plan_listeners(root);
  out.peers = plan_peers(root);
  out.terminals = plan_terminals(root);
  auto operators = root.table("operators");
  out.center_head = person_in(operators, "center_head");
  out.city_administrator = person_in(operators, "city_administrator");
  if (out.center_head == out.city_administrator) {
    operators.refuse("city_administrator", "is the center's head; name another person (R30)");
  }
  operators.finish();
  auto render = root.table("render");
  out.font = line_of(render, "font");
  if (!out.font.starts_with('/')) render.refuse("font", "write the font's whole path");
  render.finish();
  if (root.has("documents")) {
    auto documents = root.table("documents");
    out.signature = documents.flag_or("signature", false);
    out.printed_seal = documents.flag_or("printed_seal", false);
    documents.finish();
  }
  root.finish();
  return out;
}

}  // namespace certrelay
