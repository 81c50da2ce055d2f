// Internal to relay/registry: what the frames of an overlay's log say. FORMAT.md, "The overlay".
#pragma once

#include <array>
#include <variant>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

// What a change that is sent again is compared with: an HMAC of its body under a key that is
// derived from `keys`, so that nobody can test a guess of the body once one of them is gone.
// FORMAT.md.
struct RepeatMark {
  std::vector<std::uint64_t> keys{};        // persons, number_key_of() persons, kTurnKeyRow
  std::array<std::uint8_t, 8> key_check{};  // tells whether the derived key is the one of then
  std::array<std::uint8_t, 32> body{};
  friend bool operator==(const RepeatMark&, const RepeatMark&) = default;
};

// A change with its number: applied, or quarantined (then it only closes households). The persons'
// records lie in the tail, one after the other in this order.
struct ChangeFrame {
  struct Person {
    std::uint64_t person = 0;
    std::uint32_t size = 0;  // of the sealed record in the tail; 0: deleted
    friend bool operator==(const Person&, const Person&) = default;
  };
  std::uint64_t sequence = 0;
  UtcTime sent_at{};
  UtcTime in_force_at{};
  RepeatMark mark{};
  std::vector<Person> persons{};
  std::vector<std::uint64_t> changed{};   // persons: a hold on them ends
  std::vector<std::uint64_t> touched{};   // households: prepared certificates of them are void
  std::vector<std::uint64_t> closed{};    // households: quarantined
  std::vector<std::uint64_t> reopened{};  // households: no longer quarantined
  Bytes acknowledgement{};                // as it was answered, where it has findings
  friend bool operator==(const ChangeFrame&, const ChangeFrame&) = default;
};

// A sign of life of the source system; the first frame of every overlay.
struct ContactFrame {
  UtcTime sent_at{};
  UtcTime complete_until{};  // epoch: no promise
  bool fed = false;          // changes or heartbeats are used
  friend bool operator==(const ContactFrame&, const ContactFrame&) = default;
};

// The source system has sent that number, and it was not acknowledged.
struct AnnouncedFrame {
  std::uint64_t sequence = 0;
  friend bool operator==(const AnnouncedFrame&, const AnnouncedFrame&) = default;
};

struct HoldFrame {
  std::uint64_t person = 0;
  std::uint64_t household = 0;  // whose prepared certificates are void
  bool held = true;
  std::string reason{};
  friend bool operator==(const HoldFrame&, const HoldFrame&) = default;
};

// Another generation is to be in force by then: this one must not serve past it.
struct ScheduledFrame {
  std::uint64_t generation = 0;
  UtcTime at{};
  friend bool operator==(const ScheduledFrame&, const ScheduledFrame&) = default;
};

using OverlayFrame =
    std::variant<ChangeFrame, ContactFrame, AnnouncedFrame, HoldFrame, ScheduledFrame>;

Bytes encode(const OverlayFrame& frame);
// Errors: kStoreCorrupt. The bytes were authenticated, so only a bug can cause one.
Result<OverlayFrame> decode_overlay_frame(ByteView bytes);

}  // namespace certrelay
