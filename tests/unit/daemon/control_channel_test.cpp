// Goal: parent and child understand each other, and nothing that is no message passes for one.
#include "firmware/daemon/control_channel.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include "firmware/daemon/text_in_memory.hpp"

namespace certrelay {
namespace {

class ControlChannelTest : public ::testing::Test {
 protected:
  // What the child makes of these bytes.
  ErrorCode received(std::initializer_list<std::uint8_t> bytes) {
    const std::vector<std::uint8_t> packet(bytes);
    EXPECT_EQ(::send(pair_.parent.get(), packet.data(), packet.size(), 0),
              static_cast<ssize_t>(packet.size()));
    const auto message = receive_control(pair_.child.get());
    return message ? ErrorCode::kNone : message.error().code;
  }

  ControlPair pair_ = std::move(make_control_pair().value());
};

TEST_F(ControlChannelTest, AReadyProcessSaysSo) {
  ASSERT_TRUE(send_control(pair_.child.get(), ControlKind::kReady, Role::kRegistry));
  const auto message = receive_control(pair_.parent.get());
  ASSERT_TRUE(message);
  EXPECT_EQ(message.value().kind, ControlKind::kReady);
  EXPECT_EQ(message.value().role, Role::kRegistry);
  EXPECT_FALSE(message.value().fd.valid());
}

TEST_F(ControlChannelTest, ALinkCarriesAConnectedSocketThatClosesOnExec) {
  auto link = make_link_pair().value();
  ASSERT_TRUE(
      send_control(pair_.parent.get(), ControlKind::kLink, Role::kCenter, link.child.get()));
  const auto message = receive_control(pair_.child.get());
  ASSERT_TRUE(message);
  const int fd = message.value().fd.get();
  EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  ASSERT_EQ(::send(link.parent.get(), "x", 1, 0), 1);
  std::array<char, 2> byte{};
  EXPECT_EQ(::recv(fd, byte.data(), byte.size(), 0), 1);
  EXPECT_EQ(byte[0], 'x');
}

TEST_F(ControlChannelTest, WhatIsNoMessageIsRefused) {
  EXPECT_EQ(received({2, 1}), ErrorCode::kNone);
  EXPECT_EQ(received({2}), ErrorCode::kMalformed);
  EXPECT_EQ(received({2, 1, 0}), ErrorCode::kMalformed);
  EXPECT_EQ(received({3, 1}), ErrorCode::kNone);
  EXPECT_EQ(received({5, 1}), ErrorCode::kNone);
  EXPECT_EQ(received({6, 1}), ErrorCode::kMalformed) << "a reload of nothing";
  EXPECT_EQ(received({8, 1}), ErrorCode::kMalformed);
  EXPECT_EQ(received({0, 1}), ErrorCode::kMalformed);
  EXPECT_EQ(received({2, 0}), ErrorCode::kMalformed);
  EXPECT_EQ(received({2, 5}), ErrorCode::kMalformed);
  EXPECT_EQ(received({1, 1}), ErrorCode::kMalformed) << "a link without its socket";
}

TEST_F(ControlChannelTest, AReloadNamesItsConfiguration) {  // INV-8
  const auto digest = sha256("certrelay.toml");
  ASSERT_TRUE(send_control(pair_.child.get(), ControlKind::kReloaded, digest));
  const auto done = receive_control(pair_.parent.get());
  ASSERT_TRUE(done);
  EXPECT_EQ(done.value().kind, ControlKind::kReloaded);
  EXPECT_EQ(done.value().configuration, digest);
  const std::string text(10'000, 'x');
  const auto file = text_in_memory(text);
  EXPECT_LT(::write(file.get(), "y", 1), 0);  // it is sealed
  ASSERT_TRUE(send_control(pair_.parent.get(), ControlKind::kReload, digest, file.get()));
  const auto message = receive_control(pair_.child.get());
  ASSERT_TRUE(message);
  EXPECT_EQ(message.value().configuration, digest);
  EXPECT_EQ(read_text_in_memory(message.value().fd), text);
  ASSERT_TRUE(send_control(pair_.parent.get(), ControlKind::kReload, digest));
  EXPECT_EQ(receive_control(pair_.child.get()).error().code, ErrorCode::kMalformed) << "no text";
  // Nor one of a digest that is a byte short or long.
  for (const std::size_t size : {33U, 35U}) {
    const Bytes packet(size, 6);
    ASSERT_EQ(::send(pair_.parent.get(), packet.data(), packet.size(), 0),
              static_cast<ssize_t>(size));
    EXPECT_EQ(receive_control(pair_.child.get()).error().code, ErrorCode::kMalformed);
  }
}

TEST_F(ControlChannelTest, AReadyMessageBringsNoDescriptor) {
  auto link = make_link_pair().value();
  ASSERT_TRUE(
      send_control(pair_.child.get(), ControlKind::kReady, Role::kCenter, link.child.get()));
  EXPECT_EQ(receive_control(pair_.parent.get()).error().code, ErrorCode::kMalformed);
}

TEST_F(ControlChannelTest, AConnectionToFetchIsHandedOverOrMissing) {
  EXPECT_EQ(received({3, 1}), ErrorCode::kNone) << "nobody listens there";
  auto line = make_link_pair().value();
  ASSERT_TRUE(
      send_control(pair_.parent.get(), ControlKind::kFetch, Role::kCenter, line.child.get()));
  const auto message = receive_control(pair_.child.get());
  ASSERT_TRUE(message);
  EXPECT_TRUE(message.value().fd.valid());
}

TEST_F(ControlChannelTest, TheEndOfTheOtherSideIsSeen) {
  pair_.child = OwnedFd();
  EXPECT_EQ(receive_control(pair_.parent.get()).error().code, ErrorCode::kChannelClosed);
  EXPECT_EQ(send_control(pair_.parent.get(), ControlKind::kReady, Role::kCenter).error().code,
            ErrorCode::kChannelClosed);
}

}  // namespace
}  // namespace certrelay
