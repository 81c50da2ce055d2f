#include "firmware/kiosk/city/city.hpp"

#include <filesystem>

#include "firmware/kiosk/city/card_maker.hpp"
#include "firmware/kiosk/city/city_extract.hpp"
#include "firmware/kiosk/city/operators.hpp"
#include "firmware/kiosk/city/site_config.hpp"
#include "firmware/kiosk/city/source_tables.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMunicipalityCode = "392901";  // of no municipality in 高知県
constexpr const char* kCityName = "土佐みなと市";
constexpr std::size_t kFontBytesMax = std::size_t{256} << 20;

CityFailure failure(const std::string& what, const std::string& mend, int exit_code = 1) {
  return {what + ": " + mend, exit_code};
}

CityFailure file_failure(const std::string& what, const Error& error) {
  const std::string where(error.where);
  if (error.code == ErrorCode::kDiskFull) {
    return failure(what + " (" + where + ")", "the disk is full, free some space");
  }
  return failure(
      what + " (" + where + ", error " + std::to_string(static_cast<unsigned>(error.code)) + ")",
      "check that the parent folder exists and may be written to");
}

// Does not follow symbolic links. False when something is left.
bool remove_tree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return !error;
}

std::optional<CityFailure> check_plan(const CityPlan& plan) {
  if (plan.residents < kResidentsMin || plan.residents > kCityResidentsMax) {
    return failure("--residents " + std::to_string(plan.residents),
                   "give a number from " + std::to_string(kResidentsMin) + " to " +
                       std::to_string(kCityResidentsMax),
                   2);
  }
  if (plan.softcards < 0 || plan.softcards > kCitySoftcardsMax) {
    return failure("--cards " + std::to_string(plan.softcards),
                   "give a number from 0 to " + std::to_string(kCitySoftcardsMax), 2);
  }
  if (plan.revoked < 0 || plan.revoked > kCityRevokedMax) {
    return failure("--revoked " + std::to_string(plan.revoked),
                   "give a number from 0 to " + std::to_string(kCityRevokedMax), 2);
  }
  return std::nullopt;
}

// What lies at the target may only be replaced when asked, and only when it is a city.
std::optional<CityFailure> check_target(Files& files, const CityPlan& plan,
                                        const std::string& folder) {
  const auto found = files.info(folder);
  if (!found && found.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!found) return file_failure(folder + " cannot be looked at", found.error());
  if (!plan.replace) {
    return failure(folder + " exists", "choose another folder, or replace it with --force");
  }
  if (!files.info(folder + "/cast.json")) {
    return failure(folder + " is not a city made by this command",
                   "choose another folder; --force replaces cities only");
  }
  return std::nullopt;
}

Result<void> fill(CityFolder& folder, Entropy& entropy, const CityPlan& plan,
                  const SiteChoices& choices, CityReport& report) {
  const auto today = jst_day(plan.now);
  const auto numbers = plan.numbers ? IndividualNumbers::kHeld : IndividualNumbers::kNotHeld;
  for (const char* name : {"source", "state", "run"}) {
    CERTRELAY_TRY(folder.make_folder(name));
  }
  CERTRELAY_TRY(const auto people, write_source_tables(folder.files(), folder.at("source"),
                                                       {.residents = plan.residents,
                                                        .seed = plan.seed,
                                                        .today = today,
                                                        .softcards_max = plan.softcards,
                                                        .numbers = numbers}));
  CERTRELAY_TRY(const auto keys,
                write_authorities(folder, entropy, today, choices.municipality, choices.documents));
  CERTRELAY_TRY(const auto cards, write_cards(folder, people.softcards, plan.revoked, today));
  CERTRELAY_TRY(folder.write("certrelay.toml", site_config_text(choices, keys)));
  const auto site = kiosk_site(choices.municipality);
  CERTRELAY_TRY(folder.write("kiosk.json", to_kiosk_site_text(site)));
  CERTRELAY_TRY(folder.write("admin.json", admin_config_text(choices.municipality)));
  CERTRELAY_TRY(folder.write("cast.json", to_cast_text(cards.cast)));
  CERTRELAY_TRY(write_extract(folder, site, cards.issuer_der, plan.now, numbers));
  report = {.persons = people.persons,
            .households = people.households,
            .cards = people.cards,
            .softcards = cards.cast.size()};
  return ok();
}

// `fresh` becomes `folder`; an older one stands aside until then.
Result<void> put_in_place(Files& files, const std::string& fresh, const std::string& folder) {
  const std::string old = folder + ".old";
  const bool replaces = files.info(folder).has_value();
  if (replaces) {
    CERTRELAY_TRY(files.rename(folder, old));
  }
  const auto renamed = files.rename(fresh, folder);
  if (!renamed && replaces) {
    CERTRELAY_TRY(files.rename(old, folder));
  }
  if (renamed && replaces) remove_tree(old);
  return renamed;
}

}  // namespace

std::optional<CityFailure> create_city(Files& files, Entropy& entropy, const CityPlan& plan,
                                       CityReport& report) {
  std::string folder = plan.folder;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  if (auto bad = check_plan(plan)) return bad;
  if (auto bad = check_target(files, plan, folder)) return bad;
  const auto font = files.read_all(plan.font, kFontBytesMax);
  if (!font) {
    return failure("the font " + plan.font + " cannot be read",
                   "install the package fonts-ipamj-mincho, or name the file with --font");
  }
  const std::string fresh = folder + ".new";
  // Left by a run that was killed.
  if (!remove_tree(fresh) || !remove_tree(folder + ".old")) {
    return failure(fresh + " or " + folder + ".old cannot be removed", "remove them by hand");
  }
  SiteChoices choices{.municipality = MunicipalityCode::parse(kMunicipalityCode).value(),
                      .name = kCityName,
                      .font_path = std::filesystem::absolute(plan.font).string(),
                      .font_digest = sha256(font.value()),
                      .real_hours = plan.real_hours,
                      .numbers = plan.numbers,
                      .documents = plan.documents};
  CityFolder city(files, fresh);
  auto done = files.make_folder(fresh);
  if (done) done = fill(city, entropy, plan, choices, report);
  if (done) done = put_in_place(files, fresh, folder);
  if (done) return std::nullopt;
  remove_tree(fresh);
  return file_failure(folder + " was not made", done.error());
}

}  // namespace certrelay
