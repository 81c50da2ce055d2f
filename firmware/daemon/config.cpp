#include "firmware/daemon/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "firmware/daemon/start_failure.hpp"
#include "firmware/daemon/toml_table.hpp"
#include "protocol/ids/text_id.hpp"
#include "relay/env/posix_files.hpp"
#include "render/builtin_forms.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPasswordBytesMax = 1024;
constexpr std::size_t kFontsMax = 8;

constexpr std::string_view kCredential = "credential:";

// "credential:NAME": what systemd decrypted for this service alone, by its name.
std::string of_credential(const std::string& name) {
  const auto* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr || name.empty() || name.find('/') != std::string::npos) {
    throw StartFailure(std::string(kCredential) + name + " is not there",
                       "name it in the unit's LoadCredentialEncrypted=");
  }
  return std::string(folder) + "/" + name;
}

std::string absolute(const std::string& folder, const std::string& path) {
  if (path.starts_with(kCredential)) return of_credential(path.substr(kCredential.size()));
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::vector<std::string> absolute_all(const std::string& folder, std::vector<std::string> paths) {
  for (auto& path : paths) path = absolute(folder, path);
  return paths;
}

std::string read_text(const std::string& path, std::size_t bytes_max) {
  PosixFiles files;
  const auto bytes = files.read_all(path, bytes_max);
  if (!bytes) throw StartFailure(path, "cannot be read; check that the file exists and its rights");
  return std::string(as_text(bytes.value()));
}

Digest parse_digest(TomlTable& table, std::string_view key, const std::string& text, bool hex) {
  const auto bytes = hex ? from_hex(text) : from_base64(text);
  Digest out{};
  if (!bytes || bytes.value().size() != out.size()) {
    table.refuse(key, hex ? "write SHA-256 as 64 lower-case hexadecimal digits"
                          : "write SHA-256 in base64, 44 characters");
  }
  std::copy(bytes.value().begin(), bytes.value().end(), out.begin());
  return out;
}

// "127.0.0.1:0", "[::1]:8443".
ListenerSection parse_listener(TomlTable& listen, Role role, const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string key(to_text(role));
  if (colon == std::string::npos) listen.refuse(key, "write address:port, such as 127.0.0.1:8443");
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const std::string port = text.substr(colon + 1);
  const bool digits = is_text_of(port, "0123456789", 1, 5);
  if (!digits || std::stoi(port) > 65535)
    listen.refuse(key, "the port is a number from 0 to 65535");
  return {role, host, static_cast<std::uint16_t>(std::stoi(port)), std::nullopt};
}

std::vector<ListenerSection> parse_listeners(TomlTable& root, const std::string& folder) {
  auto listen = root.table("listen");
  auto tls = root.table("tls");
  std::vector<ListenerSection> out;
  for (const Role role : {Role::kCenter, Role::kRegistry, Role::kAdmin, Role::kMonitoring}) {
    const auto name = to_text(role);
    if (role == Role::kAdmin && !listen.has(name)) continue;  // no operators: nobody listens
    out.push_back(parse_listener(listen, role, listen.text(name)));
    if (role == Role::kMonitoring) continue;
    auto files = tls.table(name);
    out.back().tls = TlsFiles{.certificate = absolute(folder, files.text("certificate")),
                              .key = absolute(folder, files.text("key")),
                              .client_ca = absolute(folder, files.text("client_ca"))};
    files.finish();
  }
  listen.finish();
  tls.finish();
  return out;
}

std::vector<PeerSection> parse_peers(TomlTable& root) {
  std::vector<PeerSection> out;
  for (auto& table : root.tables("peer")) {
    const auto role = parse_role(table.text("role"));
    const bool data = role && (role.value() == Role::kCenter || role.value() == Role::kRegistry);
    if (!data) table.refuse("role", "write center or registry; operators work from [[terminal]]");
    auto name = PeerName::parse(table.text("name"));
    if (!name) table.refuse("name", "1 to 64 visible ASCII characters");
    PeerSection peer{role.value(), name.value(), table.text("san"), {}};
    const auto pins = table.texts("spki_sha256", 1);
    if (pins.size() > 2) table.refuse("spki_sha256", "at most two pins");
    for (const auto& pin : pins) {
      peer.spki_sha256.push_back(parse_digest(table, "spki_sha256", pin, false));
    }
    table.finish();
    out.push_back(std::move(peer));
  }
  return out;
}

std::vector<TerminalSection> parse_terminals(TomlTable& root) {
  std::vector<TerminalSection> out;
  for (auto& table : root.tables("terminal")) {
    out.push_back({table.text("name"), table.text("san")});
    table.finish();
  }
  return out;
}

OperatorsSection parse_operators(TomlTable& root, const std::string& folder) {
  OperatorsSection out;
  if (!root.has("operators")) return out;
  auto table = root.table("operators");
  out.enrolments = absolute_all(folder, table.texts("enrolments", 0));
  out.active_max = static_cast<std::size_t>(table.number_or("active_max", 9, 1, 256));
  const auto key = table.text_or("key", "");
  out.key = key.empty() ? "" : absolute(folder, key);
  out.host = table.text_or("host", "");
  if (table.has("work_hours")) out.work_hours = parse_work_hours(table);
  if (!is_text_of(out.host, "abcdefghijklmnopqrstuvwxyz0123456789.-", 0, 253)) {
    table.refuse("host", "write the name in the console's address alone: console.city.example.jp");
  }
  table.finish();
  return out;
}

std::string read_line(const std::string& path) {
  auto out = read_text(path, kPasswordBytesMax);
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

// What systemd decrypted for this service alone.
std::string credential_path(TomlTable& table, const std::string& name) {
  const auto* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr) {
    table.refuse("outer_credential",
                 "no credentials are passed; name it in the unit's LoadCredentialEncrypted=");
  }
  if (name.find('/') != std::string::npos) {
    table.refuse("outer_credential", "write the credential's name, not a path");
  }
  return std::string(folder) + "/" + name;
}

TokenSection parse_token(TomlTable& section, const std::string& folder) {
  return {absolute(folder, section.text("module")), section.text("token"),
          read_line(absolute(folder, section.text("pin_file")))};
}

void parse_outer_key(TomlTable& table, const std::string& folder, KeysSection& out) {
  const bool credential = table.has("outer_credential");
  const bool token = table.has("outer_token");
  if (int{table.has("outer_key")} + int{credential} + int{token} != 1) {
    table.refuse("outer_key", "name exactly one of outer_key, outer_credential, outer_token");
  }
  if (credential) {
    out.outer_credential = credential_path(table, table.text("outer_credential"));
  } else if (token) {
    auto section = table.table("outer_token");
    out.outer_token = parse_token(section, folder);
    section.finish();
  } else {
    out.outer_key = absolute(folder, table.text("outer_key"));
  }
}

KeysSection parse_keys(TomlTable& root, const std::string& folder) {
  auto table = root.table("keys");
  KeysSection out;
  const auto password_file = table.text_or("password_file", "");
  if (!password_file.empty()) out.password = read_line(absolute(folder, password_file));
  out.answer_key = absolute(folder, table.text("answer_key"));
  out.registry_answer_key =
      absolute(folder, table.text_or("registry_answer_key", table.text("answer_key")));
  out.admin_answer_key =
      absolute(folder, table.text_or("admin_answer_key", table.text("answer_key")));
  parse_outer_key(table, folder, out);
  out.checkpoint_key = absolute(folder, table.text("checkpoint_key"));
  out.feeder_public_keys = absolute_all(folder, table.texts("feeder_public_key", 1));
  if (out.feeder_public_keys.size() > 2) table.refuse("feeder_public_key", "at most two keys");
  table.finish();
  return out;
}

std::map<CertificateKind, FormSection> parse_forms(TomlTable& render, const std::string& folder) {
  auto table = render.table("forms");
  std::map<CertificateKind, FormSection> out;
  for (const auto& key : table.keys()) {
    const auto kind = parse_certificate_kind(key);
    if (!kind) table.refuse(key, "is no kind of certificate; write juminhyo or kisai_jiko");
    auto form = table.table(key);
    FormSection section{.form = form.text_or("form", usual_form(kind.value()))};
    if (!builtin_form(section.form, kind.value())) {
      form.refuse("form", "write household, individual or record");
    }
    const auto file = [&](std::string_view name) {
      const auto path = form.text_or(name, "");
      return path.empty() ? std::string() : absolute(folder, path);
    };
    section.template_file = file("template");
    section.readback_file = file("readback");
    if (form.has("seal")) {
      auto seal = form.table("seal");
      section.seal_file = absolute(folder, seal.text("image"));
      section.seal_sha256 = parse_digest(seal, "sha256", seal.text("sha256"), true);
      seal.finish();
    }
    form.finish();
    out.emplace(kind.value(), std::move(section));
  }
  return out;
}

RenderSection parse_render(TomlTable& root, const std::string& folder) {
  auto table = root.table("render");
  RenderSection out;
  for (auto& font : table.tables("fonts")) {
    const auto cache = font.text_or("glyph_cache", "");
    out.fonts.push_back({absolute(folder, font.text("path")),
                         parse_digest(font, "sha256", font.text("sha256"), true),
                         cache.empty() ? "" : absolute(folder, cache)});
    font.finish();
  }
  if (out.fonts.empty() || out.fonts.size() > kFontsMax) {
    table.refuse("fonts", "name 1 to 8 fonts with path and sha256, in their order");
  }
  if (table.has("forms")) out.forms = parse_forms(table, folder);
  table.finish();
  return out;
}

std::optional<DocumentsSection> parse_documents(TomlTable& root, const std::string& folder) {
  if (!root.has("documents")) return std::nullopt;
  auto table = root.table("documents");
  DocumentsSection out{.certificate = absolute(folder, table.text("certificate")),
                       .key = {},
                       .token = std::nullopt,
                       .label = {},
                       .signature = table.flag_or("signature", false),
                       .printed_seal = table.flag_or("printed_seal", false)};
  if (table.has("key") == table.has("token")) {
    table.refuse("key", "name exactly one of key (a file) and token");
  }
  if (table.has("key")) {
    out.key = absolute(folder, table.text("key"));
  } else {
    auto section = table.table("token");
    out.token = parse_token(section, folder);
    out.label = section.text("label");
    section.finish();
  }
  if (!out.signature && !out.printed_seal) {
    table.refuse("signature", "switch on signature or printed_seal, or take [documents] away");
  }
  table.finish();
  return out;
}

RegisterSection parse_register(TomlTable& root, bool demo) {
  RegisterSection out;
  if (!root.has("register")) return out;
  auto table = root.table("register");
  out.extract_age_max =
      std::chrono::hours(table.number_or("extract_age_max_hours", 26, 1, 24 * 366));
  out.feed_silence_max =
      std::chrono::minutes(table.number_or("feed_silence_max_minutes", 30, 1, 24 * 60 * 366));
  out.erasure_look = std::chrono::seconds(table.number_or("erasure_look_seconds", 60, 1, 60));
  out.any_file_system = table.flag_or("any_file_system", false);
  if (out.any_file_system && !demo) {
    table.refuse("any_file_system", "only a demonstration may; put the state on ext4 or XFS");
  }
  out.hold_individual_number = table.flag_or("hold_individual_number", false);
  const auto percent = [&](std::string_view key, unsigned otherwise) {
    return static_cast<unsigned>(table.number_or(key, otherwise, 0, 100));
  };
  auto& rails = out.rails;
  rails.deleted_persons_percent_max =
      percent("deleted_persons_percent_max", rails.deleted_persons_percent_max);
  rails.deleted_cards_percent_max =
      percent("deleted_cards_percent_max", rails.deleted_cards_percent_max);
  rails.shrink_percent_max = percent("shrink_percent_max", rails.shrink_percent_max);
  table.finish();
  return out;
}

LimitsSection parse_limits(TomlTable& root) {
  LimitsSection out;
  if (!root.has("limits")) return out;
  auto table = root.table("limits");
  out.workers = static_cast<std::size_t>(table.number_or("workers", 2, 1, 64));
  out.connections_per_peer =
      static_cast<std::size_t>(table.number_or("connections_per_peer", 256, 1, 4096));
  out.transactions_live_max =
      static_cast<std::size_t>(table.number_or("transactions_live_max", 4096, 1, 65536));
  table.finish();
  return out;
}

}  // namespace

namespace {

// The document's canonical text without what a reload takes.
Digest digest_of_fixed(toml::table document) {
  for (const auto* key : {"calendar", "documents", "peer", "render", "terminal", "tls"}) {
    document.erase(key);
  }
  if (auto* limits = document["limits"].as_table()) {
    limits->erase("connections_per_peer");
    limits->erase("transactions_live_max");
    if (limits->empty()) document.erase("limits");
  }
  if (auto* keys = document["keys"].as_table()) keys->erase("feeder_public_key");
  if (auto* operators = document["operators"].as_table()) operators->erase("work_hours");
  std::ostringstream out;
  out << toml::toml_formatter(document);
  return sha256(out.str());
}

}  // namespace

bool listens(const Config& config, Role role) {
  return std::ranges::any_of(config.listeners,
                             [&](const ListenerSection& one) { return one.role == role; });
}

Config load_config(const std::string& path) {
  return parse_config(path, read_text(path, kConfigBytesMax));
}

Config parse_config(const std::string& path, const std::string& text) {
  const auto file = std::filesystem::absolute(path).lexically_normal();
  const auto document = parse_toml(text, file.string());
  const auto folder = file.parent_path().string();

  TomlTable root(document, file.string(), "");
  auto site = root.table("site");
  auto municipality = MunicipalityCode::parse(site.text("municipality"));
  if (!municipality) site.refuse("municipality", "write the 6-digit code with its check digit");
  const bool demo = site.flag_or("demo", false);
  auto name = site.text("name");
  auto topology = site.text_or("topology", "single");
  if (topology != "single") {
    site.refuse("topology", "write \"single\": this build knows no cluster");
  }
  auto build = site.text_or("build", "");
  auto state_dir = absolute(folder, site.text("state_dir"));
  auto run_dir = absolute(folder, site.text_or("run_dir", "run"));
  site.finish();  // first: a misspelt `demo` must not show as what it forbids elsewhere
  Config out{.file = file.string(),
             .folder = folder,
             .digest = sha256(text),
             .text = text,
             .fixed = digest_of_fixed(document),
             .municipality = municipality.value(),
             .municipality_name = std::move(name),
             .demo = demo,
             .topology = std::move(topology),
             .build = std::move(build),
             .state_dir = std::move(state_dir),
             .run_dir = std::move(run_dir),
             .listeners = parse_listeners(root, folder),
             .peers = parse_peers(root),
             .terminals = parse_terminals(root),
             .operators = parse_operators(root, folder),
             .keys = parse_keys(root, folder),
             .card = parse_card_section(root, folder),
             .ocsp = parse_ocsp(root, folder),
             .render = parse_render(root, folder),
             .documents = parse_documents(root, folder),
             .reg = parse_register(root, demo),
             .calendar = parse_calendar(root),
             .limits = parse_limits(root),
             .sandbox = parse_sandbox(root, folder, demo)};
  root.finish();
  return out;
}

}  // namespace certrelay
