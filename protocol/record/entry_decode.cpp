#include <algorithm>
#include <type_traits>

#include "protocol/base/codec.hpp"
#include "protocol/record/entry_codec.hpp"

namespace certrelay {
namespace {

constexpr std::uint64_t kUtcMaxMs = 253'402'300'799'999;  // end of 9999

template <class T>
struct Decode;

template <class T>
  requires std::is_unsigned_v<T>
struct Decode<T> {
  static Result<T> from(ByteView bytes) {
    if (bytes.size() != sizeof(T)) return Error{ErrorCode::kMalformed, "entry: number"};
    std::uint64_t value = 0;
    for (const auto byte : bytes) value = (value << 8) | byte;
    return static_cast<T>(value);
  }
};

template <>
struct Decode<bool> {
  static Result<bool> from(ByteView bytes) {
    if (bytes.size() != 1 || bytes[0] > 1) return Error{ErrorCode::kMalformed, "entry: flag"};
    return bytes[0] == 1;
  }
};

// A number that this program does not know stays: a newer program wrote it.
template <class T>
  requires std::is_enum_v<T>
struct Decode<T> {
  static Result<T> from(ByteView bytes) {
    CERTRELAY_TRY(const auto number, Decode<std::underlying_type_t<T>>::from(bytes));
    return static_cast<T>(number);
  }
};

template <>
struct Decode<UtcTime> {
  static Result<UtcTime> from(ByteView bytes) {
    CERTRELAY_TRY(const auto ms, Decode<std::uint64_t>::from(bytes));
    if (ms > kUtcMaxMs) return Error{ErrorCode::kMalformed, "entry: time"};
    return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(ms)}};
  }
};

template <>
struct Decode<LedgerSequence> {
  static Result<LedgerSequence> from(ByteView bytes) {
    CERTRELAY_TRY(const auto number, Decode<std::uint64_t>::from(bytes));
    return LedgerSequence(number);
  }
};

template <>
struct Decode<RegisterVersion> {
  static Result<RegisterVersion> from(ByteView bytes) {
    ByteReader in(bytes);
    CERTRELAY_TRY(const auto generation, in.u64());
    CERTRELAY_TRY(const auto sequence, in.u64());
    CERTRELAY_TRY(in.expect_end());
    return RegisterVersion{.generation = generation, .sequence = sequence};
  }
};

template <std::size_t N>
struct Decode<std::array<std::uint8_t, N>> {
  static Result<std::array<std::uint8_t, N>> from(ByteView bytes) {
    if (bytes.size() != N) return Error{ErrorCode::kMalformed, "entry: length"};
    std::array<std::uint8_t, N> out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }
};

template <class Kind>
struct Decode<TextId<Kind>> {
  static Result<TextId<Kind>> from(ByteView bytes) { return TextId<Kind>::parse(as_text(bytes)); }
};

template <class Tag>
struct Decode<Uuid<Tag>> {
  static Result<Uuid<Tag>> from(ByteView bytes) { return Uuid<Tag>::from_bytes(bytes); }
};

struct RawField {
  std::uint16_t tag;
  ByteView value;
};

Result<RawField> next_field(ByteReader& in, std::uint16_t previous) {
  CERTRELAY_TRY(const auto tag, in.u16());
  const bool ascends = tag > previous || (tag == previous && tag >= kRepeatableTag);
  if (!ascends) return Error{ErrorCode::kMalformed, "entry: order of fields"};
  CERTRELAY_TRY(const auto value, in.short_bytes(kEntryFieldBytesMax));
  return RawField{.tag = tag, .value = value};
}

Result<void> set_field(Entry& entry, const RawField& field) {
  bool known = false;
  Result<void> outcome = ok();
  visit_fields(entry, [&]<class T>(std::uint16_t tag, std::optional<T>& member) {
    if (tag != field.tag) return;
    known = true;
    auto value = Decode<T>::from(field.value);
    if (value) {
      member = std::move(value).value();
    } else {
      outcome = value.error();
    }
  });
  if (known) return outcome;
  if (field.tag == kSubjectTag) {
    CERTRELAY_TRY(const auto subject, Decode<SubjectPseudonym>::from(field.value));
    entry.subjects.push_back(subject);
  } else {
    entry.others.push_back({field.tag, Bytes(field.value.begin(), field.value.end())});
  }
  return ok();
}

Result<void> read_fields(ByteReader& in, Entry& entry) {
  std::uint16_t previous = 0;
  while (!in.at_end()) {
    CERTRELAY_TRY(const auto field, next_field(in, previous));
    CERTRELAY_TRY(set_field(entry, field));
    previous = field.tag;
  }
  if (entry.subjects.size() > kEntrySubjectsMax || entry.others.size() > kEntryOtherFieldsMax) {
    return Error{ErrorCode::kLimitExceeded, "entry: fields"};
  }
  return ok();
}

}  // namespace

bool is_known_tag(std::uint16_t wanted) {
  bool known = wanted == kSubjectTag;
  Entry entry;
  visit_fields(entry, [&](std::uint16_t tag, const auto&) { known = known || tag == wanted; });
  return known;
}

Result<Entry> decode_entry(ByteView bytes) {
  if (bytes.size() > kEntryBytesMax) return Error{ErrorCode::kLimitExceeded, "entry: too long"};
  ByteReader in(bytes);
  CERTRELAY_TRY(const auto version, in.u8());
  if (version != kEntryVersion) return Error{ErrorCode::kMalformed, "entry: version"};
  CERTRELAY_TRY(const auto sequence, in.u64());
  CERTRELAY_TRY(const auto kind, in.u16());
  CERTRELAY_TRY(const auto utc, in.raw(sizeof(std::uint64_t)));
  CERTRELAY_TRY(const auto flags, in.u8());
  CERTRELAY_TRY(const auto reason, in.u16());
  if (sequence == 0 || kind == 0) return Error{ErrorCode::kMalformed, "entry: head"};
  Entry entry;
  entry.sequence = LedgerSequence(sequence);
  entry.kind = static_cast<EntryKind>(kind);
  CERTRELAY_TRY(entry.utc, Decode<UtcTime>::from(utc));
  entry.flags = flags;
  entry.reason = static_cast<ErrorCode>(reason);
  CERTRELAY_TRY(read_fields(in, entry));
  return entry;
}

}  // namespace certrelay
