// certrelay-fetch: carries OCSP questions to the configured responders. Wires only.
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "firmware/daemon/start_failure.hpp"
#include "firmware/fetch/fetch_server.hpp"
#include "firmware/fetch/ocsp_section.hpp"
#include "firmware/sandbox/sandbox_section.hpp"
#include "firmware/service/service_manager.hpp"

namespace {

using namespace certrelay;
namespace asio = boost::asio;

// The socket that systemd hands over, or one made here for the owner alone.
FetchServer::Acceptor open_socket(asio::io_context& io, const std::string& path) {
  const asio::local::stream_protocol protocol;
  if (auto handed = take_handed_sockets(); handed.size() == 1) {
    return {io, protocol, handed.front().fd.release()};
  }
  ::unlink(path.c_str());  // what an earlier run left; two would fight over one site
  const auto mask = ::umask(0177);
  try {
    FetchServer::Acceptor acceptor(io, asio::local::stream_protocol::endpoint(path));
    ::umask(mask);
    return acceptor;
  } catch (const boost::system::system_error&) {
    throw StartFailure("ocsp.socket " + path + " cannot be opened",
                       "check that its folder exists and its rights");
  }
}

// What looking up a name reads.
FileRules fetchs_files() {
  return {.read = {"/etc", "/run/systemd/resolve", "/usr/lib", "/lib", "/lib64"}, .write = {}};
}

int run(const std::string& file) {
  const auto section = load_ocsp(file);
  const auto sandbox = load_sandbox(file);
  give_up_privileges(sandbox);
  asio::io_context io(1);
  FetchServer server(io, {.responders = section.responders, .timeout = section.timeout});
  auto acceptor = open_socket(io, section.socket);
  asio::co_spawn(io, server.run(std::move(acceptor)), asio::detached);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
  const ServiceManager service;
  close_files(sandbox, fetchs_files(), /*may_connect=*/true);
  close_calls(sandbox, Confined::kFetch);
  std::printf("LISTENING fetch %s\n", section.socket.c_str());
  std::fflush(stdout);
  service.notify("READY=1");
  io.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("certrelay-fetch: 失効確認（OCSP）の問合せを、設定された応答者へ運ぶ");
  std::string file;
  app.add_option("--config", file, "設定ファイル certrelay.toml（[ocsp] だけを読む）")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return run(file);
  } catch (const StartFailure& failure) {
    std::fprintf(stderr, "certrelay-fetch: %s\n", failure.what());
    return 1;
  }
}
