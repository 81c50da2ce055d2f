// The one plain connection: a listener that answers, one that is silent, one that is not there.
#include "firmware/ctl/doctor/plain_http.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <thread>

namespace certrelay {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Answers one connection with that text, or accepts and says nothing.
class OneAnswer {
 public:
  explicit OneAnswer(std::string text)
      : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        thread_([this, text = std::move(text)] {
          tcp::socket socket(io_);
          acceptor_.accept(socket);
          asio::streambuf request;
          boost::system::error_code error;
          asio::read_until(socket, request, "\r\n\r\n", error);
          if (!text.empty()) asio::write(socket, asio::buffer(text), error);
          // Until the caller hangs up.
          if (text.empty()) asio::read(socket, request, error);
        }) {}
  ~OneAnswer() { thread_.join(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;
  Address address() const {
    return {"127.0.0.1", std::to_string(acceptor_.local_endpoint().port())};
  }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

constexpr std::chrono::seconds kPatience{10};

TEST(PlainHttp, GivesTheBodyOfAnyStatus) {
  OneAnswer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nhello");
  const auto answer = plain_get(server.address(), "/readyz", kPatience, 5);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer.value().status, 503);
  EXPECT_EQ(as_text(answer.value().body), "hello");
}

TEST(PlainHttp, ABodyPastTheLimitIsRefused) {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!");
  EXPECT_EQ(plain_get(server.address(), "/", kPatience, 5).error().code, ErrorCode::kLimitExceeded);
}

TEST(PlainHttp, WhoSaysNothingIsNotReached) {
  OneAnswer server("");
  EXPECT_EQ(plain_get(server.address(), "/", std::chrono::milliseconds(50), 5).error().code,
            ErrorCode::kCannotReach);
}

TEST(PlainHttp, WhoIsNotThereIsNotReached) {
  asio::io_context io;
  tcp::acceptor closed(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const Address address{"127.0.0.1", std::to_string(closed.local_endpoint().port())};
  closed.close();
  EXPECT_EQ(plain_get(address, "/", kPatience, 5).error().code, ErrorCode::kCannotReach);
}

}  // namespace
}  // namespace certrelay
