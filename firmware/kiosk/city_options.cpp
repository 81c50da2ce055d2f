#include "firmware/kiosk/city_options.hpp"

#include <algorithm>

namespace certrelay {
namespace {

Result<KioskId> choose_kiosk(const KioskSite& site, const std::string& wanted) {
  if (!wanted.empty()) return KioskId::parse(wanted);
  if (site.kiosks.empty()) return Error{ErrorCode::kMissingMember, "kiosk.json names no kiosk"};
  return site.kiosks.front();
}

}  // namespace

void CityOptions::add_city(CLI::App& command) {
  command.add_option("--city", city, "folder made by `certrelay-kiosk city create`")->required();
  command.add_option("--kiosk", kiosk, "kiosk id (default: the city's first)");
}

void CityOptions::add_card(CLI::App& command) {
  auto* file = command.add_option("--card", card, "softcard file (default: see --as)");
  auto* cast = command
                   .add_option("--as", role,
                               "take the card of this role of cast.json: ordinary, deleted, ...\n"
                               "(default: the first whose certificate will be issued)")
                   ->excludes(file);
  auto* module =
      command
          .add_option("--token", token.module,
                      "a real card or token instead: the path of its PKCS#11 module, as\n"
                      "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so for a My Number card;\n"
                      "its PIN is asked for at the terminal")
          ->excludes(file)
          ->excludes(cast);
  command.add_option("--token-label", token.label, "the token's label, where there are several")
      ->needs(module);
}

LoadedCity::LoadedCity(std::string folder, KioskSite site, std::vector<CastMember> cast, Peer peer,
                       KioskId kiosk, const Clock& clock, Entropy& entropy)
    : folder_(std::move(folder)),
      site_(std::move(site)),
      cast_(std::move(cast)),
      peer_(std::move(peer)),
      kiosk_(std::move(kiosk)),
      world_{site_, peer_, clock, entropy} {}

Result<std::unique_ptr<LoadedCity>> LoadedCity::load(Files& files, const Clock& clock,
                                                     Entropy& entropy, const CityOptions& options) {
  CERTRELAY_TRY(KioskSite site, load_site(files, options.city));
  CERTRELAY_TRY(auto cast, load_cast(files, options.city));
  CERTRELAY_TRY(Peer peer, load_peer(files, peer_files(options.city, site.center)));
  CERTRELAY_TRY(KioskId kiosk, choose_kiosk(site, options.kiosk));
  return std::make_unique<LoadedCity>(options.city, std::move(site), std::move(cast),
                                      std::move(peer), std::move(kiosk), clock, entropy);
}

Result<std::string> LoadedCity::card_file(const CityOptions& options) const {
  if (!options.card.empty()) return options.card;
  const auto found = std::ranges::find_if(cast_, [&](const CastMember& member) {
    return options.role.empty() ? member.expected == "issued" : member.role == options.role;
  });
  if (found == cast_.end()) return Error{ErrorCode::kNotFound, "nobody of that role in cast.json"};
  return folder_ + "/" + found->card;
}

}  // namespace certrelay
