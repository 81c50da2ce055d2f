#include <type_traits>

#include "protocol/base/codec.hpp"
#include "protocol/record/entry_codec.hpp"

namespace certrelay {
namespace {

constexpr UtcTime kUtcMax{std::chrono::milliseconds{253'402'300'799'999}};  // end of 9999

std::uint64_t milliseconds(UtcTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

bool is_in_range(UtcTime time) { return time >= UtcTime{} && time <= kUtcMax; }

void put(ByteWriter& out, std::uint8_t value) { out.u8(value); }
void put(ByteWriter& out, std::uint16_t value) { out.u16(value); }
void put(ByteWriter& out, std::uint32_t value) { out.u32(value); }
void put(ByteWriter& out, std::uint64_t value) { out.u64(value); }
void put(ByteWriter& out, bool value) { out.u8(value ? 1 : 0); }
void put(ByteWriter& out, UtcTime value) { out.u64(milliseconds(value)); }
void put(ByteWriter& out, LedgerSequence value) { out.u64(value.value()); }
void put(ByteWriter& out, const Digest& value) { out.raw(value); }
void put(ByteWriter& out, const RegisterVersion& value) {
  out.u64(value.generation);
  out.u64(value.sequence);
}
template <class Kind>
void put(ByteWriter& out, const TextId<Kind>& value) {
  out.raw(value.text());
}
template <class Tag>
void put(ByteWriter& out, const Uuid<Tag>& value) {
  out.raw(value.bytes());
}
template <class T>
  requires std::is_enum_v<T>
void put(ByteWriter& out, T value) {
  put(out, static_cast<std::underlying_type_t<T>>(value));
}

template <class T>
void put_field(ByteWriter& out, std::uint16_t tag, const T& value) {
  ByteWriter field;
  put(field, value);
  out.u16(tag);
  out.short_bytes(field.view());
}

Result<void> check_others(const Entry& entry) {
  if (entry.others.size() > kEntryOtherFieldsMax) {
    return Error{ErrorCode::kLimitExceeded, "entry: other fields"};
  }
  std::uint32_t previous = 0;  // tag 0 is never used
  for (const auto& field : entry.others) {
    const bool ascends =
        field.tag > previous || (field.tag == previous && field.tag >= kRepeatableTag);
    if (!ascends || is_known_tag(field.tag)) {
      return Error{ErrorCode::kMalformed, "entry: other fields"};
    }
    if (field.value.size() > kEntryFieldBytesMax) {
      return Error{ErrorCode::kLimitExceeded, "entry: field"};
    }
    previous = field.tag;
  }
  return ok();
}

Result<void> check(const Entry& entry) {
  const auto time_is_fine = [](const std::optional<UtcTime>& time) {
    return !time || is_in_range(*time);
  };
  if (entry.sequence == LedgerSequence{} || !is_in_range(entry.utc) ||
      !time_is_fine(entry.occurred_at) || !time_is_fine(entry.period_from) ||
      !time_is_fine(entry.period_until)) {
    return Error{ErrorCode::kMalformed, "entry: sequence or time out of range"};
  }
  if (entry.kind == EntryKind{}) return Error{ErrorCode::kMalformed, "entry: no kind"};
  if (entry.subjects.size() > kEntrySubjectsMax) {
    return Error{ErrorCode::kLimitExceeded, "entry: subjects"};
  }
  return check_others(entry);
}

}  // namespace

Result<Bytes> encode(const Entry& entry) {
  CERTRELAY_TRY(check(entry));
  ByteWriter out;
  out.u8(kEntryVersion);
  out.u64(entry.sequence.value());
  out.u16(static_cast<std::uint16_t>(entry.kind));
  out.u64(milliseconds(entry.utc));
  out.u8(entry.flags);
  out.u16(static_cast<std::uint16_t>(entry.reason));

  auto other = entry.others.begin();
  const auto put_others_below = [&](std::uint32_t tag) {
    for (; other != entry.others.end() && other->tag < tag; ++other) {
      out.u16(other->tag);
      out.short_bytes(other->value);
    }
  };
  visit_fields(entry, [&](std::uint16_t tag, const auto& value) {
    put_others_below(tag);
    if (value) put_field(out, tag, *value);
  });
  put_others_below(kSubjectTag);
  for (const auto& subject : entry.subjects) {
    out.u16(kSubjectTag);
    out.short_bytes(subject);
  }
  put_others_below(0x10000);
  if (out.size() > kEntryBytesMax) return Error{ErrorCode::kLimitExceeded, "entry: too long"};
  return std::move(out).take();
}

}  // namespace certrelay
