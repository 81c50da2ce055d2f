#pragma once

#include "protocol/extract/records.hpp"
#include "protocol/extract/schema.hpp"

namespace certrelay {

inline constexpr std::size_t kManifestBytesMax = std::size_t{1024} * 1024;
inline constexpr std::size_t kIssuersMax = 16;
inline constexpr std::size_t kIssuerBytesMax = 1024;
inline constexpr std::uint64_t kCatalogueFileBytesMax = std::uint64_t{256} * 1024;
// All files together: ten million residents need about 6 GB.
inline constexpr std::uint64_t kExtractBytesMax = std::uint64_t{32} * 1024 * 1024 * 1024;
inline constexpr std::uint64_t kGenerationMax = 999'999'999'999'999;  // of a signed statement

inline constexpr std::string_view kManifestFile = "manifest.json";

// manifest.json, strict. The files are exactly the schema's tables in the stream's order, the
// images between fees.csv and cards.csv in ascending order.
// Errors: kManifestMalformed, kSchemaVersion, kLimitExceeded, kUnknownItem (a file that the schema
// does not have), and parse_strict_json's. Error::where is the table that is too large, or
// "manifest: " and what is wrong.
Result<Manifest> decode_manifest(ByteView json);

// One line, members in the documented order. Errors: as the decoder's, whenever it would refuse.
Result<std::string> encode(const Manifest& manifest);

// All files together.
std::uint64_t total_bytes(const Manifest& manifest);

}  // namespace certrelay
