#include "relay/registry/overlay_frames.hpp"

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "relay/registry/stored_fields.hpp"

namespace certrelay {
namespace {

enum class FrameKind : std::uint8_t {
  // 1 was a change with the SHA-256 of its body (decision 0102).
  kContact = 2,
  kAnnounced = 3,
  kHold = 4,
  kScheduled = 5,
  kChange = 6
};

void write_numbers(ByteWriter& out, const std::vector<std::uint64_t>& numbers) {
  out.u32(static_cast<std::uint32_t>(numbers.size()));
  for (const auto number : numbers) out.u64(number);
}
Result<std::vector<std::uint64_t>> read_numbers(ByteReader& in) {
  CERTRELAY_TRY(const auto count, in.u32());
  if (count > in.remaining() / 8) return Error{ErrorCode::kMalformed, "overlay: count"};
  std::vector<std::uint64_t> out;
  out.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    CERTRELAY_TRY(const auto number, in.u64());
    out.push_back(number);
  }
  return out;
}

void write(ByteWriter& out, const ChangeFrame& frame) {
  out.u8(static_cast<std::uint8_t>(FrameKind::kChange));
  out.u64(frame.sequence);
  write_time(out, frame.sent_at);
  write_time(out, frame.in_force_at);
  write_numbers(out, frame.mark.keys);
  out.raw(frame.mark.key_check);
  out.raw(frame.mark.body);
  out.u32(static_cast<std::uint32_t>(frame.persons.size()));
  for (const auto& person : frame.persons) {
    out.u64(person.person);
    out.u32(person.size);
  }
  write_numbers(out, frame.changed);
  write_numbers(out, frame.touched);
  write_numbers(out, frame.closed);
  write_numbers(out, frame.reopened);
  out.u32(static_cast<std::uint32_t>(frame.acknowledgement.size()));
  out.raw(frame.acknowledgement);
}

Result<OverlayFrame> read_change(ByteReader& in) {
  ChangeFrame out;
  CERTRELAY_TRY(out.sequence, in.u64());
  CERTRELAY_TRY(out.sent_at, read_time(in));
  CERTRELAY_TRY(out.in_force_at, read_time(in));
  CERTRELAY_TRY(out.mark.keys, read_numbers(in));
  CERTRELAY_TRY(const auto check, in.raw(out.mark.key_check.size()));
  std::copy(check.begin(), check.end(), out.mark.key_check.begin());
  CERTRELAY_TRY(const auto body, in.raw(out.mark.body.size()));
  std::copy(body.begin(), body.end(), out.mark.body.begin());
  CERTRELAY_TRY(const auto count, in.u32());
  if (count > in.remaining() / 12) return Error{ErrorCode::kMalformed, "overlay: count"};
  for (std::uint32_t i = 0; i < count; ++i) {
    ChangeFrame::Person person;
    CERTRELAY_TRY(person.person, in.u64());
    CERTRELAY_TRY(person.size, in.u32());
    out.persons.push_back(person);
  }
  CERTRELAY_TRY(out.changed, read_numbers(in));
  CERTRELAY_TRY(out.touched, read_numbers(in));
  CERTRELAY_TRY(out.closed, read_numbers(in));
  CERTRELAY_TRY(out.reopened, read_numbers(in));
  CERTRELAY_TRY(const auto size, in.u32());
  CERTRELAY_TRY(const auto acknowledgement, in.raw(size));
  out.acknowledgement.assign(acknowledgement.begin(), acknowledgement.end());
  return OverlayFrame(std::move(out));
}

void write(ByteWriter& out, const ContactFrame& frame) {
  out.u8(static_cast<std::uint8_t>(FrameKind::kContact));
  write_time(out, frame.sent_at);
  write_time(out, frame.complete_until);
  out.u8(frame.fed ? 1 : 0);
}

Result<OverlayFrame> read_contact(ByteReader& in) {
  ContactFrame out;
  CERTRELAY_TRY(out.sent_at, read_time(in));
  CERTRELAY_TRY(out.complete_until, read_time(in));
  CERTRELAY_TRY(const auto fed, in.u8());
  out.fed = fed != 0;
  return OverlayFrame(out);
}

void write(ByteWriter& out, const AnnouncedFrame& frame) {
  out.u8(static_cast<std::uint8_t>(FrameKind::kAnnounced));
  out.u64(frame.sequence);
}

Result<OverlayFrame> read_announced(ByteReader& in) {
  CERTRELAY_TRY(const auto sequence, in.u64());
  return OverlayFrame(AnnouncedFrame{sequence});
}

void write(ByteWriter& out, const HoldFrame& frame) {
  out.u8(static_cast<std::uint8_t>(FrameKind::kHold));
  out.u64(frame.person);
  out.u64(frame.household);
  out.u8(frame.held ? 1 : 0);
  out.short_text(frame.reason);
}

Result<OverlayFrame> read_hold(ByteReader& in) {
  HoldFrame out;
  CERTRELAY_TRY(out.person, in.u64());
  CERTRELAY_TRY(out.household, in.u64());
  CERTRELAY_TRY(const auto held, in.u8());
  out.held = held != 0;
  CERTRELAY_TRY(const auto reason, in.short_bytes(0xFFFF));
  out.reason = std::string(as_text(reason));
  return OverlayFrame(std::move(out));
}

void write(ByteWriter& out, const ScheduledFrame& frame) {
  out.u8(static_cast<std::uint8_t>(FrameKind::kScheduled));
  out.u64(frame.generation);
  write_time(out, frame.at);
}

Result<OverlayFrame> read_scheduled(ByteReader& in) {
  ScheduledFrame out;
  CERTRELAY_TRY(out.generation, in.u64());
  CERTRELAY_TRY(out.at, read_time(in));
  return OverlayFrame(out);
}

Result<OverlayFrame> read_frame(ByteReader& in) {
  CERTRELAY_TRY(const auto kind, in.u8());
  switch (static_cast<FrameKind>(kind)) {
    case FrameKind::kChange:
      return read_change(in);
    case FrameKind::kContact:
      return read_contact(in);
    case FrameKind::kAnnounced:
      return read_announced(in);
    case FrameKind::kHold:
      return read_hold(in);
    case FrameKind::kScheduled:
      return read_scheduled(in);
  }
  return Error{ErrorCode::kStoreVersion, "overlay: frame of another program"};
}

}  // namespace

Bytes encode(const OverlayFrame& frame) {
  ByteWriter out;
  std::visit([&](const auto& one) { write(out, one); }, frame);
  return std::move(out).take();
}

Result<OverlayFrame> decode_overlay_frame(ByteView bytes) {
  ByteReader in(bytes);
  auto out = read_frame(in);
  if (!out && out.error().code == ErrorCode::kStoreVersion) return out;
  if (!out || !in.at_end()) return Error{ErrorCode::kStoreCorrupt, "overlay: frame"};
  return out;
}

}  // namespace certrelay
