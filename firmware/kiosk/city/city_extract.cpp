#include "firmware/kiosk/city/city_extract.hpp"

#include "firmware/ctl/extract_build.hpp"
#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kKeyBytesMax = std::size_t{64} * 1024;

std::string head_text(const KioskSite& site, const Bytes& issuer_der) {
  return to_json_text(boost::json::object{{"municipality_code", site.municipality.text()},
                                          {"generation", 1},
                                          {"base_generation", 0},
                                          {"last_change", 0},
                                          {"operator", "見本 住民記録係"},
                                          {"issuers", boost::json::array{to_base64(issuer_der)}}}) +
         "\n";
}

Result<FeederKey> load_key(CityFolder& folder, const KioskSite& site) {
  CERTRELAY_TRY(const auto pem, folder.files().read_all(folder.at(site.feeder_key), kKeyBytesMax));
  CERTRELAY_TRY(auto phrase,
                folder.files().read_all(folder.at(site.feeder_password), kKeyBytesMax));
  std::string_view line = as_text(phrase);
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto key = FeederKey::from_pem(as_text(pem), line);
  wipe(phrase);
  return key;
}

}  // namespace

Result<void> write_extract(CityFolder& folder, const KioskSite& site, const Bytes& issuer_der,
                           UtcTime now, IndividualNumbers numbers) {
  CERTRELAY_TRY(folder.write("source/extract.json", head_text(site, issuer_der)));
  CERTRELAY_TRY(auto head, load_extract_head(folder.files(), folder.at("source"), now));
  head.numbers = numbers;
  CERTRELAY_TRY(const auto key, load_key(folder, site));
  Diagnostics diagnostics;
  CERTRELAY_TRY(build_extract(folder.files(), folder.at("source"), folder.at(site.extract_folder),
                              head, key, diagnostics));
  return ok();
}

}  // namespace certrelay
