// A front: TLS, HTTP and the gate, and nothing of the register, the ledger or the vault's keys.

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "firmware/daemon/child_process.hpp"
#include "firmware/daemon/control_listener.hpp"
#include "firmware/daemon/demonstration_rule.hpp"
#include "firmware/daemon/or_abort.hpp"
#include "firmware/daemon/processes.hpp"
#include "firmware/daemon/read_file.hpp"
#include "firmware/daemon/started.hpp"
#include "protocol/base/check.hpp"
#include "relay/console/console.hpp"
#include "relay/env/heap.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/front/front.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

const ListenerSection& listener_of(const Config& config, Role role) {
  const auto found = std::find_if(config.listeners.begin(), config.listeners.end(),
                                  [&](const auto& listener) { return listener.role == role; });
  if (found == config.listeners.end()) {
    throw StartFailure(config.file + ": no listener for this role", "add it to [listen]");
  }
  return *found;
}

std::string tls_key(const ListenerSection& listener) {
  return "tls." + std::string(to_text(listener.role)) + ".";
}

// `file_digest`: of the three files, so that a reload can tell whether they changed.
std::optional<TlsServer> load_tls(const Config& config, const ListenerSection& listener,
                                  UtcTime now, Digest* file_digest = nullptr) {
  if (!listener.tls) return std::nullopt;
  const auto key = tls_key(listener);
  const auto file = [&](const std::string& name, const std::string& path) {
    return PemFile{path, read_configured_text(key + name, path)};
  };
  const TlsSettings settings{.certificate = file("certificate", listener.tls->certificate),
                             .private_key = file("key", listener.tls->key),
                             .passphrase = config.keys.password,
                             .authority = file("client_ca", listener.tls->client_ca)};
  refuse_demonstration(config, key + "client_ca", as_bytes(settings.authority.text));
  auto server = TlsServer::make(settings, now);
  if (file_digest != nullptr) {
    *file_digest =
        sha256(settings.certificate.text + settings.private_key.text + settings.authority.text);
  }
  if (server) return std::move(server.value());
  const auto fault = explain_tls_fault(server.error(), settings);
  throw StartFailure(fault.path + " (" + std::string(server.error().where) + ")",
                     std::string(fault.mend));
}

PeerTable load_peers(const Config& config, Role role) {
  if (role == Role::kAdmin) {
    std::vector<TerminalRule> terminals;
    for (const auto& one : config.terminals) terminals.push_back({one.name, one.san});
    if (terminals.empty()) {
      throw StartFailure(config.file + ": no [[terminal]]",
                         "name the managed terminals that operators work from");
    }
    return started(PeerTable::make_terminals(std::move(terminals)), config.file + ": [[terminal]]",
                   "give each terminal a name of its own (A-Z a-z 0-9 . _ : -, at most 40) and "
                   "one SAN (DNS:... or URI:...)");
  }
  std::vector<PeerRule> rules;
  for (const auto& peer : config.peers) {
    if (peer.role == role) rules.push_back({peer.name, peer.san, peer.spki_sha256});
  }
  return started(PeerTable::make(std::move(rules)), config.file + ": [[peer]]",
                 "give each peer one SAN (DNS:... or URI:...) and one or two pins of its own");
}

// Of all that a front takes from the configuration and its files.
Digest identity_of(const Config& config, Role role, const Digest& tls) {
  std::string all = to_hex(tls) + std::to_string(config.limits.connections_per_peer);
  if (role == Role::kAdmin) {
    for (const auto& one : config.terminals) all += "\n" + one.name + "\t" + one.san;
  }
  for (const auto& peer : config.peers) {
    if (peer.role != role) continue;
    all += "\n" + std::string(peer.name.text()) + "\t" + peer.san;
    for (const auto& pin : peer.spki_sha256) all += "\t" + to_hex(pin);
  }
  return sha256(all);
}

}  // namespace

void check_front(const Config& config, Role role) { (void)front_identity(config, role); }

Digest front_identity(const Config& config, Role role) {
  const SystemClock clock;
  Digest tls{};
  (void)load_tls(config, listener_of(config, role), clock.utc_now(), &tls);
  (void)load_peers(config, role);
  return identity_of(config, role, tls);
}

int run_front_process(const Config& config, Role role) {
  give_up_privileges(config.sandbox);
  keep_freed_memory();
  SystemClock clock;
  asio::io_context io(1);
  SystemEntropy entropy;
  Console console(clock, entropy, config.municipality);
  PageMaker pages;
  if (role == Role::kAdmin) {
    pages.is_page = Console::is_page;
    pages.answer = [&console](HttpRequest request, PageMaker::Ask ask) {
      return console.answer(std::move(request), std::move(ask));
    };
  }
  Digest tls_files{};
  FrontLimits limits;
  limits.connections_per_peer = config.limits.connections_per_peer;
  limits.handshakes_max = 512;  // a kiosk network that comes back at once
  Front front(io.get_executor(), clock,
              {.role = role,
               .listening_fds = {kListenFd},
               .tls = load_tls(config, listener_of(config, role), clock.utc_now(), &tls_files),
               .peers = load_peers(config, role),
               .limits = limits,
               .pages = std::move(pages)});
  std::signal(SIGHUP, SIG_IGN);  // the parent's to take
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) front.drain();
  });
  asio::co_spawn(
      io, listen_to_parent([&](Role, OwnedFd fd) { front.set_link(fd.release()); }),
      [&](const std::exception_ptr&) { io.stop(); });  // without a parent there is nothing to serve
  asio::co_spawn(io, front.run(), [&](const std::exception_ptr&) { io.stop(); });
  asio::co_spawn(io, or_abort(report_alive(clock)), asio::detached);
  // Its keys are read and nothing has come from a peer: from here on it opens no file at all.
  close_files(config.sandbox, {});
  close_calls(config.sandbox, Confined::kFront);
  report_ready();
  report_reloaded(identity_of(config, role, tls_files));
  io.run();
  return 0;
}

}  // namespace certrelay
