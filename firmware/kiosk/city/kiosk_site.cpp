#include "firmware/kiosk/city/kiosk_site.hpp"

#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr JsonLimits kLimits{.bytes_max = 64 * 1024 * 1024, .depth_max = 4};

boost::json::array to_array(const std::vector<std::string>& texts) {
  boost::json::array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

boost::json::object to_object(const ListenerFiles& files) {
  return {{"address_file", files.address_file},
          {"server_ca", files.server_ca},
          {"certificate", files.certificate},
          {"key", files.key},
          {"answer_keys", to_array(files.answer_keys)}};
}

Result<std::string> read_text(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return std::string(text);
}

Result<std::vector<std::string>> read_texts(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto* array, object.array(name));
  std::vector<std::string> out;
  for (const auto& item : *array) {
    if (!item.is_string()) return Error{ErrorCode::kWrongType, "kiosk.json list"};
    out.emplace_back(item.get_string());
  }
  return out;
}

Result<ListenerFiles> read_listener(JsonObject& site, std::string_view name) {
  CERTRELAY_TRY(auto object, site.object(name));
  ListenerFiles out;
  CERTRELAY_TRY(out.address_file, read_text(object, "address_file"));
  CERTRELAY_TRY(out.server_ca, read_text(object, "server_ca"));
  CERTRELAY_TRY(out.certificate, read_text(object, "certificate"));
  CERTRELAY_TRY(out.key, read_text(object, "key"));
  CERTRELAY_TRY(out.answer_keys, read_texts(object, "answer_keys"));
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

Result<CastMember> read_member(const boost::json::value& value) {
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  CastMember out;
  CERTRELAY_TRY(out.role, read_text(object, "role"));
  CERTRELAY_TRY(out.card, read_text(object, "card"));
  CERTRELAY_TRY(out.person_id, read_text(object, "person_id"));
  CERTRELAY_TRY(out.expected, read_text(object, "expected"));
  CERTRELAY_TRY(out.reason, read_text(object, "reason"));
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

}  // namespace

std::string to_kiosk_site_text(const KioskSite& site) {
  boost::json::array kiosks;
  for (const auto& kiosk : site.kiosks) kiosks.emplace_back(kiosk.text());
  return to_json_text(boost::json::object{{"municipality", site.municipality.text()},
                                          {"center", to_object(site.center)},
                                          {"registry", to_object(site.registry)},
                                          {"monitoring_address", site.monitoring_address},
                                          {"stranger_certificate", site.stranger_certificate},
                                          {"stranger_key", site.stranger_key},
                                          {"center_peer", site.center_peer},
                                          {"feeder_key", site.feeder_key},
                                          {"feeder_password", site.feeder_password},
                                          {"extract_folder", site.extract_folder},
                                          {"kiosks", std::move(kiosks)}}) +
         "\n";
}

Result<KioskSite> parse_kiosk_site(std::string_view text) {
  CERTRELAY_TRY(const auto json, parse_strict_json(text, kLimits));
  CERTRELAY_TRY(auto object, JsonObject::from(json));
  CERTRELAY_TRY(const auto code, object.string("municipality"));
  CERTRELAY_TRY(auto municipality, MunicipalityCode::parse(code));
  KioskSite out{.municipality = std::move(municipality)};
  CERTRELAY_TRY(out.center, read_listener(object, "center"));
  CERTRELAY_TRY(out.registry, read_listener(object, "registry"));
  CERTRELAY_TRY(out.monitoring_address, read_text(object, "monitoring_address"));
  CERTRELAY_TRY(out.stranger_certificate, read_text(object, "stranger_certificate"));
  CERTRELAY_TRY(out.stranger_key, read_text(object, "stranger_key"));
  CERTRELAY_TRY(out.center_peer, read_text(object, "center_peer"));
  CERTRELAY_TRY(out.feeder_key, read_text(object, "feeder_key"));
  CERTRELAY_TRY(out.feeder_password, read_text(object, "feeder_password"));
  CERTRELAY_TRY(out.extract_folder, read_text(object, "extract_folder"));
  CERTRELAY_TRY(const auto kiosks, read_texts(object, "kiosks"));
  for (const auto& kiosk : kiosks) {
    CERTRELAY_TRY(auto id, KioskId::parse(kiosk));
    out.kiosks.push_back(std::move(id));
  }
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

std::string to_cast_text(const std::vector<CastMember>& cast) {
  // One line a member, so that people can read it and grep it.
  std::string out = "[";
  for (const auto& member : cast) {
    out += out.size() == 1 ? "\n" : ",\n";
    out += to_json_text(boost::json::object{{"role", member.role},
                                            {"card", member.card},
                                            {"person_id", member.person_id},
                                            {"expected", member.expected},
                                            {"reason", member.reason}});
  }
  return out + "\n]\n";
}

Result<std::vector<CastMember>> parse_cast(std::string_view text) {
  CERTRELAY_TRY(const auto json, parse_strict_json(text, kLimits));
  if (!json.is_array()) return Error{ErrorCode::kWrongType, "cast.json"};
  std::vector<CastMember> out;
  for (const auto& item : json.get_array()) {
    CERTRELAY_TRY(auto member, read_member(item));
    out.push_back(std::move(member));
  }
  return out;
}

}  // namespace certrelay
