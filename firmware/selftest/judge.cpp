#include "firmware/selftest/judge.hpp"

#include <algorithm>

#include "protocol/wire/subject_tag.hpp"
#include "render/readback/read_back.hpp"

namespace certrelay {
namespace {

Error wrong(const char* where) { return {ErrorCode::kSelfTestFailed, where}; }

// Without U+0020 and U+3000: a wrapped name loses them at the line's end.
std::string squeezed(std::string_view text) {
  constexpr std::string_view kWide = "\u3000";
  std::string out;
  while (!text.empty()) {
    const std::size_t skipped = text.front() == ' ' ? 1 : text.starts_with(kWide) ? 3 : 0;
    if (skipped == 0) out += text.front();
    text.remove_prefix(std::max<std::size_t>(skipped, 1));
  }
  return out;
}

std::string printed_on(const ReadPage& page) {
  std::string out;
  for (const auto* runs : {&page.form, &page.values}) {
    for (const auto& run : *runs) out += squeezed(run.text.reveal());
  }
  return out;
}

struct ExpectedName {
  std::string tag;
  std::string name;
};

std::vector<ExpectedName> chosen_of(const TransactionId& transaction, const InquiryAnswer& inquiry,
                                    const IssuanceRequest& request, const FictionalHousehold& own) {
  std::vector<ExpectedName> out;
  for (std::size_t i = 0; i < inquiry.members.size(); ++i) {
    const auto& handle = inquiry.members.at(i).handle;
    if (std::ranges::find(request.members, handle) == request.members.end()) continue;
    out.push_back(
        {subject_tag(transaction, handle), squeezed(own.view.members.at(i).name.reveal())});
  }
  return out;
}

Result<void> judge_page(const ReadPage& page, const IssuanceHeaders& headers,
                        const std::vector<ExpectedName>& expected, const FictionalHousehold& own,
                        const FictionalCity& city) {
  const auto text = printed_on(page);
  const auto prints = [&](std::string_view words) { return text.find(words) != std::string::npos; };
  if (!prints(headers.document_id.text())) return wrong("self-test: a page of another document");
  if (!prints(squeezed(own.view.household.address.reveal()))) {
    return wrong("self-test: not the household's address");
  }
  for (const auto& one : expected) {
    const bool tagged = std::ranges::find(page.subject_tags, one.tag) != page.subject_tags.end();
    if (tagged && !prints(one.name)) return wrong("self-test: a tag without its person's name");
  }
  for (const auto& other : city.households) {
    if (&other != &own && prints(other.name_mark)) return wrong("self-test: another's name");
  }
  return ok();
}

}  // namespace

Result<void> judge_inquiry(const InquiryAnswer& answer, const FictionalHousehold& own) {
  const auto same = [](const InquiryMember& listed, const PersonRecord& person) {
    return listed.issuable && listed.name == person.name && listed.name_kana == person.kana;
  };
  const auto& members = own.view.members;
  if (!std::equal(answer.members.begin(), answer.members.end(), members.begin(), members.end(),
                  same)) {
    return wrong("self-test: another's household is listed");
  }
  return ok();
}

Result<void> judge_document(ByteView body, const IssuanceHeaders& headers,
                            const TransactionId& transaction, const InquiryAnswer& inquiry,
                            const IssuanceRequest& request, const FictionalHousehold& own,
                            const FictionalCity& city) {
  CERTRELAY_TRY(const auto document, read_stated_text(body));
  if (document.pages.empty() || document.pages.size() != static_cast<std::size_t>(headers.sheets)) {
    return wrong("self-test: not as many pages as sheets");
  }
  const auto expected = chosen_of(transaction, inquiry, request, own);
  std::vector<std::string> tags;
  for (const auto& page : document.pages) {
    if (page.subject_tags.empty()) return wrong("self-test: a page without a tag");
    tags.insert(tags.end(), page.subject_tags.begin(), page.subject_tags.end());
    CERTRELAY_TRY(judge_page(page, headers, expected, own, city));
  }
  const bool own_tags = std::equal(tags.begin(), tags.end(), expected.begin(), expected.end(),
                                   [](const auto& tag, const auto& one) { return tag == one.tag; });
  if (!own_tags) return wrong("self-test: tags of somebody else");
  return ok();
}

Result<void> judge_story(const std::vector<Entry>& story, const IssuanceHeaders& headers,
                         ByteView body) {
  const auto is_intent = [](const Entry& entry) {
    return entry.kind == EntryKind::kProvisionIntent;
  };
  const auto intent = std::ranges::find_if(story, is_intent);
  if (intent == story.end() || std::ranges::count_if(story, is_intent) != 1) {
    return wrong("self-test: a document without its one intent");
  }
  if (intent->document != headers.document_id || intent->document_sha256 != sha256(body)) {
    return wrong("self-test: the ledger names other bytes");
  }
  return ok();
}

Result<void> judge_late_story(const std::vector<Entry>& story) {
  if (story.empty() || story.back().kind != EntryKind::kRefusal ||
      story.back().reason != ErrorCode::kAnswerTooLate) {
    return wrong("self-test: a deadline that the ledger does not tell");
  }
  return ok();
}

}  // namespace certrelay
