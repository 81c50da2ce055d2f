#include "firmware/kiosk/site.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kPemBytesMax = std::size_t{64} * 1024;
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

Result<Peer> load_peer(Files& files, const std::string& folder, const ListenerFiles& listener) {
  const auto read = [&](const std::string& path) {
    return read_text(files, folder + "/" + path, kPemBytesMax);
  };
  const auto address_text = read(listener.address_file);
  if (!address_text) {
    return Error{ErrorCode::kCannotReach, "no address file: is certrelayd running?"};
  }
  CERTRELAY_TRY(Address address, parse_address(address_text.value()));
  TlsCredentials credentials;
  CERTRELAY_TRY(credentials.certificate_pem, read(listener.certificate));
  CERTRELAY_TRY(credentials.private_key_pem, read(listener.key));
  CERTRELAY_TRY(credentials.server_ca_pem, read(listener.server_ca));
  credentials.server_name = kServerName;
  CERTRELAY_TRY(TlsContext tls, TlsContext::make(credentials));
  std::vector<std::string> keys;
  for (const std::string& path : listener.answer_keys) {
    CERTRELAY_TRY(auto pem, read(path));
    keys.push_back(std::move(pem));
  }
  CERTRELAY_TRY(AnswerVerifier verifier, AnswerVerifier::from_pems(keys));
  return Peer{std::move(tls), std::move(verifier), std::move(address)};
}

Result<Softcard> load_softcard(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto text, read_text(files, path, kSoftcardBytesMax));
  return parse_softcard(text);
}

}  // namespace certrelay
