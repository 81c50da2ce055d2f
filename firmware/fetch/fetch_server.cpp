#include "firmware/fetch/fetch_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <memory>

namespace certrelay {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Body = http::vector_body<std::uint8_t>;

constexpr std::size_t kHeadBytes = 5;
constexpr std::uint32_t kHeaderBytesMax = 8 * 1024;
constexpr unsigned kHttp11 = 11;

std::uint32_t length_of(const std::array<std::uint8_t, kHeadBytes>& head) {
  std::uint32_t out = 0;
  for (std::size_t i = 1; i < kHeadBytes; ++i) out = out << 8 | head.at(i);
  return out;
}

// Outcome, length and body; an empty body is no answer.
Bytes framed(const Bytes& body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  Bytes out{static_cast<std::uint8_t>(body.empty() ? 1 : 0)};
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(size >> static_cast<unsigned>(shift)));
  }
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

http::request<Body> post_of(const HttpAddress& address, Bytes body) {
  http::request<Body> out(http::verb::post, address.target, kHttp11);
  out.set(http::field::host, address.authority());
  out.set(http::field::content_type, "application/ocsp-request");
  out.set(http::field::connection, "close");
  out.body() = std::move(body);
  out.prepare_payload();
  return out;
}

}  // namespace

// Empty when nothing usable came: another status (a redirection is one), another type, too much.
asio::awaitable<Bytes> FetchServer::exchange(const HttpAddress& address, Bytes request) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  asio::ip::tcp::resolver resolver(io_);
  const auto places = co_await resolver.async_resolve(address.host, address.port, token);
  if (error) co_return Bytes();
  beast::tcp_stream stream(io_);
  stream.expires_after(settings_.timeout);
  co_await stream.async_connect(places, token);
  if (error) co_return Bytes();
  const auto message = post_of(address, std::move(request));
  co_await http::async_write(stream, message, token);
  if (error) co_return Bytes();
  beast::flat_buffer buffer;
  http::response_parser<Body> parser;
  parser.header_limit(kHeaderBytesMax);
  parser.body_limit(kFetchBytesMax);
  co_await http::async_read(stream, buffer, parser, token);
  if (error || parser.get().result() != http::status::ok ||
      parser.get()[http::field::content_type] != "application/ocsp-response") {
    co_return Bytes();
  }
  co_return std::move(parser.get().body());
}

asio::awaitable<void> FetchServer::serve(Socket given) {
  // Whoever connects and says nothing, or does not read, is let go.
  const auto shared = std::make_shared<Socket>(std::move(given));
  auto& socket = *shared;
  asio::steady_timer patience(io_, settings_.timeout * 2);
  patience.async_wait([shared](error_code ended) {
    error_code ignored;
    if (!ended) shared->close(ignored);
  });
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  std::array<std::uint8_t, kHeadBytes> head{};
  co_await asio::async_read(socket, asio::buffer(head), token);
  const auto size = length_of(head);
  if (error || head[0] >= settings_.responders.size() || size == 0 || size > kFetchBytesMax) {
    co_return;
  }
  Bytes request(size);
  co_await asio::async_read(socket, asio::buffer(request), token);
  if (error) co_return;
  const auto answer = co_await exchange(settings_.responders.at(head[0]), std::move(request));
  const auto bytes = framed(answer);
  co_await asio::async_write(socket, asio::buffer(bytes), token);
}

asio::awaitable<void> FetchServer::run(Acceptor acceptor) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  asio::steady_timer pause(io_);
  while (acceptor.is_open()) {
    if (running_ >= kFetchesMax) {
      pause.expires_after(std::chrono::milliseconds(10));
      co_await pause.async_wait(token);
      continue;
    }
    auto socket = co_await acceptor.async_accept(token);
    if (error) {  // out of descriptors, say: others will be given back
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(token);
      continue;
    }
    ++running_;
    asio::co_spawn(io_, serve(std::move(socket)),
                   [this](const std::exception_ptr&) { --running_; });
  }
}

}  // namespace certrelay
