#include "firmware/ctl/extract_build.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "firmware/ctl/extract_tables.hpp"
#include "firmware/ctl/manifest_fault.hpp"
#include "protocol/base/json.hpp"
#include "protocol/extract/walk.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kHeadBytesMax = std::size_t{64} * 1024;

// Everything that the extract will consist of, before a byte of it is written.
struct Draft {
  std::map<std::string, OrderedTable, std::less<>> tables;
  std::map<std::string, Bytes, std::less<>> images;
};

class DraftFiles final : public ExtractFiles {
 public:
  explicit DraftFiles(const Draft& draft) : draft_(&draft) {}
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) override {
    const auto bytes = bytes_of(*draft_, name);
    return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(bytes));
  }
  static ByteView bytes_of(const Draft& draft, std::string_view name) {
    const auto table = draft.tables.find(name);
    if (table != draft.tables.end()) return as_bytes(table->second.text);
    return draft.images.at(std::string(name));
  }

 private:
  const Draft* draft_;
};

class CheckOnly final : public ExtractSink {
 public:
  Result<void> catalogue(Catalogue /*catalogue*/) override { return ok(); }
  Result<void> household(HouseholdRows /*rows*/,
                         std::vector<std::vector<CardRecord>> /*cards*/) override {
    return ok();
  }
};

Diagnostic image_fault(std::string name, const Error& error) {
  if (error.code != ErrorCode::kLimitExceeded) {
    return file_fault(std::move(name), error, ManifestOrigin::kSourceHead);
  }
  return {std::move(name), 0, {}, "image-form", "画像が大きすぎます。8KiB以内のPNGにしてください。",
          error.code};
}

Result<void> read_images(Files& files, const std::string& source, Draft& draft,
                         Diagnostics& diagnostics) {
  const auto folder = source + "/" + std::string(kImageFolder.substr(0, kImageFolder.size() - 1));
  auto names = files.list(folder);
  if (!names) {
    if (names.error().code == ErrorCode::kNotFound) return ok();  // images are optional
    return names.error();
  }
  for (const auto& name : names.value()) {
    auto bytes = files.read_all(folder + "/" + name, kNameImageBytesMax);
    if (!bytes) {
      diagnostics.reject(image_fault(std::string(kImageFolder) + name, bytes.error()));
      return bytes.error();
    }
    draft.images.emplace(std::string(kImageFolder) + name, std::move(bytes).value());
  }
  return ok();
}

bool is_of_file(ErrorCode code) {
  return code == ErrorCode::kNotFound || code == ErrorCode::kIoError;
}

// Reads all tables even when one is bad, so that one run names the faults of all.
Result<Draft> read_draft(Files& files, const std::string& source, IndividualNumbers numbers,
                         Diagnostics& diagnostics) {
  Draft draft;
  ErrorCode first = ErrorCode::kNone;
  for (std::size_t i = 0; i < extract_tables().size(); ++i) {
    const auto table = static_cast<Table>(i);
    auto read = read_ordered(files, source, table, numbers, diagnostics);
    if (read) {
      draft.tables.emplace(table_info(table).file, std::move(read).value());
      continue;
    }
    if (is_of_file(read.error().code)) {
      diagnostics.reject(file_fault(std::string(table_info(table).file), read.error(),
                                    ManifestOrigin::kSourceHead));
    }
    if (first == ErrorCode::kNone) first = read.error().code;
  }
  if (first != ErrorCode::kNone) return Error{first, "extract build: a table's form"};
  CERTRELAY_TRY(read_images(files, source, draft, diagnostics));
  return draft;
}

Manifest manifest_of(const ExtractHead& head, const Draft& draft) {
  Manifest out{.municipality = head.municipality};
  out.generation = head.generation;
  out.base_generation = head.base_generation;
  out.last_change = head.last_change;
  out.created = std::chrono::floor<std::chrono::seconds>(head.created);
  out.operator_name = head.operator_name;
  out.issuers = head.issuers;
  out.numbers = head.numbers;
  const auto rows = [&](Table table) {
    return draft.tables.find(table_info(table).file)->second.rows;
  };
  out.persons = rows(Table::kPersons);
  out.households = rows(Table::kHouseholds);
  out.cards = rows(Table::kCards);
  const auto add = [&](std::string_view name) {
    const auto bytes = DraftFiles::bytes_of(draft, name);
    out.files.push_back({std::string(name), bytes.size(), sha256(bytes)});
  };
  for (const auto& table : extract_tables()) {
    if (table.file == table_info(Table::kCards).file) {
      for (const auto& [name, bytes] : draft.images) add(name);
    }
    add(table.file);
  }
  return out;
}

// The checks ran on the extract's lines; the clerk mends the source's.
void report(const Diagnostics& found, const Draft& draft, Diagnostics& out) {
  const auto moved = [&](Diagnostic fault) {
    const auto table = draft.tables.find(fault.file);
    if (table != draft.tables.end() && fault.line > 0) {
      fault.line = table->second.source_line(fault.line);
    }
    return fault;
  };
  for (const auto& fault : found.rejections()) out.reject(moved(fault));
  for (const auto& fault : found.warnings()) out.warn(moved(fault));
}

Result<void> write_file(Files& files, const std::string& path, ByteView bytes) {
  CERTRELAY_TRY(const auto file, files.open(path, OpenMode::kCreateNew));
  CERTRELAY_TRY(file->write_at(0, bytes));
  return file->sync();
}

Result<void> write_all(Files& files, const std::string& target, const Draft& draft,
                       const Manifest& manifest, std::string_view json,
                       std::string_view statement) {
  const auto at = [&](std::string_view name) { return target + "/" + std::string(name); };
  if (!draft.images.empty()) {
    CERTRELAY_TRY(files.make_folder(at("images")));
  }
  for (const auto& file : manifest.files) {
    CERTRELAY_TRY(write_file(files, at(file.name), DraftFiles::bytes_of(draft, file.name)));
  }
  CERTRELAY_TRY(write_file(files, at(kStatementFile), as_bytes(statement)));
  // Last: an extract without its manifest is none.
  CERTRELAY_TRY(write_file(files, at(kManifestFile), as_bytes(json)));
  return files.sync_folder(target);
}

void remove_all(Files& files, const std::string& target, const Manifest& manifest) {
  const auto remove = [&](std::string_view name) {
    // What was not written yet is not there; nothing else can be done about a failure.
    static_cast<void>(files.remove(target + "/" + std::string(name)).has_value());
  };
  for (const auto& file : manifest.files) remove(file.name);
  remove(kStatementFile);
  remove(kManifestFile);
  remove("images");
  static_cast<void>(files.remove(target).has_value());
}

}  // namespace

Result<ExtractHead> load_extract_head(Files& files, const std::string& folder, UtcTime created) {
  CERTRELAY_TRY(const auto bytes, files.read_all(folder + "/extract.json", kHeadBytesMax));
  CERTRELAY_TRY(const auto value, parse_strict_json(as_text(bytes), {}));
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  CERTRELAY_TRY(const auto code, object.string("municipality_code"));
  CERTRELAY_TRY(auto municipality, MunicipalityCode::parse(code));
  CERTRELAY_TRY(const auto generation, object.integer("generation"));
  CERTRELAY_TRY(const auto base, object.integer("base_generation"));
  CERTRELAY_TRY(const auto change, object.integer("last_change"));
  CERTRELAY_TRY(const auto name, object.string("operator"));
  CERTRELAY_TRY(const auto* issuers, object.array("issuers"));
  if (generation < 1 || base < 0 || change < 0) {
    return Error{ErrorCode::kManifestMalformed, "extract.json: number"};
  }
  ExtractHead out{std::move(municipality),
                  static_cast<std::uint64_t>(generation),
                  static_cast<std::uint64_t>(base),
                  static_cast<std::uint64_t>(change),
                  created,
                  std::string(name),
                  {}};
  for (const auto& issuer : *issuers) {
    if (!issuer.is_string()) return Error{ErrorCode::kWrongType, "extract.json: issuers"};
    CERTRELAY_TRY(auto der, from_base64(std::string_view(issuer.get_string())));
    out.issuers.push_back(std::move(der));
  }
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

Result<Manifest> build_extract(Files& files, const std::string& source, const std::string& target,
                               const ExtractHead& head, const FeederKey& key,
                               Diagnostics& diagnostics) {
  CERTRELAY_TRY(const auto draft, read_draft(files, source, head.numbers, diagnostics));
  const auto manifest = manifest_of(head, draft);
  const auto encoded = encode(manifest);
  if (!encoded) {
    diagnostics.reject(
        manifest_fault("extract.json", encoded.error(), ManifestOrigin::kSourceHead));
    return encoded.error();
  }
  const std::string& json = encoded.value();
  DraftFiles draft_files(draft);
  CheckOnly sink;
  Diagnostics found;
  auto walked = walk_extract(manifest, draft_files, sink, found);
  report(found, draft, diagnostics);
  if (!walked) return walked.error();
  CERTRELAY_TRY(
      const auto statement,
      key.sign(StatementKind::kManifest, manifest.municipality,
               {manifest.generation, manifest.last_change, manifest.created}, as_bytes(json)));
  CERTRELAY_TRY(files.make_folder(target));
  auto written = write_all(files, target, draft, manifest, json, format_statement(statement));
  if (!written) {
    remove_all(files, target, manifest);
    return written.error();
  }
  return manifest;
}

}  // namespace certrelay
