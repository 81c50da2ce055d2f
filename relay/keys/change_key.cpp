#include "relay/keys/change_key.hpp"

#include <sodium.h>

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/sha256.hpp"
#include "relay/keys/start_sodium.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kNameSize = 8;
static_assert(kChangeSealOverhead == kNameSize + crypto_box_SEALBYTES);
static_assert(sizeof(ChangePublicKey) == crypto_box_PUBLICKEYBYTES);

bool is_named(ByteView sealed, const ChangePublicKey& key) {
  const auto name = sha256(key);
  return std::equal(name.begin(), name.begin() + kNameSize, sealed.begin());
}

}  // namespace

Bytes seal_change(const ChangePublicKey& key, ByteView clear) {
  start_sodium();
  const auto name = sha256(key);
  Bytes out(kChangeSealOverhead + clear.size());
  std::copy_n(name.begin(), kNameSize, out.begin());
  CERTRELAY_CHECK(crypto_box_seal(out.data() + kNameSize, clear.data(), clear.size(), key.data()) ==
                  0);
  return out;
}

ChangeKeys::Pair ChangeKeys::make(Entropy& entropy) {
  start_sodium();
  Pair out{{}, random_key(entropy)};
  CERTRELAY_CHECK(crypto_scalarmult_base(out.open.data(), out.secret.reveal().data()) == 0);
  return out;
}

ChangeKeys::ChangeKeys(Entropy& entropy, const Clock& clock)
    : entropy_(&entropy), clock_(&clock), current_(make(entropy)), made_at_(clock.steady_now()) {}

void ChangeKeys::rotate() {
  const auto now = clock_->steady_now();
  if (former_ && now >= made_at_ + kFormerServes) former_.reset();
  if (now < made_at_ + kLife) return;
  former_ = std::exchange(current_, make(*entropy_));
  made_at_ = now;
}

Result<Bytes> ChangeKeys::open(ByteView sealed) const {
  if (sealed.size() < kChangeSealOverhead) return Error{ErrorCode::kChangeKeyUnknown, "change"};
  const Pair* pair = &current_;
  if (!is_named(sealed, current_.open)) {
    if (!former_ || !is_named(sealed, former_->open)) {
      return Error{ErrorCode::kChangeKeyUnknown, "change: no such key"};
    }
    pair = &*former_;
  }
  const auto box = sealed.subspan(kNameSize);
  Bytes out(sealed.size() - kChangeSealOverhead);
  const int opened = crypto_box_seal_open(out.data(), box.data(), box.size(), pair->open.data(),
                                          pair->secret.reveal().data());
  if (opened != 0) return Error{ErrorCode::kChangeKeyUnknown, "change: does not open"};
  return out;
}

}  // namespace certrelay
