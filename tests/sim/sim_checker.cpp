#include "tests/sim/sim_checker.hpp"
#include "tests/support/render_samples.hpp"

#include <algorithm>

#include "firmware/kiosk/document_check.hpp"

namespace certrelay::testing {
namespace {

std::string text_of(const std::vector<TextRun>& runs) {
  std::string out;
  for (const auto& run : runs) out += run.text.reveal();
  return out;
}

SimCity::Version of(const RegisterVersion& version) {
  return {version.generation, version.sequence};
}

}  // namespace

void SimChecker::inquired(const SimVisit& visit) {
  const auto household = SimCity::household_of(visit.person);
  if (gone_.contains(household)) fail("INV-6 a deleted person's items were listed");
  const auto& members = visit.inquiry.members;
  bool same = members.size() == SimCity::members_of(household);
  for (std::size_t i = 0; same && i < members.size(); ++i) {
    same = members[i].name.reveal() == SimCity::name_of(household * 10 + i + 1);
  }
  if (!same) fail("INV-3 the inquiry lists others than the card's household");
}

void SimChecker::delivered(const SimVisit& visit, const HttpAnswer& answer, SteadyTime sent,
                           SteadyTime now) {
  if (answer.body.empty()) return fail("INV-7 a document without a byte");
  const auto headers = parse_issuance_headers(answer.headers);
  if (!headers) return fail("INV-5 a document that does not say which register it came from");
  if (now - sent >= std::chrono::seconds(10)) fail("INV-2 a document after its deadline");
  const auto digest = sha256(ByteView(answer.body));
  const auto& id = headers.value().document_id;
  const auto known = documents_.find(visit.id);
  if (known != documents_.end()) {
    ++known->second.times;
    if (known->second.sha256 != digest) fail("INV-10 a repeat with other bytes");
  } else {
    documents_.emplace(visit.id, Document{digest, id, headers.value().register_version});
    if (!document_ids_.insert(std::string(id.text())).second) {
      fail("INV-1 two transactions have one document");
    }
  }
  check_household(SimCity::household_of(visit.person), headers.value());
  check_pages(visit, answer, headers.value());
}

void SimChecker::check_household(std::uint64_t household, const IssuanceHeaders& headers) {
  const auto version = of(headers.register_version);
  if (gone_.contains(household)) fail("INV-6 a certificate of somebody deleted");
  const auto floor = floor_.find(household);
  if (floor != floor_.end() && version < floor->second) {
    fail("INV-6 a certificate older than an acknowledged change");
  }
}

void SimChecker::check_pages(const SimVisit& visit, const HttpAnswer& answer,
                             const IssuanceHeaders& headers) {
  const auto tags = expected_tags(visit.id, visit.inquiry.members, visit.request.members);
  if (const auto whose = check_document(as_text(answer.body), headers, tags); !whose) {
    fail(whose.error().code == ErrorCode::kForeignDocument
             ? "INV-3 pages of somebody else"
             : "INV-4 pages that do not belong together");
  }
  if (!check_printed(answer.body, headers, visit.id, visit.inquiry.members)) {
    fail("INV-3 the names printed are not those that were chosen");
  }
  const auto document = read_back(answer.body);
  if (!document) return fail("INV-7 a document that cannot be read");
  const auto household = SimCity::household_of(visit.person);
  const auto* state = city_->at(of(headers.register_version));
  if (state == nullptr) return fail("INV-5 a version that the source system never made");
  const auto address = city_->address_of(household, of(headers.register_version));
  for (const auto& page : document.value().pages) {
    const auto text = text_of(page.values);
    if (text.find(address) == std::string::npos) {
      fail("INV-5 a page of another version than its answer says");
    }
    if (text.find(headers.document_id.text()) == std::string::npos) {
      fail("INV-4 a page without its document's id");
    }
    if (text.find("〓") != std::string::npos) fail("INV-13 a character was replaced");
  }
}

void SimChecker::acknowledged(std::uint64_t household, SimCity::Version version, bool deleted) {
  floor_[household] = version;
  if (deleted) gone_.insert(household);
}

void SimChecker::swapped(SimCity::Version version) {
  for (std::uint64_t household = 1; household <= SimCity::kHouseholds; ++household) {
    floor_[household] = version;
  }
}

void SimChecker::foreign_asked(int status) {
  if (status < 400) fail("INV-10 another peer was answered");
}
void SimChecker::opened_again(int status) {
  if (status < 400) fail("INV-10 a used id was opened again");
}
void SimChecker::second_instance(ErrorCode refusal) {
  if (refusal == ErrorCode::kNone) fail("INV-8 a second instance has the ledger");
}
void SimChecker::alarm_seen(bool latched) {
  if (latched) fail("INV-9 an alarm without a cause");
}
void SimChecker::alarm_gone_by_itself() { fail("INV-9 an alarm was cleared by nobody"); }

void SimChecker::ended(const std::vector<Entry>& ledger) {
  std::map<TransactionId, const Entry*> intents;
  std::set<TransactionId> refused;
  for (const auto& entry : ledger) {
    if (!entry.transaction) continue;
    if (entry.kind == EntryKind::kProvisionIntent &&
        !intents.emplace(*entry.transaction, &entry).second) {
      fail("INV-10 two intents of one transaction");
    }
    if (entry.kind == EntryKind::kRefusal || entry.kind == EntryKind::kExpired) {
      refused.insert(*entry.transaction);
    }
  }
  for (const auto& [id, document] : documents_) {
    const auto intent = intents.find(id);
    if (intent == intents.end()) {
      fail("INV-2 a document without a durable intent");
      continue;
    }
    const auto& entry = *intent->second;
    if (entry.document != document.id || entry.document_sha256 != document.sha256) {
      fail("INV-1 the ledger names another document");
    }
    if (entry.register_version != document.version) {
      fail("INV-5 the ledger names another register version");
    }
    if (refused.contains(id)) fail("INV-2 a refused transaction delivered bytes");
  }
}

}  // namespace certrelay::testing
