// certrelay.toml, read once at start into plain values. Every path in it is made absolute against
// the folder of the file. docs/configuration.md describes each key.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "firmware/daemon/calendar_section.hpp"
#include "firmware/daemon/card_section.hpp"
#include "firmware/fetch/ocsp_section.hpp"
#include "firmware/sandbox/sandbox_section.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"
#include "relay/registry/guard_rails.hpp"

namespace certrelay {

struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string client_ca;
};

struct ListenerSection {
  Role role;
  std::string host;
  std::uint16_t port;           // 0: any
  std::optional<TlsFiles> tls;  // absent for monitoring only
};

// A data peer: known by an exact SAN under the role's own authority and by up to two pinned keys.
struct PeerSection {
  Role role;
  PeerName name;
  std::string san;
  std::vector<Digest> spki_sha256;  // 1 or 2
};

// A managed terminal, from which operators work (R28, R31).
struct TerminalSection {
  std::string name;
  std::string san;
};

struct OperatorsSection {
  // Applications that make the first accounts of a demonstration, once.
  std::vector<std::string> enrolments;
  std::size_t active_max = 9;  // R13; 1 to 256
  std::string key;             // over the accounts; empty: the register's outer key
  // The name under which browsers reach the console; empty: no security keys.
  std::string host = {};
  WorkHours work_hours = {};
};

// A PKCS#11 token that holds the keys over the register's roots, or the documents' key.
struct TokenSection {
  std::string module;
  std::string token;
  std::string pin;  // from pin_file
};

struct KeysSection {
  std::string password;  // of every private key file; from password_file, may be empty
  std::string answer_key;
  std::string registry_answer_key;
  std::string admin_answer_key;
  // Exactly one of the three; the others are empty.
  std::string outer_key;
  std::string outer_credential;  // path of the systemd credential
  std::optional<TokenSection> outer_token;
  std::string checkpoint_key;
  std::vector<std::string> feeder_public_keys;  // 1 or 2 PEM files
};

struct FontSection {
  std::string path;
  Digest sha256;
  std::string glyph_cache;  // empty: beside the program
};

struct FormSection {
  std::string form;  // a built-in one's name
  // Files instead of the built-in form's two; empty: its own.
  std::string template_file{}, readback_file{};
  // The mayor's seal as an image; empty: the form's own characters.
  std::string seal_file{};
  Digest seal_sha256{};
};

struct RenderSection {
  std::vector<FontSection> fonts;
  // What a kind prints on; a kind that is not named prints on its usual_form().
  std::map<CertificateKind, FormSection> forms;
};

// What is added to certificates, and with which key: exactly one of the two.
struct DocumentsSection {
  std::string certificate;  // PEM, the key's own first
  std::string key;
  std::optional<TokenSection> token;
  std::string label;  // of the key in the token
  bool signature = false;
  bool printed_seal = false;
};

struct RegisterSection {
  std::chrono::minutes extract_age_max{26 * 60};
  std::chrono::minutes feed_silence_max{30};
  std::chrono::seconds erasure_look{60};  // 1 to 60: how often it is looked who is due
  bool any_file_system = false;           // under demo only
  bool hold_individual_number = false;
  GuardRails rails{};
};

struct LimitsSection {
  std::size_t workers = 2;                   // 1 to 64
  std::size_t connections_per_peer = 256;    // 1 to 4096
  std::size_t transactions_live_max = 4096;  // 1 to 65536
};

struct Config {
  std::string file;    // absolute
  std::string folder;  // of the file
  Digest digest;       // of the file's bytes: shown in /readyz and in the boot entry (INV-8)
  std::string text;    // the whole file
  // Of all that a running relay cannot take over: two files of one `fixed` differ in nothing but
  // what SIGHUP reads again (docs/configuration.md).
  Digest fixed;
  MunicipalityCode municipality;
  std::string municipality_name;
  bool demo = false;
  std::string topology;  // "single": one instance, and no other place may hold the state (INV-8)
  std::string build;     // the only one that may serve the site, as /readyz shows it; empty: any
  std::string state_dir;
  std::string run_dir;
  std::vector<ListenerSection> listeners;
  std::vector<PeerSection> peers;
  std::vector<TerminalSection> terminals;
  OperatorsSection operators;
  KeysSection keys;
  CardSection card;
  std::optional<OcspSection> ocsp;  // none: nobody is asked
  RenderSection render;
  std::optional<DocumentsSection> documents;  // none: nothing is added
  RegisterSection reg;
  ServiceCalendar calendar;  // the kinds that are offered, and when
  LimitsSection limits;
  SandboxSection sandbox;
};

// Whether that role has a listener.
bool listens(const Config& config, Role role);

// Throws StartFailure: file unreadable, not TOML, unknown or missing key, value out of range.
Config load_config(const std::string& path);
// The same for a text that was read before: `path` says where its relative paths begin.
Config parse_config(const std::string& path, const std::string& text);

}  // namespace certrelay
