#include "protocol/wire/vault_frame.hpp"

#include <gtest/gtest.h>

#include "protocol/wire/frame_buffer.hpp"
#include "tests/unit/wire/examples.hpp"

namespace certrelay::examples {
namespace {

RequestFrame request_frame() {
  return {42,
          Role::kRegistry,
          kPeer,
          {HttpMethod::kPatch, "/v1/extracts/x", {{"upload-offset", "0"}}, {1, 2, 3}}};
}

AnswerFrame answer_frame() {
  return {42, true, {200, {{"content-type", "application/pdf"}}, {4, 5}}};
}

ByteView without_prefix(const Bytes& frame) { return ByteView(frame).subspan(kFramePrefixSize); }

ErrorCode frame_refusal(const FrontFrame& frame) {
  const auto encoded = encode(frame);
  return encoded ? ErrorCode::kNone : encoded.error().code;
}
ErrorCode frame_refusal(const VaultFrame& frame) {
  const auto encoded = encode(frame);
  return encoded ? ErrorCode::kNone : encoded.error().code;
}

TEST(VaultFrame, RequestIsReadBackAsWritten) {
  const auto bytes = encode(request_frame()).value();
  EXPECT_EQ(frame_length(ByteView(bytes).first(kFramePrefixSize)).value(),
            bytes.size() - kFramePrefixSize);
  const auto decoded = decode_front_frame(without_prefix(bytes)).value();
  const auto& read = std::get<RequestFrame>(decoded);
  EXPECT_EQ(read.id, 42U);
  EXPECT_EQ(read.role, Role::kRegistry);
  EXPECT_EQ(read.peer, kPeer);
  EXPECT_EQ(read.request.method, HttpMethod::kPatch);
  EXPECT_EQ(read.request.path, "/v1/extracts/x");
  EXPECT_EQ(read.request.headers, request_frame().request.headers);
  EXPECT_EQ(read.request.body, (Bytes{1, 2, 3}));
}

TEST(VaultFrame, AnswerIsReadBackAsWritten) {
  const auto bytes = encode(answer_frame()).value();
  const auto decoded = decode_vault_frame(without_prefix(bytes)).value();
  const auto& read = std::get<AnswerFrame>(decoded);
  EXPECT_EQ(read.id, 42U);
  EXPECT_TRUE(read.close);
  EXPECT_EQ(read.answer.status, 200);
  EXPECT_EQ(read.answer.headers, answer_frame().answer.headers);
  EXPECT_EQ(read.answer.body, (Bytes{4, 5}));
}

TEST(VaultFrame, RefusalsWithoutAPeerAreReadBack) {
  const auto bytes = encode(RefusalsFrame{FrontRefusal::kHandshake, std::nullopt, 9}).value();
  const auto decoded = decode_front_frame(without_prefix(bytes)).value();
  const auto& read = std::get<RefusalsFrame>(decoded);
  EXPECT_EQ(read.reason, FrontRefusal::kHandshake);
  EXPECT_FALSE(read.peer.has_value());
  EXPECT_EQ(read.count, 9U);
}

// A captured front must not be able to say what only the vault may say, nor the reverse.
TEST(VaultFrame, EachDirectionRefusesTheOthersKinds) {
  const auto request = encode(request_frame()).value();
  const auto refusals = encode(RefusalsFrame{FrontRefusal::kGate, kPeer, 1}).value();
  const auto answer = encode(answer_frame()).value();
  const auto serving = encode(VaultFrame(ServingFrame{true})).value();
  for (const auto* frame : {&request, &refusals}) {
    EXPECT_EQ(decode_vault_frame(without_prefix(*frame)).error().code, ErrorCode::kUnknownFrame);
  }
  for (const auto* frame : {&answer, &serving}) {
    EXPECT_EQ(decode_front_frame(without_prefix(*frame)).error().code, ErrorCode::kUnknownFrame);
  }
}

TEST(VaultFrame, EveryCutAndEveryAdditionIsRefused) {
  auto bytes = encode(request_frame()).value();
  for (std::size_t size = 0; size + kFramePrefixSize < bytes.size(); ++size) {
    EXPECT_FALSE(decode_front_frame(without_prefix(bytes).first(size)).has_value()) << size;
  }
  bytes.push_back(0);
  EXPECT_EQ(decode_front_frame(without_prefix(bytes)).error().code, ErrorCode::kTrailingBytes);
}

TEST(VaultFrame, LengthIsBounded) {
  const auto length = [](std::uint32_t n) {
    const Bytes prefix{std::uint8_t(n >> 24), std::uint8_t(n >> 16), std::uint8_t(n >> 8),
                       std::uint8_t(n)};
    return frame_length(prefix);
  };
  EXPECT_EQ(length(0).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(length(1).value(), 1U);
  EXPECT_EQ(length(kFrameBytesMax).value(), kFrameBytesMax);
  EXPECT_EQ(length(kFrameBytesMax + 1).error().code, ErrorCode::kLimitExceeded);
}

TEST(VaultFrame, BodiesOfTheLimitPassAndOneMoreDoesNot) {
  auto request = request_frame();
  request.request.body.assign(kRequestBodyBytesMax, 7);
  EXPECT_TRUE(decode_front_frame(without_prefix(encode(request).value())).has_value());
  request.request.body.push_back(7);
  EXPECT_EQ(frame_refusal(request), ErrorCode::kLimitExceeded);
  auto answer = answer_frame();
  answer.answer.body.assign(kAnswerBodyBytesMax, 7);
  EXPECT_TRUE(decode_vault_frame(without_prefix(encode(answer).value())).has_value());
  answer.answer.body.push_back(7);
  EXPECT_EQ(frame_refusal(answer), ErrorCode::kLimitExceeded);
}

TEST(VaultFrame, HeadersAreBounded) {
  auto answer = answer_frame();
  auto& headers = answer.answer.headers;
  headers.clear();
  for (std::size_t i = 0; i < kFrameHeadersMax; ++i) headers.push_back({"set-cookie", "a"});
  EXPECT_EQ(frame_refusal(answer), ErrorCode::kNone);
  headers.push_back({"set-cookie", "a"});
  EXPECT_EQ(frame_refusal(answer), ErrorCode::kLimitExceeded);
  // 16 KiB of names and values: 10 + 4,086 four times.
  headers.assign(4, {"set-cookie", std::string(4086, 'x')});
  EXPECT_EQ(frame_refusal(answer), ErrorCode::kNone);
  headers.push_back({"a", ""});
  EXPECT_EQ(frame_refusal(answer), ErrorCode::kLimitExceeded);
}

TEST(VaultFrame, HeaderOnceAndCleanOrNotAtAll) {
  const auto with = [](HttpHeaders headers) {
    auto request = request_frame();
    request.request.headers = std::move(headers);
    return frame_refusal(request);
  };
  EXPECT_EQ(with({{"a", "1"}, {"a", "2"}}), ErrorCode::kDuplicateName);
  EXPECT_EQ(with({{"A", "1"}}), ErrorCode::kMalformed);
  EXPECT_EQ(with({{"", "1"}}), ErrorCode::kMalformed);
  EXPECT_EQ(with({{"a", "1\r\nb: 2"}}), ErrorCode::kMalformed);
  EXPECT_EQ(with({{"a", " 1"}}), ErrorCode::kMalformed);
  EXPECT_EQ(with({{"a", "\x80"}}), ErrorCode::kMalformed);
  EXPECT_EQ(with({{"a", std::string(4096, 'x')}}), ErrorCode::kNone);
  EXPECT_EQ(with({{"a", std::string(4097, 'x')}}), ErrorCode::kMalformed);
  EXPECT_EQ(with({{std::string(64, 'a'), ""}}), ErrorCode::kNone);
  EXPECT_EQ(with({{std::string(65, 'a'), ""}}), ErrorCode::kMalformed);
}

TEST(VaultFrame, ValuesOutsideTheirSetsAreRefused) {
  auto request = request_frame();
  request.role = Role{9};
  EXPECT_EQ(frame_refusal(request), ErrorCode::kMalformed);
  request = request_frame();
  request.request.method = HttpMethod{0};
  EXPECT_EQ(frame_refusal(request), ErrorCode::kMalformed);
  for (const std::string_view path : {"", "v1", "/a?b", "/a#b", "/a b", "/\n"}) {
    request = request_frame();
    request.request.path = path;
    EXPECT_EQ(frame_refusal(request), ErrorCode::kMalformed) << path;
  }
  request.request.path = "/" + std::string(511, 'a');
  EXPECT_EQ(frame_refusal(request), ErrorCode::kNone);
  request.request.path += 'a';
  EXPECT_EQ(frame_refusal(request), ErrorCode::kMalformed);
  for (const int status : {199, 600, -1}) {
    auto answer = answer_frame();
    answer.answer.status = status;
    EXPECT_EQ(frame_refusal(answer), ErrorCode::kMalformed) << status;
  }
  EXPECT_EQ(decode_vault_frame(Bytes{66, 2}).error().code, ErrorCode::kMalformed);
}

// As one read might bring them.
void give(FrameBuffer& buffer, ByteView bytes) {
  while (!bytes.empty()) {
    const auto room = buffer.room();
    const auto count = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), count, room.begin());
    buffer.filled(count);
    bytes = bytes.subspan(count);
    if (bytes.empty()) return;
    EXPECT_TRUE(buffer.next().value().empty());
  }
}

TEST(FrameBuffer, GivesAFrameOnceItIsWhole) {
  const auto bytes = encode(answer_frame()).value();
  FrameBuffer buffer;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    give(buffer, ByteView(bytes).subspan(i, 1));
    EXPECT_TRUE(buffer.next().value().empty()) << i;
  }
  give(buffer, ByteView(bytes).last(1));
  const auto frame = buffer.next().value();
  EXPECT_EQ(to_hex(frame), to_hex(without_prefix(bytes)));
  EXPECT_TRUE(buffer.next().value().empty());
}

TEST(FrameBuffer, GivesAllThatOneReadBroughtAndKeepsTheRest) {
  const auto first = encode(answer_frame()).value();
  const auto second = encode(request_frame()).value();
  Bytes both = first;
  both.insert(both.end(), second.begin(), second.end());
  both.insert(both.end(), first.begin(), first.end() - 1);
  FrameBuffer buffer;
  give(buffer, both);
  EXPECT_EQ(to_hex(buffer.next().value()), to_hex(without_prefix(first)));
  EXPECT_EQ(to_hex(buffer.next().value()), to_hex(without_prefix(second)));
  EXPECT_TRUE(buffer.next().value().empty());
  give(buffer, ByteView(first).last(1));
  EXPECT_EQ(to_hex(buffer.next().value()), to_hex(without_prefix(first)));
}

TEST(FrameBuffer, GrowsToTheLongestFrameAndRefusesALongerOne) {
  auto answer = answer_frame();
  answer.answer.body = Bytes(kAnswerBodyBytesMax, 7);
  const auto bytes = encode(answer).value();
  FrameBuffer buffer;
  give(buffer, bytes);
  EXPECT_EQ(buffer.next().value().size(), bytes.size() - kFramePrefixSize);
  EXPECT_EQ(buffer.room().size(), FrameBuffer::kReadBytes);  // given back
  const auto length = static_cast<std::uint32_t>(kFrameBytesMax + 1);
  give(buffer,
       Bytes{static_cast<std::uint8_t>(length >> 24U), static_cast<std::uint8_t>(length >> 16U),
             static_cast<std::uint8_t>(length >> 8U), static_cast<std::uint8_t>(length)});
  EXPECT_EQ(buffer.next().error().code, ErrorCode::kLimitExceeded);
}

TEST(FrameBuffer, WipesWhatWasTaken) {
  const auto bytes = encode(answer_frame()).value();
  FrameBuffer buffer;
  give(buffer, bytes);
  const auto* const place = buffer.next().value().data();
  const auto room = buffer.room();
  ASSERT_EQ(place, room.data() + kFramePrefixSize);
  EXPECT_EQ(to_hex(room.first(bytes.size())), to_hex(Bytes(bytes.size(), 0)));
}

}  // namespace
}  // namespace certrelay::examples
