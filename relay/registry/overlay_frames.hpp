// Internal to relay/registry: what the frames of an overlay's log say. FORMAT.md, "The overlay".
#pragma once

#include <variant>
#include <vector>

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

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
  Digest body{};
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
