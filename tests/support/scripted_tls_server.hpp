// A TLS 1.3 server that sends what a test tells it to, byte for byte: for clients that must refuse.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct ssl_ctx_st;

namespace certrelay {

struct ScriptedTlsFiles {
  std::string certificate_pem;
  std::string private_key_pem;
  std::string client_ca_pem;
};

// Serves one connection after the other, each until the client or the script closes it.
class ScriptedTlsServer {
 public:
  // Gets one whole request (head and body); returns the bytes to send back. An empty text closes
  // the connection without a byte; a text that ends in kThenClose is sent, then it closes.
  using Script = std::function<std::string(const std::string& request)>;
  static constexpr char kThenClose = '\x01';

  ScriptedTlsServer(const ScriptedTlsFiles& files, Script script);
  ~ScriptedTlsServer();
  ScriptedTlsServer(const ScriptedTlsServer&) = delete;
  ScriptedTlsServer& operator=(const ScriptedTlsServer&) = delete;

  // "127.0.0.1:port"
  std::string address() const;
  int connections() const { return connections_; }
  // Every request that came, in order.
  std::vector<std::string> requests() const;

 private:
  void serve();
  void serve_one(int fd);

  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace certrelay
