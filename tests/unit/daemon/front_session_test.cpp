// Goal: the vault's end of a front's socket answers its own role alone and survives a bad front.
// Method: a socket pair; the test plays the front, byte by byte.
#include "firmware/daemon/front_session.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/sim_clock.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

class FrontSessionTest : public ::testing::Test {
 protected:
  FrontSessionTest() {
    Socket vault_side(io_);
    asio::local::connect_pair(front_, vault_side);
    FrontVerbs verbs{
        .answer = [this](RequestFrame frame, SteadyTime) -> asio::awaitable<HttpAnswer> {
          asked_.push_back(frame.request.path);
          co_return HttpAnswer{200, {}, frame.request.body};
        },
        .refused = [this](const RefusalsFrame& refusals) { refused_ += refusals.count; },
        .serving = [this] { return serving_; }};
    session_ = std::make_shared<FrontSession>(std::move(vault_side), Role::kCenter,
                                              std::move(verbs), clock_, io_.get_executor());
    asio::co_spawn(io_, session_->run(), [this](const std::exception_ptr& error) {
      EXPECT_EQ(error, nullptr);
      ended_ = true;
    });
    io_.poll();
  }

  static RequestFrame request(std::uint64_t id, Role role, std::string path) {
    return {id,
            role,
            PeerName::parse("jlis-center").value(),
            {HttpMethod::kGet, std::move(path), {}, {}}};
  }

  void send(const FrontFrame& frame) { send_bytes(encode(frame).value()); }
  void send_bytes(const Bytes& bytes) {
    asio::write(front_, asio::buffer(bytes));
    io_.restart();
    io_.poll();
  }

  VaultFrame receive() {
    Bytes prefix(kFramePrefixSize);
    asio::read(front_, asio::buffer(prefix));
    Bytes frame(frame_length(prefix).value());
    asio::read(front_, asio::buffer(frame));
    return decode_vault_frame(frame).value();
  }

  asio::io_context io_{1};
  testing::SimClock clock_;
  Socket front_{io_};
  std::vector<std::string> asked_;
  std::uint32_t refused_ = 0;
  bool ended_ = false;
  bool serving_ = true;
  std::shared_ptr<FrontSession> session_;
};

TEST_F(FrontSessionTest, SaysFirstWhetherItServesAndThenAnswersByNumber) {
  EXPECT_TRUE(std::get<ServingFrame>(receive()).serving);
  send(request(7, Role::kCenter, "/v1/service"));
  const auto answer = std::get<AnswerFrame>(receive());
  EXPECT_EQ(answer.id, 7U);
  EXPECT_EQ(answer.answer.status, 200);
  EXPECT_EQ(asked_, std::vector<std::string>{"/v1/service"});
}

// R19: whoever waits at the front learns it at once, and no verb is asked.
TEST_F(FrontSessionTest, ServesNobodyAnyMoreFromTheNextRequestOn) {
  EXPECT_TRUE(std::get<ServingFrame>(receive()).serving);
  serving_ = false;
  send(request(7, Role::kCenter, "/v1/service"));
  EXPECT_FALSE(std::get<ServingFrame>(receive()).serving);
  io_.restart();
  io_.poll();
  EXPECT_TRUE(ended_);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(FrontSessionTest, ARequestOfAnotherRoleEndsTheSessionUnanswered) {
  send(request(1, Role::kRegistry, "/v1/register"));
  EXPECT_TRUE(ended_);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(FrontSessionTest, AMalformedFrameEndsTheSession) {
  send_bytes({0, 0, 0, 1, 99});
  EXPECT_TRUE(ended_);
}

TEST_F(FrontSessionTest, AFrameThatPromisesTooMuchEndsTheSessionBeforeItsBytes) {
  send_bytes({0xFF, 0xFF, 0xFF, 0xFF});
  EXPECT_TRUE(ended_);
}

TEST_F(FrontSessionTest, CountsOfRefusalsArePassedOn) {
  send(RefusalsFrame{FrontRefusal::kGate, std::nullopt, 12});
  EXPECT_EQ(refused_, 12U);
  EXPECT_FALSE(ended_);
}

TEST_F(FrontSessionTest, ClosingLetsNoNewRequestIn) {
  session_->close_when_idle();
  io_.restart();
  io_.poll();
  EXPECT_TRUE(ended_);
}

}  // namespace
}  // namespace certrelay
