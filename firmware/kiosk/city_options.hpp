// --city, --card, --as, --token, --kiosk: what every command that talks to the relay takes.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "firmware/kiosk/token/token_card.hpp"
#include "firmware/kiosk/transaction.hpp"

namespace certrelay {

struct CityOptions {
  std::string city;
  std::string card;   // a softcard file; empty: the cast's
  std::string role;   // of cast.json; empty: the first whose outcome is "issued"
  TokenChoice token;  // with a module: a chip at this machine instead of a file
  std::string kiosk;  // empty: the city's first

  void add_city(CLI::App& command);
  void add_card(CLI::App& command);
};

// The city as loaded. Stays where it was made: `world` refers to the rest.
class LoadedCity {
 public:
  // Errors: see site.hpp.
  static Result<std::unique_ptr<LoadedCity>> load(Files& files, const Clock& clock,
                                                  Entropy& entropy, const CityOptions& options);
  LoadedCity(std::string folder, KioskSite site, std::vector<CastMember> cast, Peer peer,
             KioskId kiosk, const Clock& clock, Entropy& entropy);
  LoadedCity(const LoadedCity&) = delete;
  LoadedCity& operator=(const LoadedCity&) = delete;

  const World& world() const { return world_; }
  const std::string& folder() const { return folder_; }
  const std::vector<CastMember>& cast() const { return cast_; }
  const KioskId& kiosk() const { return kiosk_; }
  // The file of the card that `options` ask for. Errors: kNotFound.
  Result<std::string> card_file(const CityOptions& options) const;

 private:
  std::string folder_;
  KioskSite site_;
  std::vector<CastMember> cast_;
  Peer peer_;
  KioskId kiosk_;
  World world_;
};

}  // namespace certrelay
