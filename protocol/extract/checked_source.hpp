// Internal to protocol/extract, and what a sender checks its folder with.
#pragma once

#include "protocol/extract/byte_source.hpp"
#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// A file that must be, byte for byte, the one that the manifest names: at its end length and
// digest are compared. Errors: kDigestMismatch, kExtractIncomplete (both reported).
class CheckedSource final : public ByteSource {
 public:
  // `expected` and `diagnostics` must outlive it.
  CheckedSource(std::unique_ptr<ByteSource> source, const ManifestFile& expected,
                Diagnostics& diagnostics)
      : source_(std::move(source)), expected_(&expected), diagnostics_(&diagnostics) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;

 private:
  Error fault(ErrorCode code, std::string_view rule, std::string_view mend);

  std::unique_ptr<ByteSource> source_;
  const ManifestFile* expected_;
  Diagnostics* diagnostics_;
  Sha256 hash_;
  std::uint64_t count_ = 0;
  bool ended_ = false;
};

}  // namespace certrelay
