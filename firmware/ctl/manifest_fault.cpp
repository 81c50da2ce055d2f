#include "firmware/ctl/manifest_fault.hpp"

#include <algorithm>
#include <array>

#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMendHead =
    "extract.jsonまたは元のファイルを直して、もう一度extract buildを行ってください。";
constexpr std::string_view kMendExtract =
    "manifest.jsonは手で直さず、extract buildで新しいフォルダーへ作り直してください。";

// What decode_manifest and encode say in Error::where, the member and what is wrong with it.
struct ManifestWords {
  std::string_view where;
  std::string_view member;
  std::string_view what;
};

constexpr std::array kManifestWords{
    ManifestWords{"manifest: generation", "generation",
                  "generationは1から999999999999999までの数です。"},
    ManifestWords{"manifest: base_generation", "base_generation",
                  "generationはbase_generationより大きい数でなければなりません。"},
    ManifestWords{"manifest: last_change", "last_change",
                  "last_changeは0以上の数で、base_generationが0のときは0です。"},
    ManifestWords{"manifest: operator", "operator",
                  "作成した人（operator）は1文字以上64バイト以内で、制御文字は使えません。"},
    ManifestWords{"manifest: counts", "counts", "件数が上限を超えています。"},
    ManifestWords{"manifest: number", "", "数の範囲を外れた項目があります。"},
    ManifestWords{"manifest: schema_version", "schema_version",
                  "この版のプログラムが扱えるschema_versionは1です。"},
    ManifestWords{"manifest: individual_number", "individual_number",
                  "individual_numberはtrueにするか、項目を置かないかのどちらかです。"},
    ManifestWords{"manifest: issuer", "issuers", "発行者名がDERのName（base64）ではありません。"},
    ManifestWords{"manifest: issuers", "issuers", "発行者は16件までです。"},
    ManifestWords{"manifest: issuer twice", "issuers", "同じ発行者が2回あります。"},
    ManifestWords{"manifest: sha256", "files", "SHA-256の値が64桁の16進数ではありません。"},
    ManifestWords{"manifest: order of files", "files", "ファイルの順序が定義と違います。"},
    ManifestWords{"manifest: unknown file", "files", "定義にないファイルの名前があります。"},
    ManifestWords{"manifest: a table is missing", "files", "7つの表がそろっていません。"},
    ManifestWords{"manifest: images", "files", "画像は4,000件までです。"},
    ManifestWords{"manifest: image too large", "files", "画像は1件8KiBまでです。"},
    ManifestWords{"manifest: total", "files", "ファイルの合計が上限の32GiBを超えています。"},
    ManifestWords{"manifest: size", "", "manifest.jsonが上限の1MiBを超えます。"},
    ManifestWords{"extract.json: number", "",
                  "generationは1以上、base_generationとlast_changeは0以上の数にしてください。"},
    ManifestWords{"extract.json: issuers", "issuers", "issuersは文字列の並びにしてください。"},
};

// Of the strict JSON below the members.
std::string words_of_form(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMissingMember:
      return "必要な項目が足りません。";
    case ErrorCode::kUnknownMember:
      return "定義にない項目があります。";
    case ErrorCode::kWrongType:
      return "値の種類（文字列・整数・並び）が定義と違う項目があります。";
    case ErrorCode::kDuplicateName:
      return "同じ項目が2回書かれています。";
    case ErrorCode::kInvalidUtf8:
      return "UTF-8の文字列ではありません。";
    case ErrorCode::kLimitExceeded:
      return "ファイルが大きすぎます。";
    default:
      return "JSONの書き方か値の形式（市区町村コード6桁、日時など）が正しくありません。";
  }
}

bool is_of_files(ErrorCode code) {
  return code == ErrorCode::kNotFound || code == ErrorCode::kIoError ||
         code == ErrorCode::kWrongOwner;
}

}  // namespace

Diagnostic file_fault(std::string name, const Error& error, ManifestOrigin origin) {
  Diagnostic out{std::move(name), 0, {}, "missing-file", {}, error.code};
  if (error.code != ErrorCode::kNotFound) {
    out.rule = "unreadable-file";
    out.mend = "読み取れません。通常のファイルか、読み取りの権限があるかを確かめてください。";
  } else if (origin == ManifestOrigin::kSourceHead) {
    out.mend =
        "ファイルがありません。--csvのフォルダーに置いてください"
        "（行がない表は、見出しの行だけにします）。";
  } else {
    out.mend =
        "ファイルがありません。フォルダーの指定を確かめ、正しければ"
        "extract buildで作り直してください。";
  }
  return out;
}

Diagnostic manifest_fault(std::string name, const Error& error, ManifestOrigin origin) {
  if (is_of_files(error.code)) return file_fault(std::move(name), error, origin);
  Diagnostic out{std::move(name), 0, {}, "manifest", {}, error.code};
  out.mend = origin == ManifestOrigin::kSourceHead ? kMendHead : kMendExtract;
  const auto tables = extract_tables();
  if (std::any_of(tables.begin(), tables.end(),
                  [&](const auto& table) { return table.file == error.where; })) {
    out.column = "files";
    out.note = std::string(error.where) + "の大きさ（bytes）が上限を超えています。";
    return out;
  }
  const auto* words =
      std::find_if(kManifestWords.data(), kManifestWords.data() + kManifestWords.size(),
                   [&](const auto& known) { return known.where == error.where; });
  if (words == kManifestWords.data() + kManifestWords.size()) {
    out.note = words_of_form(error.code);
    return out;
  }
  out.column = words->member;
  out.note = words->what;
  return out;
}

}  // namespace certrelay
