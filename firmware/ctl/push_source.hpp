// The clear stream of a push: the manifest's bytes, then each of its files (protocol/extract
// FORMAT.md "The sealed stream of a push").
#pragma once

#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/manifest.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// An extract's folder, read once for checking and once for sending.
class PushSource {
 public:
  // Reads manifest.json. Errors: decode_manifest's, Files'.
  static Result<PushSource> open(Files& files, const std::string& folder);

  const Manifest& manifest() const { return manifest_; }
  const Bytes& manifest_bytes() const { return manifest_bytes_; }
  std::uint64_t clear_bytes() const { return manifest_bytes_.size() + total_bytes(manifest_); }

  // Every file has the manifest's length and digest; each that has not goes to `found`.
  void check(Diagnostics& found) const;
  // Fills `out` as far as the stream reaches; fewer bytes only at its end. Errors: kDigestMismatch
  // (a file is shorter than at check()), Files'.
  Result<std::size_t> read(std::span<std::uint8_t> out);

 private:
  PushSource(Files& files, std::string folder, Bytes manifest_bytes, Manifest manifest)
      : files_(&files),
        folder_(std::move(folder)),
        manifest_bytes_(std::move(manifest_bytes)),
        manifest_(std::move(manifest)) {}
  Result<std::size_t> read_part(std::span<std::uint8_t> out);
  std::uint64_t part_bytes() const;

  Files* files_;
  std::string folder_;
  Bytes manifest_bytes_;
  Manifest manifest_;
  std::size_t part_ = 0;  // 0: the manifest; from 1 on: its files
  std::uint64_t offset_ = 0;
  std::unique_ptr<File> open_;
};

}  // namespace certrelay
