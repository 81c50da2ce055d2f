// Internal to relay/registry: the field forms of stored records, each with a writer and a reader.
#pragma once

#include <chrono>
#include <optional>
#include <type_traits>

#include "protocol/base/codec.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

inline void write_day(ByteWriter& out, JstDay day) {
  out.u32(static_cast<std::uint32_t>(day.time_since_epoch().count()));
}
inline Result<JstDay> read_day(ByteReader& reader) {
  CERTRELAY_TRY(const auto days, reader.u32());
  return JstDay(std::chrono::days(static_cast<std::int32_t>(days)));
}

inline void write_time(ByteWriter& out, UtcTime time) {
  out.u64(static_cast<std::uint64_t>(time.time_since_epoch().count()));
}
inline Result<UtcTime> read_time(ByteReader& in) {
  CERTRELAY_TRY(const auto value, in.u64());
  return UtcTime(std::chrono::milliseconds(static_cast<std::int64_t>(value)));
}

class FieldWriter {
 public:
  explicit FieldWriter(ByteWriter& out) : out_(&out) {}
  Result<void> text(const PersonalText& value) {
    out_->short_text(value.reveal());
    return ok();
  }
  Result<void> plain(const std::string& value) {
    out_->short_text(value);
    return ok();
  }
  Result<void> bytes(const Bytes& value) {
    out_->short_bytes(value);
    return ok();
  }
  Result<void> date(const RegisterDate& value) {
    out_->u16(static_cast<std::uint16_t>(value.year));
    out_->u8(static_cast<std::uint8_t>(value.month));
    out_->u8(static_cast<std::uint8_t>(value.day));
    return text(value.text);
  }
  Result<void> day(const std::optional<JstDay>& value) {
    out_->u8(value ? 1 : 0);
    if (value) write_day(*out_, *value);
    return ok();
  }
  Result<void> number(std::uint16_t value) {
    out_->u16(value);
    return ok();
  }
  Result<void> flag(bool value) {
    out_->u8(value ? 1 : 0);
    return ok();
  }
  template <class T>
  Result<void> code(T value) {
    out_->u8(static_cast<std::uint8_t>(value));
    return ok();
  }
  template <class T>
  Result<void> list(const std::vector<T>& value) {
    out_->u16(static_cast<std::uint16_t>(value.size()));
    return ok();
  }

 private:
  ByteWriter* out_;
};

// The same names, the other way. Codes are taken as they come: the bytes were authenticated.
class FieldReader {
 public:
  explicit FieldReader(ByteReader& in) : in_(&in) {}
  Result<void> text(PersonalText& value) {
    CERTRELAY_TRY(const auto bytes, in_->short_bytes(0xFFFF));
    value = PersonalText(std::string(as_text(bytes)));
    return ok();
  }
  Result<void> plain(std::string& value) {
    CERTRELAY_TRY(const auto bytes, in_->short_bytes(0xFFFF));
    value = std::string(as_text(bytes));
    return ok();
  }
  Result<void> bytes(Bytes& value) {
    CERTRELAY_TRY(const auto bytes, in_->short_bytes(0xFFFF));
    value.assign(bytes.begin(), bytes.end());
    return ok();
  }
  Result<void> date(RegisterDate& value) {
    CERTRELAY_TRY(const auto year, in_->u16());
    CERTRELAY_TRY(const auto month, in_->u8());
    CERTRELAY_TRY(const auto day, in_->u8());
    value.year = year;
    value.month = month;
    value.day = day;
    return text(value.text);
  }
  Result<void> day(std::optional<JstDay>& value) {
    CERTRELAY_TRY(const auto there, in_->u8());
    if (there == 0) return ok();
    CERTRELAY_TRY(const auto day, read_day(*in_));
    value = day;
    return ok();
  }
  Result<void> number(std::uint16_t& value) {
    CERTRELAY_TRY(value, in_->u16());
    return ok();
  }
  Result<void> flag(bool& value) {
    CERTRELAY_TRY(const auto byte, in_->u8());
    value = byte != 0;
    return ok();
  }
  template <class T>
  Result<void> code(T& value) {
    CERTRELAY_TRY(const auto byte, in_->u8());
    value = static_cast<T>(byte);
    return ok();
  }
  template <class T>
  Result<void> list(std::vector<T>& value) {
    CERTRELAY_TRY(const auto size, in_->u16());
    value.resize(size);
    return ok();
  }

 private:
  ByteReader* in_;
};

}  // namespace certrelay
