#include "firmware/ctl/doctor/plain_http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

#include "firmware/client/answer_head.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Throws boost::system::system_error for what the socket says.
asio::awaitable<std::optional<Result<HttpAnswer>>> get_answer(Address address, std::string path,
                                                              std::size_t body_bytes_max) {
  tcp::socket socket(co_await asio::this_coro::executor);
  tcp::resolver resolver(co_await asio::this_coro::executor);
  const auto found = co_await resolver.async_resolve(
      address.host, address.port, tcp::resolver::numeric_host, asio::use_awaitable);
  co_await asio::async_connect(socket, found, asio::use_awaitable);
  const auto request = "GET " + path + " HTTP/1.1\r\nHost: " + address.host + "\r\n\r\n";
  co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
  std::string text;
  const auto head_size = co_await asio::async_read_until(
      socket, asio::dynamic_buffer(text, kAnswerHeadBytesMax), "\r\n\r\n", asio::use_awaitable);
  const auto head = parse_answer_head(std::string_view(text).substr(0, head_size));
  if (!head) co_return head.error();
  const auto size = body_size(head.value(), HttpMethod::kGet, body_bytes_max);
  if (!size) co_return size.error();
  text.erase(0, head_size);
  const auto there = std::min(text.size(), size.value());
  text.resize(size.value());
  co_await asio::async_read(socket, asio::buffer(text.data() + there, text.size() - there),
                            asio::use_awaitable);
  const auto body = as_bytes(text);
  co_return HttpAnswer{head.value().status, head.value().headers, Bytes(body.begin(), body.end())};
}

}  // namespace

Result<HttpAnswer> plain_get(const Address& address, const std::string& path,
                             std::chrono::milliseconds within, std::size_t body_bytes_max) {
  asio::io_context io;
  std::optional<Result<HttpAnswer>> out;
  asio::co_spawn(io, get_answer(address, path, body_bytes_max),
                 [&](const std::exception_ptr& failed, std::optional<Result<HttpAnswer>> answer) {
                   if (!failed) out = std::move(answer);
                 });
  io.run_for(within);
  if (!out) return Error{ErrorCode::kCannotReach, "monitoring"};
  return *std::move(out);
}

}  // namespace certrelay
