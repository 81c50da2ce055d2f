#include "firmware/ctl/document_check.hpp"

#include <fmt/core.h>

#include "protocol/base/japanese_time.hpp"
#include "render/readback/read_back.hpp"
#include "render/readback/signed_file.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kDocumentIdSize = 22;

// Without line breaks round it; a space may be the seal's own last character.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = "\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The id that stands at the end of one text of each page, the same on all.
Result<DocumentId> document_id_of(const ReadDocument& document) {
  const Error none{ErrorCode::kPdfUnreadable, "document: id"};
  std::optional<DocumentId> out;
  for (const auto& page : document.pages) {
    std::size_t found = 0;
    for (const auto& run : page.values) {
      const auto text = run.text.reveal();
      if (text.size() < kDocumentIdSize) continue;
      auto id = DocumentId::parse(text.substr(text.size() - kDocumentIdSize));
      if (!id) continue;
      if (out && *out != id.value()) return none;
      out = std::move(id.value());
      ++found;
    }
    if (found != 1) return none;
  }
  if (!out) return none;
  return std::move(*out);
}

}  // namespace

Result<PrintedSeal> check_printed_seal(std::string_view text, const DocumentVerifier& verifier) {
  CERTRELAY_TRY(auto read, decode_printed_seal(trimmed(text)));
  if (read.seal.key != verifier.seal_key_hint()) {
    return Error{ErrorCode::kDocumentUnsigned, "seal: another key's"};
  }
  CERTRELAY_TRY(verifier.verify(read.message, read.signature));
  return std::move(read.seal);
}

Result<DocumentId> check_signed_pdf(ByteView pdf, const DocumentVerifier& verifier) {
  CERTRELAY_TRY(const auto file, read_signed_file(pdf));
  CERTRELAY_TRY(verifier.verify_detached(file.cms, file.digest()));
  CERTRELAY_TRY(const auto document, read_stated_text(file.certificate));
  return document_id_of(document);
}

std::string to_japanese(const PrintedSeal& seal) {
  auto out = fmt::format(
      "{}{}\n市区町村コード　{}\n発行日　{}\n文書番号　{}\n{}／{}頁\n", seal.demo ? "見本　" : "",
      seal.kind == CertificateKind::kJuminhyo ? "住民票の写し" : "住民票記載事項証明書",
      seal.municipality.text(), japanese_day(seal.issue_day), seal.document.text(), seal.page,
      seal.pages);
  for (const auto& person : seal.persons) {
    out += fmt::format("氏名　{}\n生年月日　{}\n", person.name.reveal(), person.birth.reveal());
  }
  return out;
}

}  // namespace certrelay
