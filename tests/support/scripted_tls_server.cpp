#include "tests/support/scripted_tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "firmware/client/pem.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

using TlsPointer = std::unique_ptr<SSL, decltype(&SSL_free)>;

// The body's size by the request's own Content-Length; 0 without one.
std::size_t body_length(const std::string& head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t at = head.find(kName);
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + kName.size(), nullptr, 10);
}

// One whole request, or an empty text at the connection's end.
std::string read_request(SSL* tls) {
  std::string text;
  std::array<char, 4096> chunk;
  while (true) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end != std::string::npos && text.size() >= end + 4 + body_length(text)) return text;
    const int read = SSL_read(tls, chunk.data(), static_cast<int>(chunk.size()));
    if (read <= 0) return {};
    text.append(chunk.data(), static_cast<std::size_t>(read));
  }
}

int select_http(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                unsigned in_size, void*) {
  static constexpr unsigned char kHttp[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, kHttp, sizeof kHttp - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

ScriptedTlsServer::ScriptedTlsServer(const ScriptedTlsFiles& files, Script script)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), script_(std::move(script)) {
  CERTRELAY_CHECK(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR);
  const auto certificate = read_certificates(files.certificate_pem);
  const auto key = read_private_key(files.private_key_pem);
  const auto client_ca = read_certificates(files.client_ca_pem);
  SSL_CTX* context = context_.get();
  CERTRELAY_CHECK(SSL_CTX_use_certificate(context, certificate.value().front().get()) == 1);
  CERTRELAY_CHECK(SSL_CTX_use_PrivateKey(context, key.value().get()) == 1);
  CERTRELAY_CHECK(
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context), client_ca.value().front().get()) == 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_alpn_select_cb(context, select_http, nullptr);
  SSL_CTX_set_num_tickets(context, 0);

  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  auto* generic = reinterpret_cast<sockaddr*>(&here);
  CERTRELAY_CHECK(::bind(listener_, generic, size) == 0 && ::listen(listener_, 64) == 0);
  CERTRELAY_CHECK(::getsockname(listener_, generic, &size) == 0);
  port_ = ntohs(here.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedTlsServer::~ScriptedTlsServer() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept(); the client has hung up by now
  thread_.join();
  ::close(listener_);
}

std::string ScriptedTlsServer::address() const { return "127.0.0.1:" + std::to_string(port_); }

std::vector<std::string> ScriptedTlsServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedTlsServer::serve() {
  while (!ending_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++connections_;
    serve_one(fd);
    ::close(fd);
  }
}

void ScriptedTlsServer::serve_one(int fd) {
  const TlsPointer tls(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(tls.get(), fd);
  if (SSL_accept(tls.get()) != 1) {
    // Reads on until the client hangs up: closing now would reset the connection, and the alert
    // that says why might never be read.
    ::shutdown(fd, SHUT_WR);
    std::array<char, 4096> chunk;
    while (::read(fd, chunk.data(), chunk.size()) > 0) {
    }
    return;
  }
  while (true) {
    const std::string request = read_request(tls.get());
    if (request.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    std::string answer = script_(request);
    const bool close = answer.empty() || answer.back() == kThenClose;
    if (close && !answer.empty()) answer.pop_back();
    if (!answer.empty() &&
        SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size())) <= 0) {
      return;
    }
    if (close) {
      SSL_shutdown(tls.get());
      return;
    }
  }
}

}  // namespace certrelay
