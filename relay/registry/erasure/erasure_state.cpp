#include "relay/registry/erasure/erasure_state.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"
#include "relay/registry/stored_fields.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMagic = "CRERAS01";
constexpr std::size_t kStateBytesMax = std::size_t{256} * 1024;
constexpr std::size_t kOrderTextMax = 512;

void write_order(ByteWriter& out, const ErasureOrder& order) {
  out.short_text(order.operator_name.text());
  out.short_text(order.approver.text());
  out.short_text(order.reason.text());
}

Result<ErasureOrder> read_order(ByteReader& in) {
  CERTRELAY_TRY(const auto name, in.short_bytes(kOrderTextMax));
  CERTRELAY_TRY(auto operator_name, OperatorName::parse(as_text(name)));
  CERTRELAY_TRY(const auto second, in.short_bytes(kOrderTextMax));
  CERTRELAY_TRY(auto approver, OperatorName::parse(as_text(second)));
  CERTRELAY_TRY(const auto text, in.short_bytes(kOrderTextMax));
  CERTRELAY_TRY(auto reason, StatedReason::parse(as_text(text)));
  return ErasureOrder{std::move(operator_name), std::move(approver), std::move(reason)};
}

Result<bool> read_flag(ByteReader& in) {
  CERTRELAY_TRY(const auto value, in.u8());
  if (value > 1) return Error{ErrorCode::kStoreCorrupt, "erasure state: flag"};
  return value == 1;
}

// What `begun` says: nothing, an order of two persons, individual numbers without one.
constexpr std::uint8_t kBegunOrdered = 1;
constexpr std::uint8_t kBegunOfNumbers = 2;

Result<ErasureState::Begun> read_begun(ByteReader& in, bool ordered) {
  CERTRELAY_TRY(const auto number, in.u64());
  CERTRELAY_TRY(const auto at, read_time(in));
  CERTRELAY_TRY(const auto persons, in.u64());
  CERTRELAY_TRY(const auto epoch, in.u64());
  FileMark keys;
  CERTRELAY_TRY(keys.bytes, in.u64());
  CERTRELAY_TRY(const auto digest, in.raw(keys.sha256.size()));
  std::copy(digest.begin(), digest.end(), keys.sha256.begin());
  ErasureState::Begun out{number, at, persons, epoch, keys, std::nullopt};
  if (ordered) {
    CERTRELAY_TRY(out.order, read_order(in));
  }
  return out;
}

Result<ErasureState> read_state(ByteReader& in) {
  ErasureState out;
  CERTRELAY_TRY(out.next_number, in.u64());
  CERTRELAY_TRY(const auto begun, in.u8());
  if (begun > kBegunOfNumbers) return Error{ErrorCode::kStoreCorrupt, "erasure state: begun"};
  if (begun != 0) {
    CERTRELAY_TRY(out.begun, read_begun(in, begun == kBegunOrdered));
  }
  CERTRELAY_TRY(const auto waiting, in.u16());
  if (waiting > kErasuresWaitingMax) return Error{ErrorCode::kStoreCorrupt, "erasure state"};
  for (std::size_t i = 0; i < waiting; ++i) {
    CERTRELAY_TRY(const auto number, in.u64());
    CERTRELAY_TRY(const auto at, read_time(in));
    CERTRELAY_TRY(const auto persons, in.u64());
    out.waiting.push_back({number, at, persons});
  }
  CERTRELAY_TRY(const bool standing, read_flag(in));
  if (standing) {
    CERTRELAY_TRY(const auto at, read_time(in));
    CERTRELAY_TRY(auto order, read_order(in));
    out.standing = ErasureState::Standing{at, std::move(order)};
  }
  CERTRELAY_TRY(const bool pending, read_flag(in));
  if (pending) {
    CERTRELAY_TRY(out.pending_since, read_time(in));
  }
  CERTRELAY_TRY(in.expect_end());
  return out;
}

}  // namespace

Bytes encode(const ErasureState& state) {
  ByteWriter out;
  out.raw(kMagic);
  out.u64(state.next_number);
  const auto begun = [&] { return state.begun->order ? kBegunOrdered : kBegunOfNumbers; };
  out.u8(state.begun ? begun() : 0);
  if (state.begun) {
    out.u64(state.begun->number);
    write_time(out, state.begun->at);
    out.u64(state.begun->persons);
    out.u64(state.begun->epoch_before);
    out.u64(state.begun->keys_before.bytes);
    out.raw(state.begun->keys_before.sha256);
    if (state.begun->order) write_order(out, *state.begun->order);
  }
  out.u16(static_cast<std::uint16_t>(state.waiting.size()));
  for (const auto& one : state.waiting) {
    out.u64(one.number);
    write_time(out, one.keys_destroyed_at);
    out.u64(one.persons);
  }
  out.u8(state.standing ? 1 : 0);
  if (state.standing) {
    write_time(out, state.standing->given_at);
    write_order(out, state.standing->order);
  }
  out.u8(state.pending_since ? 1 : 0);
  if (state.pending_since) write_time(out, *state.pending_since);
  out.raw(sha256(out.view()));
  return std::move(out).take();
}

Result<ErasureState> decode_erasure_state(ByteView bytes) {
  if (bytes.size() < kMagic.size() + sizeof(Digest)) {
    return Error{ErrorCode::kStoreCorrupt, "erasure state: size"};
  }
  const auto content = bytes.first(bytes.size() - sizeof(Digest));
  const auto digest = sha256(content);
  if (!std::equal(digest.begin(), digest.end(), bytes.last(sizeof(Digest)).begin())) {
    return Error{ErrorCode::kStoreCorrupt, "erasure state: digest"};
  }
  ByteReader in(content);
  CERTRELAY_TRY(const auto magic, in.raw(kMagic.size()));
  if (as_text(magic) != kMagic) return Error{ErrorCode::kStoreVersion, "erasure state"};
  auto out = read_state(in);
  if (!out) return Error{ErrorCode::kStoreCorrupt, "erasure state: form"};
  return out;
}

Result<ErasureState> load_erasure_state(Files& files, const std::string& path) {
  const auto there = files.info(path);
  if (!there && there.error().code == ErrorCode::kNotFound) return ErasureState();
  CERTRELAY_TRY(const auto bytes, files.read_all(path, kStateBytesMax));
  return decode_erasure_state(bytes);
}

}  // namespace certrelay
