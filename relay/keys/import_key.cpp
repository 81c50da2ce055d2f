#include "relay/keys/import_key.hpp"

#include <sodium.h>

#include "protocol/base/codec.hpp"
#include "relay/keys/seal.hpp"
#include "relay/keys/start_sodium.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kImportLabel = "certrelay import v1";

static_assert(kImportHeaderSize ==
              crypto_box_SEALBYTES + 32 + crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kImportChunkOverhead == crypto_secretstream_xchacha20poly1305_ABYTES);
static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == 32);
static_assert(sizeof(ImportPublicKey) == crypto_box_PUBLICKEYBYTES);
constexpr std::size_t kSealedKeySize = crypto_box_SEALBYTES + 32;

// Ties every chunk to its push.
Bytes context_of(const ExtractId& extract) {
  ByteWriter out;
  out.raw(kImportLabel);
  out.u8(0);
  out.raw(extract.bytes());
  return std::move(out).take();
}

}  // namespace

struct ImportStream {
  crypto_secretstream_xchacha20poly1305_state state{};
};

void FreeImportStream::operator()(ImportStream* stream) const {
  sodium_memzero(&stream->state, sizeof stream->state);
  std::default_delete<ImportStream>()(stream);
}

std::uint64_t sealed_import_size(std::uint64_t clear_bytes) {
  CERTRELAY_CHECK(clear_bytes > 0);
  const std::uint64_t chunks = (clear_bytes + kImportChunkSize - 1) / kImportChunkSize;
  return kImportHeaderSize + clear_bytes + chunks * kImportChunkOverhead;
}

ImportSealer::ImportSealer(const ImportPublicKey& key, const ExtractId& extract)
    : stream_(std::make_unique<ImportStream>().release()),
      header_(kImportHeaderSize),
      extract_(extract) {
  start_sodium();
  std::array<std::uint8_t, 32> stream_key{};
  crypto_secretstream_xchacha20poly1305_keygen(stream_key.data());
  CERTRELAY_CHECK(
      crypto_box_seal(header_.data(), stream_key.data(), stream_key.size(), key.data()) == 0);
  CERTRELAY_CHECK(crypto_secretstream_xchacha20poly1305_init_push(
                      &stream_->state, header_.data() + kSealedKeySize, stream_key.data()) == 0);
  wipe(stream_key);
}

Bytes ImportSealer::seal_chunk(ByteView clear, bool last) {
  CERTRELAY_CHECK(!ended_ && !clear.empty());
  CERTRELAY_CHECK(last ? clear.size() <= kImportChunkSize : clear.size() == kImportChunkSize);
  ended_ = last;
  Bytes out(clear.size() + kImportChunkOverhead);
  const auto context = context_of(extract_);
  const std::uint8_t tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  CERTRELAY_CHECK(crypto_secretstream_xchacha20poly1305_push(
                      &stream_->state, out.data(), nullptr, clear.data(), clear.size(),
                      context.data(), context.size(), tag) == 0);
  return out;
}

Result<Bytes> ImportOpener::open_chunk(ByteView sealed) {
  if (ended_ || sealed.size() <= kImportChunkOverhead ||
      sealed.size() > kImportChunkSize + kImportChunkOverhead) {
    return Error{ErrorCode::kSealBroken, "import: chunk"};
  }
  Bytes out(sealed.size() - kImportChunkOverhead);
  const auto context = context_of(extract_);
  std::uint8_t tag = 0;
  const int done = crypto_secretstream_xchacha20poly1305_pull(&stream_->state, out.data(), nullptr,
                                                              &tag, sealed.data(), sealed.size(),
                                                              context.data(), context.size());
  if (done != 0) return Error{ErrorCode::kSealBroken, "import: chunk does not open"};
  ended_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  const bool other = !ended_ && tag != crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  if (other) return Error{ErrorCode::kSealBroken, "import: tag"};
  return out;
}

ImportKey::ImportKey(Entropy& entropy) : secret_(random_key(entropy)) {
  start_sodium();
  CERTRELAY_CHECK(crypto_scalarmult_base(public_.data(), secret_.reveal().data()) == 0);
}

Result<ImportOpener> ImportKey::open(ByteView header, const ExtractId& extract) const {
  if (header.size() != kImportHeaderSize) return Error{ErrorCode::kSealBroken, "import: header"};
  std::array<std::uint8_t, 32> stream_key{};
  const int opened = crypto_box_seal_open(stream_key.data(), header.data(), kSealedKeySize,
                                          public_.data(), secret_.reveal().data());
  if (opened != 0) return Error{ErrorCode::kSealBroken, "import: key does not open"};
  std::unique_ptr<ImportStream, FreeImportStream> stream(
      std::make_unique<ImportStream>().release());
  const int ready = crypto_secretstream_xchacha20poly1305_init_pull(
      &stream->state, header.data() + kSealedKeySize, stream_key.data());
  wipe(stream_key);
  if (ready != 0) return Error{ErrorCode::kSealBroken, "import: header"};
  return ImportOpener(std::move(stream), extract);
}

}  // namespace certrelay
