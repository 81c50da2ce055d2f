#include "firmware/kiosk/document_check.hpp"

#include <algorithm>

#include "firmware/kiosk/pdf_objects.hpp"
#include "firmware/kiosk/pdf_tokens.hpp"
#include "render/readback/read_back.hpp"
#include "render/readback/signed_file.hpp"

namespace certrelay {
namespace {

// The tags at the front of a content stream: `/CertrelaySubject <</Tag (…)>> DP`, repeated. Other
// marked-content points of ours (`/Certrelay… <<…>> DP`) may stand between them.
std::vector<std::string> leading_tags(std::string_view content) {
  std::vector<std::string> out;
  PdfTokens tokens(content);
  while (true) {
    const std::string_view name = tokens.next();
    if (!name.starts_with("/Certrelay")) return out;
    const char* begin = tokens.rest().data();
    std::string_view token = tokens.next();
    if (token != "<<") return out;
    while (!token.empty() && token != ">>") token = tokens.next();
    const std::string_view dictionary{begin,
                                      static_cast<std::size_t>(tokens.rest().data() - begin)};
    if (tokens.next() != "DP") return out;
    if (name != "/CertrelaySubject") continue;
    const auto tag = pdf_value(dictionary.substr(dictionary.find('<')), "/Tag");
    if (!tag || tag->size() != kSubjectTagSize + 2 || !tag->starts_with('(')) return out;
    out.emplace_back(tag->substr(1, kSubjectTagSize));
  }
}

// Without U+0020 and U+3000.
std::string without_spaces(std::string_view text) {
  constexpr std::string_view kWide = "\u3000";
  std::string out;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
    } else if (text.starts_with(kWide)) {
      text.remove_prefix(kWide.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string printed_text(const ReadPage& page) {
  std::string out;
  for (const auto* runs : {&page.form, &page.values}) {
    for (const TextRun& run : *runs) out += without_spaces(run.text.reveal());
  }
  return out;
}

}  // namespace

Result<std::vector<std::vector<std::string>>> read_subject_tags(std::string_view pdf) {
  CERTRELAY_TRY(const PdfObjects objects, PdfObjects::read(pdf));
  CERTRELAY_TRY(const auto pages, objects.pages());
  std::vector<std::vector<std::string>> out;
  for (const int page : pages) {
    CERTRELAY_TRY(const auto contents, objects.contents(page));
    CERTRELAY_TRY(const std::string_view first, objects.plain_stream(contents.front()));
    out.push_back(leading_tags(first));
  }
  return out;
}

std::vector<std::string> expected_tags(const TransactionId& transaction,
                                       const std::vector<InquiryMember>& listed,
                                       const std::vector<MemberHandle>& chosen) {
  std::vector<std::string> out;
  for (const InquiryMember& member : listed) {
    if (std::ranges::find(chosen, member.handle) == chosen.end()) continue;
    out.push_back(subject_tag(transaction, member.handle));
  }
  return out;
}

Result<void> check_document(std::string_view pdf, const IssuanceHeaders& headers,
                            const std::vector<std::string>& tags) {
  CERTRELAY_TRY(const auto pages, read_subject_tags(pdf));
  if (pages.size() != static_cast<std::size_t>(headers.sheets)) {
    return Error{ErrorCode::kDocumentIncomplete, "not as many pages as sheets"};
  }
  std::vector<std::string> found;
  for (const auto& page : pages) {
    if (page.empty()) return Error{ErrorCode::kForeignDocument, "a page without a subject tag"};
    found.insert(found.end(), page.begin(), page.end());
  }
  if (found != tags) return Error{ErrorCode::kForeignDocument, "subject tags of somebody else"};
  return ok();
}

Result<void> check_printed(ByteView pdf, const IssuanceHeaders& headers,
                           const TransactionId& transaction,
                           const std::vector<InquiryMember>& listed) {
  CERTRELAY_TRY(const ByteView certificate, without_signature(pdf));
  CERTRELAY_TRY(const ReadDocument document, read_stated_text(certificate));
  for (const ReadPage& page : document.pages) {
    const std::string text = printed_text(page);
    if (text.find(headers.document_id.text()) == std::string::npos) {
      return Error{ErrorCode::kDocumentIncomplete, "another document id than the header's"};
    }
    for (const InquiryMember& member : listed) {
      const std::string tag = subject_tag(transaction, member.handle);
      if (std::ranges::find(page.subject_tags, tag) == page.subject_tags.end()) continue;
      if (text.find(without_spaces(member.name.reveal())) == std::string::npos) {
        return Error{ErrorCode::kForeignDocument, "the page does not print the name of its tag"};
      }
    }
  }
  return ok();
}

Result<void> check_printed_id(std::string_view text, const IssuanceHeaders& headers) {
  constexpr std::string_view kLabel = "文書番号";
  int pages = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\f'), text.size());
    const std::string_view page = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t label = page.find(kLabel);
    if (label == std::string_view::npos || page.find(kLabel, label + 1) != std::string_view::npos) {
      return Error{ErrorCode::kDocumentIncomplete, "not one document id on each page"};
    }
    const std::string_view line = page.substr(label, page.find('\n', label) - label);
    if (line.find(headers.document_id.text()) == std::string_view::npos) {
      return Error{ErrorCode::kDocumentIncomplete, "another document id than the header's"};
    }
    ++pages;
  }
  if (pages != headers.sheets) {
    return Error{ErrorCode::kDocumentIncomplete, "not as many pages as sheets"};
  }
  return ok();
}

}  // namespace certrelay
