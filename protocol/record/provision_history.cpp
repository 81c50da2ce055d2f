#include "protocol/record/provision_history.hpp"

#include <algorithm>
#include <map>

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

using What = ProvisionLine::What;
using Outcome = ProvisionLine::Result;

constexpr Names<What, 2> kWhats{{{What::kInquiry, "inquiry"}, {What::kCertificate, "certificate"}}};
constexpr Names<Outcome, 4> kResults{{{Outcome::kNone, "none"},
                                      {Outcome::kPrinted, "printed"},
                                      {Outcome::kNotPrinted, "not_printed"},
                                      {Outcome::kUnknown, "unknown"}}};

// What an entry says about a certificate that left before.
Outcome result_in(const Entry& entry) {
  if (entry.kind == EntryKind::kDeliveryUnknown || entry.kind == EntryKind::kResultMissing) {
    return Outcome::kUnknown;
  }
  if (entry.kind != EntryKind::kEvent || !entry.event) return Outcome::kNone;
  return entry.event == RecordedEvent::kPrinted ? Outcome::kPrinted : Outcome::kNotPrinted;
}

}  // namespace

std::string_view to_text(What what) { return name_of(kWhats, what); }
Result<What> parse_provision_what(std::string_view text) {
  return value_of(kWhats, text, "provision");
}
std::string_view to_text(Outcome result) { return name_of(kResults, result); }
Result<Outcome> parse_provision_result(std::string_view text) {
  return value_of(kResults, text, "provision result");
}

std::vector<ProvisionLine> provisions_to(const SubjectPseudonym& subject,
                                         const std::vector<Entry>& entries) {
  std::vector<ProvisionLine> out;
  std::map<TransactionId, std::size_t> certificates;  // its line
  for (const auto& entry : entries) {
    if (!entry.transaction) continue;
    const bool inquiry = entry.kind == EntryKind::kProvisionInquiry;
    const bool provision = inquiry || entry.kind == EntryKind::kProvisionIntent;
    if (provision && std::ranges::find(entry.subjects, subject) != entry.subjects.end()) {
      if (!inquiry) certificates[*entry.transaction] = out.size();
      out.push_back({.at = entry.utc,
                     .what = inquiry ? What::kInquiry : What::kCertificate,
                     .result = Outcome::kNone,
                     .peer = entry.peer,
                     .kiosk = entry.kiosk,
                     .kind = entry.certificate_kind,
                     .document = entry.document});
      continue;
    }
    const auto line = certificates.find(*entry.transaction);
    const auto result = result_in(entry);
    if (line != certificates.end() && result != Outcome::kNone) out[line->second].result = result;
  }
  return out;
}

}  // namespace certrelay
