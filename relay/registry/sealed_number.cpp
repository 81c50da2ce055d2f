#include "relay/registry/sealed_number.hpp"

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kLabel = "certrelay individual number v1";

Bytes context_of(std::uint64_t person) {
  ByteWriter out;
  out.raw(kLabel);
  out.u8(0);
  out.u64(person);
  return std::move(out).take();
}

}  // namespace

Bytes seal_number(const Key256& key, std::uint64_t person, const IndividualNumber& number,
                  Entropy& entropy) {
  return seal(key, context_of(person), as_bytes(number.reveal()), entropy);
}

Result<IndividualNumber> open_sealed_number(const Key256& key, std::uint64_t person,
                                            const SealedNumber& number) {
  CERTRELAY_TRY(auto clear, open_sealed(key, context_of(person), number.sealed));
  auto out = IndividualNumber::parse(as_text(clear));
  wipe(clear);
  if (!out) return Error{ErrorCode::kStoreCorrupt, "individual number: form"};
  return out;
}

}  // namespace certrelay
