#include "firmware/client/peer.hpp"

#include "firmware/client/pem.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPemBytesMax = std::size_t{64} * 1024;

Result<std::string> read_text(Files& files, const std::string& path) {
  CERTRELAY_TRY(const Bytes bytes, files.read_all(path, kPemBytesMax));
  return std::string(as_text(bytes));
}

Result<Address> find_address(Files& files, const PeerFiles& peer) {
  if (!peer.address.empty()) return parse_address(peer.address);
  const auto text = read_text(files, peer.address_file);
  if (!text) return Error{ErrorCode::kCannotReach, "no address file: is certrelayd running?"};
  return parse_address(text.value());
}

}  // namespace

Result<Peer> load_peer(Files& files, const PeerFiles& peer) {
  TlsCredentials credentials;
  CERTRELAY_TRY(credentials.certificate_pem, read_text(files, peer.certificate));
  CERTRELAY_TRY(credentials.private_key_pem, read_text(files, peer.key));
  CERTRELAY_TRY(credentials.server_ca_pem, read_text(files, peer.server_ca));
  if (!peer.pass_phrase.empty()) {
    CERTRELAY_TRY(credentials.private_key_pem,
                  decrypt_private_key(credentials.private_key_pem, peer.pass_phrase));
  }
  credentials.server_name = peer.server_name;
  auto tls = TlsContext::make(credentials);
  wipe(std::span(reinterpret_cast<std::uint8_t*>(credentials.private_key_pem.data()),
                 credentials.private_key_pem.size()));
  if (!tls) return tls.error();
  std::vector<std::string> keys;
  for (const std::string& path : peer.answer_keys) {
    CERTRELAY_TRY(auto pem, read_text(files, path));
    keys.push_back(std::move(pem));
  }
  CERTRELAY_TRY(AnswerVerifier verifier, AnswerVerifier::from_pems(keys));
  CERTRELAY_TRY(Address address, find_address(files, peer));
  return Peer{std::move(tls).value(), std::move(verifier), std::move(address)};
}

}  // namespace certrelay
