#include "protocol/wire/card_payload.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

// sizeof counts the terminating NUL, which is part of the label.
constexpr char kChallengeLabelText[] = "certrelay card challenge v1";
constexpr std::string_view kChallengeLabel(kChallengeLabelText, sizeof kChallengeLabelText);
constexpr std::size_t kMunicipalitySize = 6;
// The year 9999: what the wire's times can say.
constexpr std::uint64_t kTimeMsMax = 253402300799999;

template <std::size_t N>
Result<std::array<std::uint8_t, N>> read_array(ByteReader& in) {
  CERTRELAY_TRY(const auto bytes, in.raw(N));
  std::array<std::uint8_t, N> out{};
  std::ranges::copy(bytes, out.begin());
  return out;
}

Result<CertificateKind> read_kind(ByteReader& in) {
  CERTRELAY_TRY(const auto number, in.u16());
  return parse_certificate_kind(to_text(CertificateKind{number}));
}

Result<UtcTime> read_time(ByteReader& in) {
  CERTRELAY_TRY(const auto ms, in.u64());
  if (ms > kTimeMsMax) return Error{ErrorCode::kMalformed, "card payload: time"};
  return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(ms)}};
}

}  // namespace

Bytes card_payload_bytes(const CardPayload& payload) {
  const auto ms = payload.expires_at.time_since_epoch().count();
  CERTRELAY_CHECK(ms >= 0);
  ByteWriter out;
  out.raw(kChallengeLabel);
  out.raw(payload.municipality.text());
  out.raw(payload.transaction.bytes());
  out.u8(static_cast<std::uint8_t>(payload.kiosk.text().size()));
  out.raw(payload.kiosk.text());
  out.u16(static_cast<std::uint16_t>(payload.kind));
  out.u64(static_cast<std::uint64_t>(ms));
  out.raw(sha256(payload.peer.text()));
  out.raw(payload.challenge);
  return std::move(out).take();
}

Result<CardPayloadView> parse_card_payload(ByteView bytes) {
  ByteReader in(bytes);
  CERTRELAY_TRY(const auto label, in.raw(kChallengeLabel.size()));
  if (as_text(label) != kChallengeLabel) return Error{ErrorCode::kMalformed, "card payload: label"};
  CERTRELAY_TRY(const auto municipality_text, in.raw(kMunicipalitySize));
  CERTRELAY_TRY(auto municipality, MunicipalityCode::parse(as_text(municipality_text)));
  CERTRELAY_TRY(const auto id, in.raw(TransactionId::kSize));
  CERTRELAY_TRY(const auto transaction, TransactionId::from_bytes(id));
  CERTRELAY_TRY(const auto kiosk_size, in.u8());
  CERTRELAY_TRY(const auto kiosk_text, in.raw(kiosk_size));
  CERTRELAY_TRY(auto kiosk, KioskId::parse(as_text(kiosk_text)));
  CERTRELAY_TRY(const auto kind, read_kind(in));
  CERTRELAY_TRY(const auto expires_at, read_time(in));
  CERTRELAY_TRY(const auto peer_digest, read_array<32>(in));
  CERTRELAY_TRY(const auto challenge, read_array<32>(in));
  CERTRELAY_TRY(in.expect_end());
  return CardPayloadView{std::move(municipality),
                         transaction,
                         std::move(kiosk),
                         kind,
                         expires_at,
                         peer_digest,
                         challenge};
}

}  // namespace certrelay
