#include "firmware/kiosk/wish.hpp"

#include <algorithm>
#include <charconv>

namespace certrelay {
namespace {

Error cannot(std::string_view where) { return {ErrorCode::kMalformed, where}; }

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    out.push_back(text.substr(0, comma));
    if (comma == text.size()) return out;
    text.remove_prefix(comma + 1);
  }
}

Result<std::vector<MemberHandle>> choose_members(const std::string& wish,
                                                 const InquiryAnswer& listed) {
  std::vector<MemberHandle> out;
  if (wish == "all") {
    for (const InquiryMember& member : listed.members) {
      if (member.issuable) out.push_back(member.handle);
    }
    if (out.empty()) return cannot("--members: nobody of the household can be chosen");
    return out;
  }
  if (wish == "self") {
    const auto self =
        std::ranges::find(listed.members, listed.identification_id, &InquiryMember::handle);
    if (self == listed.members.end()) {
      return cannot("--members self: the answer does not say who the applicant is; give numbers");
    }
    return std::vector{self->handle};
  }
  for (const std::string_view text : split(wish)) {
    std::size_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc{} || end != text.data() + text.size() || number < 1 ||
        number > listed.members.size()) {
      return cannot("--members: all, self, or numbers of listed members as in 1,3");
    }
    out.push_back(listed.members[number - 1].handle);
  }
  return out;
}

Result<std::vector<SelectedEntry>> choose_entries(const std::string& wish,
                                                  const InquiryAnswer& listed) {
  const std::vector<std::string_view> codes = split(wish);
  const bool by_code = wish != "default" && wish != "all" && wish != "none";
  std::size_t met = 0;
  std::vector<SelectedEntry> out;
  for (const InquiryEntry& entry : listed.entries) {
    bool include = entry.default_include;
    if (by_code) {
      include = std::ranges::find(codes, entry.code.text()) != codes.end();
      met += include ? 1 : 0;
    } else if (wish != "default" && entry.selectable) {
      include = wish == "all";
    }
    out.push_back({entry.code, include});
  }
  if (by_code && met != codes.size()) {
    return cannot("--entries: default, all, none, or codes that the inquiry lists");
  }
  return out;
}

}  // namespace

Result<IssuanceRequest> choose(const Wish& wish, const InquiryReply& inquiry) {
  const InquiryAnswer& listed = inquiry.answer;
  const auto purpose =
      wish.purpose.empty()
          ? listed.purposes.begin()
          : std::ranges::find(listed.purposes, wish.purpose,
                              [](const InquiryPurpose& p) { return p.code.text(); });
  if (purpose == listed.purposes.end()) return cannot("--purpose: not one that the inquiry lists");
  CERTRELAY_TRY(auto members, choose_members(wish.members, listed));
  CERTRELAY_TRY(auto entries, choose_entries(wish.entries, listed));
  return IssuanceRequest{std::move(members),     purpose->code, std::move(entries),
                         wish.individual_number, wish.copies,   inquiry.body_digest};
}

}  // namespace certrelay
