#include "relay/operators/operator_store.hpp"

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMagic = "certrelay operators v1\n";
constexpr std::string_view kKeyLabel = "certrelay operators store key v1";
constexpr std::string_view kCodeLabel = "certrelay operators code v1";
constexpr std::string_view kCodeKeyLabel = "certrelay operators code key v1";
constexpr std::size_t kFileBytesMax = std::size_t{2} * 1024 * 1024;

Key256 derived_key(const Key256& from, std::string_view label) {
  auto bytes = hmac_sha256(from, as_bytes(label));
  Key256 key(bytes);
  wipe(bytes);
  return key;
}

Key256 store_key(const Key256& outer) { return derived_key(outer, kKeyLabel); }

}  // namespace

Bytes OperatorStore::context() const {
  ByteWriter out;
  out.raw(kMagic);
  out.raw(settings_.municipality.text());
  return std::move(out).take();
}

Result<std::unique_ptr<OperatorStore>> OperatorStore::create(Files& files, Entropy& entropy,
                                                             OperatorStoreSettings settings,
                                                             const Key256& outer,
                                                             std::vector<Operator> accounts) {
  if (files.info(settings.path)) return Error{ErrorCode::kAlreadyExists, "operators: store"};
  auto store = std::make_unique<OperatorStore>(Entrance(), files, entropy, std::move(settings),
                                               store_key(outer));
  OperatorBook first;
  first.accounts = std::move(accounts);
  CERTRELAY_TRY(store->write(std::move(first)));
  return store;
}

Result<std::unique_ptr<OperatorStore>> OperatorStore::open(Files& files, Entropy& entropy,
                                                           OperatorStoreSettings settings,
                                                           const Key256& outer,
                                                           std::uint64_t version_min) {
  CERTRELAY_TRY(const auto bytes, files.read_all(settings.path, kFileBytesMax));
  auto store = std::make_unique<OperatorStore>(Entrance(), files, entropy, std::move(settings),
                                               store_key(outer));
  if (!as_text(bytes).starts_with(kMagic)) {
    return Error{ErrorCode::kSealBroken, "operators: store"};
  }
  CERTRELAY_TRY(const auto plain,
                open_sealed(store->key_, store->context(), ByteView(bytes).subspan(kMagic.size())));
  CERTRELAY_TRY(store->book_, decode_book(plain));
  if (store->book_.version < version_min) {
    return Error{ErrorCode::kOperatorsRolledBack, "operators: the store is older than the ledger"};
  }
  return store;
}

Bytes OperatorStore::code_context(const OperatorName& name) const {
  ByteWriter out;
  out.raw(kCodeLabel);
  out.u8(0);
  out.raw(settings_.municipality.text());
  out.raw(name.text());
  return std::move(out).take();
}

Bytes OperatorStore::seal_code_secret(const OperatorName& name, const TotpSecret& secret) const {
  return seal(derived_key(key_, kCodeKeyLabel), code_context(name), secret.reveal(), entropy_);
}

Result<TotpSecret> OperatorStore::open_code_secret(const Operator& account) const {
  CERTRELAY_TRY(auto plain, open_sealed(derived_key(key_, kCodeKeyLabel),
                                        code_context(account.name), account.login.code_secret));
  const bool whole = plain.size() == kTotpSecretBytes;
  Result<TotpSecret> out = Error{ErrorCode::kSealBroken, "operators: code secret"};
  if (whole) out = TotpSecret(plain);
  wipe(plain);
  return out;
}

Result<void> OperatorStore::write(OperatorBook next) {
  next.version = book_.version + 1;
  ByteWriter out;
  out.raw(kMagic);
  out.raw(seal(key_, context(), encode_book(next), entropy_));
  CERTRELAY_TRY(files_.write_durably(settings_.path, out.view()));
  book_ = std::move(next);
  return ok();
}

}  // namespace certrelay
