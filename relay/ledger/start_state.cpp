#include "relay/ledger/start_state.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint64_t kUtcMaxMs = 253'402'300'799'999;  // end of 9999

Error bad_state() { return {ErrorCode::kMalformed, "ledger: start state"}; }

void put_time(ByteWriter& out, const std::optional<UtcTime>& time) {
  out.u8(time ? 1 : 0);
  if (time) out.u64(static_cast<std::uint64_t>(time->time_since_epoch().count()));
}

Result<bool> take_flag(ByteReader& in) {
  CERTRELAY_TRY(const auto value, in.u8());
  if (value > 1) return bad_state();
  return value == 1;
}

Result<UtcTime> take_moment(ByteReader& in) {
  CERTRELAY_TRY(const auto count, in.u64());
  if (count > kUtcMaxMs) return bad_state();
  return UtcTime(std::chrono::milliseconds(static_cast<std::int64_t>(count)));
}

Result<std::optional<UtcTime>> take_time(ByteReader& in) {
  CERTRELAY_TRY(const auto there, take_flag(in));
  if (!there) return std::optional<UtcTime>();
  CERTRELAY_TRY(const auto time, take_moment(in));
  return std::optional(time);
}

void put(ByteWriter& out, const StandingOrders& orders) {
  out.u16(static_cast<std::uint16_t>(orders.alarm));
  out.u64(orders.alarm_entry.value());
  out.u8(orders.issuing_stopped ? 1 : 0);
  out.u16(static_cast<std::uint16_t>(orders.suspended_kinds.size()));
  for (const auto kind : orders.suspended_kinds) out.u16(static_cast<std::uint16_t>(kind));
  out.u64(orders.operators_version);
  out.u32(static_cast<std::uint32_t>(orders.sign_offs.size()));
  for (const auto& [report, at] : orders.sign_offs) {
    out.u8(static_cast<std::uint8_t>(report.first));
    out.u64(report.second);
    out.u64(at.value());
  }
  put_time(out, orders.began);
}

// The numbers are our own, read back under our own signature; which of them are known is the
// business of who acts on them.
Result<StandingOrders> take_orders(ByteReader& in) {
  StandingOrders out;
  CERTRELAY_TRY(const auto alarm, in.u16());
  out.alarm = static_cast<ErrorCode>(alarm);
  CERTRELAY_TRY(const auto alarm_entry, in.u64());
  out.alarm_entry = LedgerSequence(alarm_entry);
  CERTRELAY_TRY(out.issuing_stopped, take_flag(in));
  CERTRELAY_TRY(const auto kinds, in.u16());
  for (std::uint16_t n = 0; n < kinds; ++n) {
    CERTRELAY_TRY(const auto kind, in.u16());
    out.suspended_kinds.insert(static_cast<CertificateKind>(kind));
  }
  CERTRELAY_TRY(out.operators_version, in.u64());
  CERTRELAY_TRY(const auto reports, in.u32());
  for (std::uint32_t n = 0; n < reports; ++n) {
    CERTRELAY_TRY(const auto kind, in.u8());
    CERTRELAY_TRY(const auto number, in.u64());
    CERTRELAY_TRY(const auto at, in.u64());
    out.sign_offs.emplace(std::pair(static_cast<ReportKind>(kind), number), LedgerSequence(at));
  }
  CERTRELAY_TRY(out.began, take_time(in));
  return out;
}

Result<RecordedCrl> take_recorded_crl(ByteReader& in) {
  constexpr std::size_t kNumberMax = 40;
  CERTRELAY_TRY(const auto issuer, in.raw(sizeof(Digest)));
  CERTRELAY_TRY(const auto text, in.short_bytes(kNumberMax));
  CERTRELAY_TRY(auto number, CrlNumber::parse(as_text(text)));
  CERTRELAY_TRY(const auto this_update, take_moment(in));
  RecordedCrl out{{}, std::move(number), this_update};
  std::ranges::copy(issuer, out.issuer.begin());
  return out;
}

// A list that was put in force; `period_from` is its thisUpdate. One that was refused has a reason.
void take_crl(const Entry& entry, std::vector<RecordedCrl>& crls) {
  if (entry.kind != EntryKind::kCrlLoaded || entry.reason != ErrorCode::kNone ||
      !entry.crl_issuer || !entry.crl_number || !entry.period_from) {
    return;
  }
  RecordedCrl loaded{*entry.crl_issuer, *entry.crl_number, *entry.period_from};
  const auto known = std::find_if(crls.begin(), crls.end(), [&](const RecordedCrl& one) {
    return one.issuer == loaded.issuer;
  });
  if (known == crls.end()) {
    crls.push_back(std::move(loaded));
  } else {
    *known = std::move(loaded);
  }
}

}  // namespace

void StartState::take(const Entry& entry) {
  unfinished.take(entry);
  deliveries.take(entry);
  standing.take(entry);
  take_crl(entry, crls);
  if ((entry.flags & kEntryClockDoubted) == 0) last_trusted = entry.utc;
}

Bytes StartState::encode() const {
  ByteWriter out;
  out.u8(kVersion);
  put_time(out, last_trusted);
  put(out, standing);
  out.u16(static_cast<std::uint16_t>(crls.size()));
  for (const auto& crl : crls) {
    out.raw(crl.issuer);
    out.short_text(crl.number.text());
    out.u64(static_cast<std::uint64_t>(crl.this_update.time_since_epoch().count()));
  }
  const auto open = unfinished.entries();
  out.u32(static_cast<std::uint32_t>(open.size()));
  // They were decoded from, or are stored as, just these bytes: they encode.
  for (const auto& entry : open) out.short_bytes(certrelay::encode(entry).value());
  out.u32(static_cast<std::uint32_t>(deliveries.ids().size()));
  for (const auto& id : deliveries.ids()) out.raw(id.bytes());
  return std::move(out).take();
}

Result<StartState> StartState::parse(ByteView bytes) {
  ByteReader in(bytes);
  StartState out;
  CERTRELAY_TRY(const auto version, in.u8());
  if (version != kVersion) return Error{ErrorCode::kStoreVersion, "ledger: start state"};
  CERTRELAY_TRY(out.last_trusted, take_time(in));
  CERTRELAY_TRY(out.standing, take_orders(in));
  CERTRELAY_TRY(const auto crls, in.u16());
  for (std::uint16_t n = 0; n < crls; ++n) {
    CERTRELAY_TRY(auto crl, take_recorded_crl(in));
    out.crls.push_back(std::move(crl));
  }
  CERTRELAY_TRY(const auto open, in.u32());
  for (std::uint32_t n = 0; n < open; ++n) {
    CERTRELAY_TRY(const auto entry_bytes, in.short_bytes(kEntryBytesMax));
    CERTRELAY_TRY(const auto entry, decode_entry(entry_bytes));
    out.unfinished.take(entry);
  }
  CERTRELAY_TRY(const auto deliveries, in.u32());
  for (std::uint32_t n = 0; n < deliveries; ++n) {
    CERTRELAY_TRY(const auto raw, in.raw(TransactionId::kSize));
    CERTRELAY_TRY(const auto id, TransactionId::from_bytes(raw));
    out.deliveries.insert(id);
  }
  CERTRELAY_TRY(in.expect_end());
  return out;
}

}  // namespace certrelay
