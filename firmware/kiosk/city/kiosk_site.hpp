// DIR/kiosk.json and DIR/cast.json: what the world around the relay needs to know, as plain values.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/ids/ids.hpp"

namespace certrelay {

// One listener as its peer sees it. Paths are relative to the city's folder; the server's
// certificate carries the name "localhost".
struct ListenerFiles {
  std::string address_file;              // "run/center.addr": host:port, written by the server
  std::string server_ca;                 // PEM
  std::string certificate;               // ours, PEM
  std::string key;                       // ours, PKCS#8 PEM, unencrypted
  std::vector<std::string> answer_keys;  // pinned public keys of answers, PEM, 1 or 2
};

struct KioskSite {
  MunicipalityCode municipality;
  ListenerFiles center{};              // as the center
  ListenerFiles registry{};            // as the resident-record system
  std::string monitoring_address{};    // plain HTTP on loopback
  std::string stranger_certificate{};  // of an authority that nobody knows: must be refused
  std::string stranger_key{};
  std::string center_peer{};      // our name in the configuration, part of what a card signs
  std::string feeder_key{};       // signs manifests, changes and heartbeats
  std::string feeder_password{};  // a file, of the key's pass phrase
  std::string extract_folder{};   // signed, ready to be pushed
  std::vector<KioskId> kiosks{};
};

std::string to_kiosk_site_text(const KioskSite& site);
// Errors: those of parse_strict_json and JsonObject, kMalformed.
Result<KioskSite> parse_kiosk_site(std::string_view text);

// A card whose outcome is known beforehand.
struct CastMember {
  std::string role;       // "ordinary", "deleted", ...; "resident" for all who have none
  std::string card;       // softcard file
  std::string person_id;  // empty: nobody has it
  // "issued", or the problem's code at the center: "window_only", "card_not_accepted".
  std::string expected;
  std::string reason;  // why, for people
};

std::string to_cast_text(const std::vector<CastMember>& cast);
// Errors: as parse_kiosk_site.
Result<std::vector<CastMember>> parse_cast(std::string_view text);

}  // namespace certrelay
