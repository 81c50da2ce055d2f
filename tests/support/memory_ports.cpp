#include "tests/support/memory_ports.hpp"

#include <algorithm>
#include <cstdio>

#include "protocol/base/sha256.hpp"

namespace certrelay::testing {
namespace {

std::string eleven_digits(unsigned long number) {
  char text[16];
  std::snprintf(text, sizeof text, "%011lu", number);
  return text;
}

RegisterDate date(std::string_view iso) { return RegisterDate::parse(iso).value(); }

}  // namespace

Result<LinkedPerson> MemorySnapshot::find_card(const CardKey& card) const {
  const auto found = cards.find(card.serial);
  const bool under_another = !issuer_der.empty() && card.issuer_der != issuer_der;
  if (found == cards.end() || under_another) {
    return Error{ErrorCode::kUnknownCard, "memory register"};
  }
  return found->second;
}

Result<HouseholdView> MemorySnapshot::household_of(const PersonId& person) const {
  const bool displaced = looked_up_++ == displaced_at;
  for (std::size_t i = 0; i < households.size(); ++i) {
    for (const auto& member : households[i].members) {
      if (member.person != person) continue;
      auto out = households[displaced ? (i + 1) % households.size() : i];
      out.subjects.clear();
      for (const auto& one : out.members) out.subjects.push_back(pseudonym(one.person).value());
      return out;
    }
  }
  return Error{ErrorCode::kUnknownPerson, "memory register"};
}

Result<SubjectPseudonym> MemorySnapshot::pseudonym(const PersonId& person) const {
  const auto digest = sha256(person.text());
  SubjectPseudonym out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

Result<std::optional<IndividualNumber>> MemorySnapshot::individual_number(
    const PersonId& person) const {
  auto found = numbers.find(person);
  if (numbers_looked_up_++ == number_swapped_at && ++found == numbers.end()) {
    found = numbers.begin();
  }
  return found == numbers.end() ? std::optional<IndividualNumber>() : std::optional(found->second);
}

Result<std::shared_ptr<const RegisterSnapshot>> MemoryRegister::snapshot() const {
  if (!ready) return Error{ErrorCode::kRegisterNotReady, "memory register"};
  return std::shared_ptr<const RegisterSnapshot>(current);
}

RegisterState MemoryRegister::state() const {
  RegisterState out;
  out.version = current->register_version;
  out.reason = ready ? RegisterReason::kReady : RegisterReason::kNoRegister;
  return out;
}

Result<void> MemoryRegister::still_current(const RegisterVersion&, const HouseholdId&) const {
  if (household_changed) return Error{ErrorCode::kRegisterChanged, "memory register"};
  return ok();
}

boost::asio::awaitable<Result<LedgerSequence>> MemoryLedger::append(Entry entry, Guard guard) {
  if (!writable) co_return Error{ErrorCode::kLedgerNotWritable, "memory ledger"};
  if (before_order) before_order(entry);
  if (guard) {
    CERTRELAY_CO_TRY(guard());
  }
  entry.sequence = LedgerSequence(entries.size() + 1);
  if (doubted()) {
    entry.flags |= kEntryClockDoubted;
  } else {
    last_trusted_ = clock_.utc_now();
  }
  entry.utc = last_trusted_.value_or(clock_.utc_now());
  const auto sequence = entry.sequence;
  entries.push_back(std::move(entry));
  if (commit_takes.count() > 0) {
    co_await clock_.sleep_until(clock_.steady_now() + commit_takes);
  }
  co_return sequence;
}

Result<bool> MemoryLedger::knows_transaction(const TransactionId& id) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.transaction == id; });
}

Result<std::vector<Entry>> MemoryLedger::entries_of(const TransactionId& id) {
  std::vector<Entry> out;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(out),
               [&](const Entry& entry) { return entry.transaction == id; });
  return out;
}

Result<std::vector<Entry>> MemoryLedger::intents_on(JstDay day) {
  std::vector<Entry> out;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(out), [&](const Entry& entry) {
    return entry.kind == EntryKind::kProvisionIntent && jst_day(entry.utc) == day;
  });
  return out;
}

LedgerHealth MemoryLedger::health() const {
  LedgerHealth out;
  out.writable = writable;
  out.last = LedgerSequence(entries.size());
  out.clock_doubted = doubted();
  out.last_trusted_utc = last_trusted_;
  return out;
}

std::vector<EntryKind> MemoryLedger::kinds() const {
  std::vector<EntryKind> out;
  for (const auto& entry : entries) out.push_back(entry.kind);
  return out;
}

Bytes MemoryCards::sign(const Bytes& serial, ByteView payload) {
  const auto digest = Sha256().add(serial).add(payload).finish();
  return {digest.begin(), digest.end()};
}

Result<VerifiedCard> MemoryCards::verify(ByteView certificate, ByteView payload, ByteView signature,
                                         CardAlgorithm, UtcTime) const {
  const Bytes serial(certificate.begin(), certificate.end());
  const auto expected = sign(serial, payload);
  if (!std::equal(expected.begin(), expected.end(), signature.begin(), signature.end())) {
    return Error{ErrorCode::kCardSignature, "memory cards"};
  }
  VerifiedCard out;
  out.card.issuer_der = issuer_der;
  out.card.serial = serial;
  out.crl_number = 7;
  return out;
}

HouseholdView sample_household(unsigned number, std::size_t members) {
  const auto household = HouseholdId::parse(eleven_digits(90'000'000 + number)).value();
  const auto id_of = [&](std::size_t order) {
    return PersonId::parse(eleven_digits(number * 100UL + order)).value();
  };
  HouseholdView view{HouseholdRecord{household, id_of(1)}, {}};
  view.household.address =
      PersonalText("高知県土佐みなと市見本町" + std::to_string(number) + "番地");
  view.household.member_count = static_cast<std::uint16_t>(members);
  for (std::size_t order = 1; order <= members; ++order) {
    PersonRecord person{id_of(order), household};
    person.order = static_cast<std::uint16_t>(order);
    person.name = PersonalText("見本　" + std::to_string(number) + "の" + std::to_string(order));
    person.kana = PersonalText("ミホン");
    person.birth = date(order == 1 ? "1983-07-09" : "2019-05-18");
    person.sex = Sex::kFemale;
    person.sex_text = PersonalText("女");
    person.relation = order == 1 ? Relation::kHead : Relation::kChild;
    person.relation_text = PersonalText(order == 1 ? "世帯主" : "子");
    person.resident_since = date("2019-05-18");
    person.notified = date("2019-05-27");
    person.registered_domicile = PersonalText("高知県土佐みなと市見本町一番地");
    person.register_head = PersonalText("見本　" + std::to_string(number) + "の1");
    view.members.push_back(std::move(person));
  }
  view.household.head_name = view.members.front().name;
  return view;
}

Catalogue sample_catalogue() {
  const auto purpose = PurposeCode::parse("GENERAL").value();
  Catalogue out;
  out.kinds.push_back({CertificateKind::kJuminhyo, "住民票の写し", true, false});
  out.purposes.push_back({purpose, "一般"});
  for (const auto code : {kEntryHeadRelation, kEntryDomicile, kEntryForeignItems}) {
    out.entries.push_back({EntryCode::parse(code).value(), "記載", false, true});
  }
  FeeRecord fee{CertificateKind::kJuminhyo, purpose};
  fee.unit_price_yen = 200;
  fee.effective_from = parse_iso_day("2020-04-01").value();
  out.fees.push_back(fee);
  return out;
}

}  // namespace certrelay::testing
