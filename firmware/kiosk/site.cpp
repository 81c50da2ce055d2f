#include "firmware/kiosk/site.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{64} * 1024 * 1024;
// What every certificate of a city's server carries (kiosk_site.hpp).
constexpr const char* kServerName = "localhost";

Result<std::string> read_text(Files& files, const std::string& path, std::size_t bytes_max) {
  CERTRELAY_TRY(const Bytes bytes, files.read_all(path, bytes_max));
  return std::string(as_text(bytes));
}

}  // namespace

Result<KioskSite> load_site(Files& files, const std::string& folder) {
  CERTRELAY_TRY(const auto text, read_text(files, folder + "/kiosk.json", kFileBytesMax));
  return parse_kiosk_site(text);
}

Result<std::vector<CastMember>> load_cast(Files& files, const std::string& folder) {
  CERTRELAY_TRY(const auto text, read_text(files, folder + "/cast.json", kFileBytesMax));
  return parse_cast(text);
}

PeerFiles peer_files(const std::string& folder, const ListenerFiles& listener) {
  PeerFiles out{.address = {},
                .address_file = folder + "/" + listener.address_file,
                .server_ca = folder + "/" + listener.server_ca,
                .server_name = kServerName,
                .certificate = folder + "/" + listener.certificate,
                .key = folder + "/" + listener.key};
  for (const std::string& path : listener.answer_keys)
    out.answer_keys.push_back(folder + "/" + path);
  return out;
}

Result<Softcard> load_softcard(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto text, read_text(files, path, kSoftcardBytesMax));
  return parse_softcard(text);
}

}  // namespace certrelay
