#include "firmware/ctl/extract_folder.hpp"

#include <algorithm>
#include <set>

#include "firmware/ctl/extract_build.hpp"
#include "firmware/ctl/manifest_fault.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kStatementBytesMax = std::size_t{64} * 1024;
constexpr std::string_view kBuildAgain =
    "送信せずに、extract buildで新しいフォルダーへ作り直してください。";

void reject_statement(Diagnostics& found, std::string_view rule, std::string note, ErrorCode code) {
  found.reject({std::string(kStatementFile), 0, {}, rule, kBuildAgain, code, {}, std::move(note)});
}

void reject_signature(Diagnostics& found, const Error& error) {
  if (error.code == ErrorCode::kUnknownSigner) {
    reject_statement(found, "statement-key",
                     "連携元の鍵とは別の鍵で署名されています。使う鍵を確かめ、", error.code);
  } else {
    reject_statement(found, "statement-signature",
                     "署名がmanifest.jsonと合いません。作成の後で書き換えられたおそれがあります。",
                     error.code);
  }
}

// The names in the folder, those of images/ with it.
Result<std::vector<std::string>> names_in(Files& files, const std::string& folder) {
  CERTRELAY_TRY(auto names, files.list(folder));
  const std::string images(kImageFolder.substr(0, kImageFolder.size() - 1));
  const auto found = std::find(names.begin(), names.end(), images);
  if (found == names.end()) return names;
  CERTRELAY_TRY(const auto info, files.info(folder + "/" + images));
  if (info.kind != FileInfo::Kind::kFolder) return names;  // a file of that name
  names.erase(found);
  CERTRELAY_TRY(const auto inside, files.list(folder + "/" + images));
  for (const auto& name : inside) names.push_back(std::string(kImageFolder) + name);
  return names;
}

}  // namespace

std::optional<PushSource> open_extract(Files& files, const std::string& folder,
                                       Diagnostics& found) {
  auto source = PushSource::open(files, folder);
  if (source) return std::move(source).value();
  found.reject(manifest_fault(folder + "/" + std::string(kManifestFile), source.error(),
                              ManifestOrigin::kExtract));
  return std::nullopt;
}

void check_statement(Files& files, const std::string& folder, const PushSource& source,
                     const FeederVerifier& verifier, Diagnostics& found) {
  const std::string name(kStatementFile);
  const auto text = files.read_all(folder + "/" + name, kStatementBytesMax);
  if (!text && text.error().code != ErrorCode::kLimitExceeded) {
    return found.reject(file_fault(name, text.error(), ManifestOrigin::kExtract));
  }
  const auto statement =
      text ? parse_statement(as_text(text.value())) : Result<SignedStatement>(text.error());
  if (!statement) {
    return reject_statement(found, "statement-form", "署名の形式が正しくありません。",
                            statement.error().code);
  }
  const auto held = verifier.verify(StatementKind::kManifest, source.manifest().municipality,
                                    statement.value(), source.manifest_bytes());
  if (!held) reject_signature(found, held.error());
}

void check_municipality(const Manifest& manifest, const std::optional<MunicipalityCode>& own,
                        Diagnostics& found) {
  if (!own || *own == manifest.municipality) return;
  std::string note(manifest.municipality.text());
  note += "は設定（";
  note += own->text();
  note += "）と違う市区町村です。";
  found.reject({std::string(kManifestFile),
                0,
                "municipality_code",
                "municipality",
                "extract.jsonのmunicipality_codeを直し、extract buildで作り直してください。",
                ErrorCode::kWrongMunicipality,
                {},
                std::move(note)});
}

void check_names(Files& files, const std::string& folder, const Manifest& manifest,
                 Diagnostics& found) {
  const auto names = names_in(files, folder);
  if (!names) return found.reject(file_fault(folder, names.error(), ManifestOrigin::kExtract));
  const std::set<std::string_view> there(names.value().begin(), names.value().end());
  std::set<std::string_view> named{kManifestFile, kStatementFile};
  for (const auto& file : manifest.files) {
    named.insert(file.name);
    if (!there.contains(file.name)) {
      found.reject(file_fault(file.name, {ErrorCode::kNotFound, "extract: files"},
                              ManifestOrigin::kExtract));
    }
  }
  for (const auto& name : names.value()) {
    if (named.contains(name)) continue;
    found.reject({name,
                  0,
                  {},
                  "foreign-file",
                  "manifest.jsonにないファイルです。誰が置いたかを確かめ、"
                  "フォルダーから取り除いてください。",
                  ErrorCode::kUnknownItem});
  }
}

}  // namespace certrelay
