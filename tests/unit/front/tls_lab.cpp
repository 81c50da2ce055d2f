#include "tests/unit/front/tls_lab.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "protocol/base/check.hpp"

namespace certrelay::testing {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

PkiKey new_key() { return PkiKey::generate(PkiKeyKind::kEcP256).value(); }

PkiAuthority authority(std::string name, std::uint64_t serial) {
  const auto spec = role_authority_spec(std::move(name), serial_from(serial), lab_validity());
  return PkiAuthority::self_signed(spec, new_key()).value();
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{.tv_sec = 120, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(port);
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CERTRELAY_CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0);
  return fd;
}

void present(SSL* tls, const ClientFiles& files) {
  if (files.certificate.empty()) return;
  CERTRELAY_CHECK(SSL_use_certificate_ASN1(tls, files.certificate.data(),
                                           static_cast<int>(files.certificate.size())) == 1);
  CERTRELAY_CHECK(SSL_use_PrivateKey(tls, files.key->handle()) == 1);
}

void converse(SSL* tls, const ClientWish& wish, ClientSight& sight) {
  if (SSL_connect(tls) != 1) return;
  sight.handshake = true;
  sight.tls13 = SSL_version(tls) == TLS1_3_VERSION;
  if (!wish.request.empty()) {
    // Fails where the server has refused us by now: reading says so too.
    SSL_write(tls, wish.request.data(), static_cast<int>(wish.request.size()));
  }
  std::array<char, 4096> chunk;
  while (true) {
    const int got = SSL_read(tls, chunk.data(), static_cast<int>(chunk.size()));
    if (got <= 0) break;
    sight.received.append(chunk.data(), static_cast<std::size_t>(got));
  }
  sight.resumable = SSL_SESSION_is_resumable(SSL_get0_session(tls)) == 1;
}

ClientSight speak_now(std::uint16_t port, const ClientWish& wish) {
  ClientSight sight;
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_max_proto_version(context, wish.version_max);
  SSL* tls = SSL_new(context);
  if (!wish.alpn.empty()) {
    const std::string offer = static_cast<char>(wish.alpn.size()) + wish.alpn;
    SSL_set_alpn_protos(tls, reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned>(offer.size()));
  }
  present(tls, wish.files);
  const int fd = connect_to(port);
  SSL_set_fd(tls, fd);
  converse(tls, wish, sight);
  SSL_free(tls);
  SSL_CTX_free(context);
  ::close(fd);
  return sight;
}

}  // namespace

Validity lab_validity() {
  return {UtcTime{sys_days{year(2040) / 1 / 1}}, UtcTime{sys_days{year(2041) / 1 / 1}}};
}

TlsLab::TlsLab()
    : servers(authority("Servers", 1)),
      clients(authority("Clients", 2)),
      others(authority("Others", 3)) {
  CERTRELAY_CHECK(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR);
  const PkiKey key = new_key();
  const auto spec = tls_server_spec("relay", "DNS:relay.example", serial_from(4), lab_validity());
  settings.certificate = {"server.pem", to_pem(servers.issue(spec, key).value(), "CERTIFICATE")};
  settings.private_key = {"server.key", key.to_pkcs8_pem("correct horse").value()};
  settings.passphrase = "correct horse";
  settings.authority = {"clients.pem", clients.certificate_pem()};
  good = client(clients, "DNS:center.example");
}

ClientFiles TlsLab::client(const PkiAuthority& issuer, std::string san) const {
  PkiKey key = new_key();
  const auto spec = tls_client_spec("center", std::move(san), serial_from(5), lab_validity());
  Bytes certificate = issuer.issue(spec, key).value();
  const Digest spki = sha256(key.public_key_der());
  return {.certificate = std::move(certificate), .key = std::move(key), .spki = spki};
}

const TlsLab& tls_lab() {
  static const TlsLab lab;
  return lab;
}

std::future<ClientSight> speak(std::uint16_t port, ClientWish wish) {
  return std::async(std::launch::async,
                    [port, wish = std::move(wish)] { return speak_now(port, wish); });
}

}  // namespace certrelay::testing
