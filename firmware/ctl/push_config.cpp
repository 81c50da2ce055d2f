#include "firmware/ctl/push_config.hpp"

#include "firmware/kiosk/city/kiosk_site.hpp"
#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kSettingsBytesMax = std::size_t{64} * 1024;

std::string at(const std::string& folder, std::string_view path) {
  return path.starts_with('/') ? std::string(path) : folder + "/" + std::string(path);
}

Result<std::string> read_path(JsonObject& object, std::string_view name,
                              const std::string& folder) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return at(folder, text);
}

}  // namespace

Result<PushConfig> load_push_config(Files& files, const std::string& path) {
  CERTRELAY_TRY(const Bytes bytes, files.read_all(path, kSettingsBytesMax));
  CERTRELAY_TRY(const auto json, parse_strict_json(as_text(bytes)));
  CERTRELAY_TRY(auto object, JsonObject::from(json));
  const std::string folder = folder_of(path);
  PushConfig out;
  CERTRELAY_TRY(const auto address, object.string("address"));
  CERTRELAY_TRY(const auto server_name, object.string("server_name"));
  out.registry.address = address;
  out.registry.server_name = server_name;
  CERTRELAY_TRY(out.registry.server_ca, read_path(object, "server_ca", folder));
  CERTRELAY_TRY(out.registry.certificate, read_path(object, "certificate", folder));
  CERTRELAY_TRY(out.registry.key, read_path(object, "key", folder));
  CERTRELAY_TRY(out.feeder_key, read_path(object, "feeder_key", folder));
  CERTRELAY_TRY(out.feeder_password, read_path(object, "feeder_password", folder));
  CERTRELAY_TRY(const auto* keys, object.array("answer_keys"));
  for (const auto& key : *keys) {
    if (!key.is_string()) return Error{ErrorCode::kWrongType, "answer_keys"};
    out.registry.answer_keys.push_back(at(folder, std::string_view(key.get_string())));
  }
  if (object.has("municipality_code")) {
    CERTRELAY_TRY(const auto code, object.string("municipality_code"));
    CERTRELAY_TRY(out.municipality, MunicipalityCode::parse(code));
  }
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

Result<PushConfig> load_city_push_config(Files& files, const std::string& folder,
                                         std::string& extract) {
  CERTRELAY_TRY(const Bytes bytes, files.read_all(folder + "/kiosk.json", kSettingsBytesMax));
  CERTRELAY_TRY(const KioskSite site, parse_kiosk_site(as_text(bytes)));
  const std::string base = folder + "/";
  PushConfig out;
  out.municipality = site.municipality;
  out.registry.address_file = base + site.registry.address_file;
  out.registry.server_name = "localhost";
  out.registry.server_ca = base + site.registry.server_ca;
  out.registry.certificate = base + site.registry.certificate;
  out.registry.key = base + site.registry.key;
  for (const std::string& key : site.registry.answer_keys) {
    out.registry.answer_keys.push_back(base + key);
  }
  out.feeder_key = base + site.feeder_key;
  out.feeder_password = base + site.feeder_password;
  extract = base + site.extract_folder;
  return out;
}

Result<FeederKey> load_feeder_key(Files& files, const PushConfig& config) {
  CERTRELAY_TRY(const Bytes pem, files.read_all(config.feeder_key, kSettingsBytesMax));
  CERTRELAY_TRY(Bytes phrase, files.read_all(config.feeder_password, 1024));
  std::string_view line = as_text(phrase);
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto key = FeederKey::from_pem(as_text(pem), line);
  wipe(phrase);
  return key;
}

}  // namespace certrelay
