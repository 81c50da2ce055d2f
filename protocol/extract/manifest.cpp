#include "protocol/extract/manifest.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "protocol/base/json.hpp"
#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

namespace json = boost::json;

constexpr std::size_t kManifestDepthMax = 4;
constexpr std::size_t kOperatorBytesMax = 64;

Error malformed(std::string_view where) { return {ErrorCode::kManifestMalformed, where}; }

Result<std::uint64_t> number(JsonObject& object, std::string_view name, std::uint64_t max) {
  CERTRELAY_TRY(const auto value, object.integer(name));
  if (value < 0 || static_cast<std::uint64_t>(value) > max) return malformed("manifest: number");
  return static_cast<std::uint64_t>(value);
}

bool is_operator_name(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !text.empty() && text.size() <= kOperatorBytesMax && is_strict_utf8(text) &&
         std::none_of(text.begin(), text.end(), is_control);
}

Result<ManifestFile> file_of(const json::value& value) {
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  ManifestFile out;
  CERTRELAY_TRY(const auto name, object.string("name"));
  out.name = std::string(name);
  CERTRELAY_TRY(out.bytes, number(object, "bytes", kGenerationMax));
  CERTRELAY_TRY(const auto hex, object.string("sha256"));
  CERTRELAY_TRY(const auto digest, from_hex(hex));
  if (digest.size() != out.sha256.size()) return malformed("manifest: sha256");
  std::copy(digest.begin(), digest.end(), out.sha256.begin());
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

Result<Bytes> issuer_of(const json::value& value) {
  if (!value.is_string()) return malformed("manifest: issuer");
  CERTRELAY_TRY(auto der, from_base64(std::string_view(value.get_string())));
  constexpr std::uint8_t kSequence = 0x30;
  if (der.empty() || der.size() > kIssuerBytesMax || der.front() != kSequence) {
    return malformed("manifest: issuer");
  }
  return der;
}

Result<void> check_issuers(const std::vector<Bytes>& issuers) {
  if (issuers.size() > kIssuersMax) return Error{ErrorCode::kLimitExceeded, "manifest: issuers"};
  auto sorted = issuers;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return malformed("manifest: issuer twice");
  }
  return ok();
}

std::uint64_t bytes_max_of(std::string_view name) {
  if (name.starts_with(kImageFolder)) return kNameImageBytesMax;
  const bool large = name == table_info(Table::kCards).file ||
                     name == table_info(Table::kHouseholds).file ||
                     name == table_info(Table::kPersons).file;
  return large ? kExtractBytesMax : kCatalogueFileBytesMax;
}

// The one order: tables as enumerated, images just before cards.csv.
Result<void> check_files(const std::vector<ManifestFile>& files) {
  std::size_t table = 0;
  std::size_t images = 0;
  std::string_view last_image;
  std::uint64_t total = 0;
  const auto tables = extract_tables();
  for (const auto& file : files) {
    const std::string_view name = file.name;
    if (name.starts_with(kImageFolder) && is_image_name(name.substr(kImageFolder.size()))) {
      const bool here = table == static_cast<std::size_t>(Table::kCards);
      if (!here || name <= last_image) return malformed("manifest: order of files");
      last_image = name;
      if (++images > kImagesMax) return Error{ErrorCode::kLimitExceeded, "manifest: images"};
    } else if (table < tables.size() && name == tables[table].file) {
      ++table;
    } else {
      const bool known = std::any_of(tables.begin(), tables.end(),
                                     [&](const auto& info) { return info.file == name; });
      if (known) return malformed("manifest: order of files");
      return Error{ErrorCode::kUnknownItem, "manifest: unknown file"};
    }
    if (file.bytes > bytes_max_of(name)) {
      const bool image = name.starts_with(kImageFolder);
      return Error{ErrorCode::kLimitExceeded,
                   image ? "manifest: image too large" : tables[table - 1].file};
    }
    total += file.bytes;
    if (total > kExtractBytesMax) return Error{ErrorCode::kLimitExceeded, "manifest: total"};
  }
  if (table != tables.size()) return malformed("manifest: a table is missing");
  return ok();
}

Result<void> check(const Manifest& manifest) {
  if (manifest.schema_version != kExtractSchemaVersion) {
    return Error{ErrorCode::kSchemaVersion, "manifest: schema_version"};
  }
  if (manifest.generation < 1 || manifest.generation > kGenerationMax) {
    return malformed("manifest: generation");
  }
  if (manifest.base_generation >= manifest.generation) {
    return malformed("manifest: base_generation");
  }
  const bool change = manifest.last_change <= kGenerationMax &&
                      (manifest.base_generation > 0 || manifest.last_change == 0);
  if (!change) return malformed("manifest: last_change");
  if (!is_operator_name(manifest.operator_name)) return malformed("manifest: operator");
  const bool counts = manifest.persons <= table_info(Table::kPersons).rows_max &&
                      manifest.households <= table_info(Table::kHouseholds).rows_max &&
                      manifest.cards <= table_info(Table::kCards).rows_max;
  if (!counts) return Error{ErrorCode::kLimitExceeded, "manifest: counts"};
  CERTRELAY_TRY(check_issuers(manifest.issuers));
  return check_files(manifest.files);
}

// One spelling for each: true, or not there.
Result<IndividualNumbers> numbers_of(JsonObject& object) {
  const auto* value = object.optional("individual_number");
  if (value == nullptr) return IndividualNumbers::kNotHeld;
  if (!value->is_bool() || !value->get_bool()) return malformed("manifest: individual_number");
  return IndividualNumbers::kHeld;
}

Result<void> take_counts(JsonObject& object, Manifest& out) {
  CERTRELAY_TRY(auto counts, object.object("counts"));
  CERTRELAY_TRY(out.persons, number(counts, "persons", kGenerationMax));
  CERTRELAY_TRY(out.households, number(counts, "households", kGenerationMax));
  CERTRELAY_TRY(out.cards, number(counts, "cards", kGenerationMax));
  return counts.expect_no_more();
}

Result<void> take_lists(JsonObject& object, Manifest& out) {
  CERTRELAY_TRY(const auto* issuers, object.array("issuers"));
  for (const auto& value : *issuers) {
    CERTRELAY_TRY(auto issuer, issuer_of(value));
    out.issuers.push_back(std::move(issuer));
  }
  CERTRELAY_TRY(const auto* files, object.array("files"));
  for (const auto& value : *files) {
    CERTRELAY_TRY(auto file, file_of(value));
    out.files.push_back(std::move(file));
  }
  return ok();
}

}  // namespace

Result<Manifest> decode_manifest(ByteView bytes) {
  CERTRELAY_TRY(const auto value,
                parse_strict_json(as_text(bytes), {.bytes_max = kManifestBytesMax,
                                                   .depth_max = kManifestDepthMax}));
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  CERTRELAY_TRY(const auto version, number(object, "schema_version", 0xFFFF));
  if (version != kExtractSchemaVersion) {
    return Error{ErrorCode::kSchemaVersion, "manifest: schema_version"};
  }
  CERTRELAY_TRY(const auto code, object.string("municipality_code"));
  CERTRELAY_TRY(auto municipality, MunicipalityCode::parse(code));
  Manifest out{.municipality = std::move(municipality)};
  CERTRELAY_TRY(out.generation, number(object, "generation", kGenerationMax));
  CERTRELAY_TRY(out.base_generation, number(object, "base_generation", kGenerationMax));
  CERTRELAY_TRY(out.last_change, number(object, "last_change", kGenerationMax));
  CERTRELAY_TRY(const auto created, object.string("created"));
  CERTRELAY_TRY(out.created, parse_rfc3339(created));
  CERTRELAY_TRY(const auto name, object.string("operator"));
  out.operator_name = std::string(name);
  CERTRELAY_TRY(out.numbers, numbers_of(object));
  CERTRELAY_TRY(take_counts(object, out));
  CERTRELAY_TRY(take_lists(object, out));
  CERTRELAY_TRY(object.expect_no_more());
  CERTRELAY_TRY(check(out));
  return out;
}

Result<std::string> encode(const Manifest& manifest) {
  CERTRELAY_TRY(check(manifest));
  json::array issuers;
  for (const auto& issuer : manifest.issuers) issuers.emplace_back(to_base64(issuer));
  json::array files;
  for (const auto& file : manifest.files) {
    files.push_back(
        json::object{{"name", file.name}, {"bytes", file.bytes}, {"sha256", to_hex(file.sha256)}});
  }
  json::object object{
      {"municipality_code", std::string(manifest.municipality.text())},
      {"schema_version", manifest.schema_version},
      {"generation", manifest.generation},
      {"base_generation", manifest.base_generation},
      {"last_change", manifest.last_change},
      {"created", to_rfc3339_jst(manifest.created)},
      {"operator", manifest.operator_name},
  };
  if (manifest.numbers == IndividualNumbers::kHeld) object["individual_number"] = true;
  object.insert({
      {"counts", json::object{{"persons", manifest.persons},
                              {"households", manifest.households},
                              {"cards", manifest.cards}}},
      {"issuers", std::move(issuers)},
      {"files", std::move(files)},
  });
  auto text = to_json_text(object);
  if (text.size() > kManifestBytesMax) return Error{ErrorCode::kLimitExceeded, "manifest: size"};
  return text;
}

std::uint64_t total_bytes(const Manifest& manifest) {
  std::uint64_t total = 0;
  for (const auto& file : manifest.files) total += file.bytes;
  return total;
}

}  // namespace certrelay
