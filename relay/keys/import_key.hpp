// A push of an extract is sealed to a key that the vault made for this push alone, so that the
// registry front spools what it cannot read. The framing is in protocol/extract/FORMAT.md.
#pragma once

#include <memory>

#include "protocol/base/secret.hpp"
#include "protocol/ids/uuid.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

using ImportPublicKey = std::array<std::uint8_t, 32>;

inline constexpr std::size_t kImportChunkSize = std::size_t{64} * 1024;  // in the clear
inline constexpr std::size_t kImportChunkOverhead = 17;
inline constexpr std::size_t kImportHeaderSize = 80 + 24;

// The sealed bytes of a stream of so many clear ones. Precondition: at least one (CHECK).
std::uint64_t sealed_import_size(std::uint64_t clear_bytes);

struct ImportStream;  // libsodium's state
struct FreeImportStream {
  void operator()(ImportStream* stream) const;
};

// The sender's side.
class ImportSealer {
 public:
  ImportSealer(const ImportPublicKey& key, const ExtractId& extract);
  // The first kImportHeaderSize bytes of the sealed stream.
  const Bytes& header() const { return header_; }
  // Every chunk but the last has exactly kImportChunkSize bytes; the last 1 to so many (CHECK).
  Bytes seal_chunk(ByteView clear, bool last);

 private:
  std::unique_ptr<ImportStream, FreeImportStream> stream_;
  Bytes header_;
  ExtractId extract_;
  bool ended_ = false;
};

// The vault's side of one reading; an ImportKey makes any number of them.
class ImportOpener {
 public:
  // One sealed chunk. Errors: kSealBroken (damaged, out of order, of another push).
  Result<Bytes> open_chunk(ByteView sealed);
  // The sender has said that nothing follows.
  bool ended() const { return ended_; }

 private:
  friend class ImportKey;
  ImportOpener(std::unique_ptr<ImportStream, FreeImportStream> stream, const ExtractId& extract)
      : stream_(std::move(stream)), extract_(extract) {}
  std::unique_ptr<ImportStream, FreeImportStream> stream_;
  ExtractId extract_;
  bool ended_ = false;
};

// Move-only; forgotten with the object.
class ImportKey {
 public:
  explicit ImportKey(Entropy& entropy);
  const ImportPublicKey& public_key() const { return public_; }
  // Errors: kSealBroken.
  Result<ImportOpener> open(ByteView header, const ExtractId& extract) const;

 private:
  ImportPublicKey public_{};
  Key256 secret_;
};

}  // namespace certrelay
