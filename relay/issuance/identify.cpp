// Open and inquiry: from a card's signature to a household whose gates are open.
#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/issuance/gates.hpp"
#include "relay/issuance/household_look_up.hpp"
#include "relay/issuance/tokens.hpp"
#include "render/form/eras.hpp"

namespace certrelay {
namespace {

// The price of each purpose on that day: the latest that does not lie ahead.
std::vector<Fee> fees_on(const Catalogue& catalogue, CertificateKind kind, JstDay day) {
  std::vector<Fee> out;
  for (const auto& purpose : catalogue.purposes) {
    const FeeRecord* in_force = nullptr;
    for (const auto& fee : catalogue.fees) {
      const bool ours = fee.kind == kind && fee.purpose == purpose.purpose;
      if (!ours || fee.effective_from > day) continue;
      if (in_force == nullptr || in_force->effective_from < fee.effective_from) in_force = &fee;
    }
    if (in_force == nullptr) continue;
    out.push_back(
        {purpose.purpose, in_force->unit_price_yen, in_force->unit, in_force->effective_from});
  }
  return out;
}

std::vector<ListedMember> list_members(const HouseholdView& view, Entropy& entropy) {
  std::vector<ListedMember> out;
  out.reserve(view.members.size());
  for (const auto& member : view.members) {
    out.push_back({random_bytes<16>(entropy), member.person, member_open(member)});
  }
  return out;
}

// A card without a link: whether its serial is one of another pinned issuer's, which must never
// count for this one.
ErrorCode why_not_linked(ErrorCode reason, const CardKey& card, const CardPort& cards,
                         const RegisterSnapshot& snapshot) {
  if (reason != ErrorCode::kUnknownCard) return reason;
  for (const auto& issuer : cards.health().issuers) {
    if (issuer.issuer_der == card.issuer_der) continue;
    if (snapshot.find_card({issuer.issuer_der, card.serial})) {
      return ErrorCode::kSerialOfAnotherIssuer;
    }
  }
  return reason;
}

// The words that the page would print. What cannot be printed (no era covers the date, the words
// are longer than any cell) closes that member; the screen then shows the register's figures.
PersonalText birth_words(const PersonRecord& record, const std::vector<Era>& eras) {
  const bool foreign = record.resident_class == ResidentClass::kForeign;
  const auto calendar = foreign ? Calendar::kWestern : Calendar::kJapanese;
  auto words = date_words(record.birth, calendar, eras, "birth_date");
  const bool fits = words && words.value().size() <= kBirthTextBytesMax;
  return PersonalText(fits ? std::move(words).value() : record.birth.iso());
}

}  // namespace

OpenedTransaction OpenedTransaction::open(TransactionHead head, MunicipalityCode municipality,
                                          UtcTime expires_at, const CardChallenge& challenge) {
  auto payload = card_payload_bytes({.municipality = std::move(municipality),
                                     .transaction = head.id,
                                     .kiosk = head.kiosk,
                                     .kind = head.kind,
                                     .expires_at = expires_at,
                                     .peer = head.peer,
                                     .challenge = challenge});
  return {std::move(head), std::move(payload)};
}

Result<IdentifiedApplicant> IdentifiedApplicant::identify(
    OpenedTransaction opened, const InquiryRequest& request, const CardPort& cards,
    std::shared_ptr<const RegisterSnapshot> snapshot, UtcTime now, Entropy& entropy,
    StepTrace& trace) {
  trace.version = snapshot->version();
  CERTRELAY_TRY(auto card, cards.verify(request.card_certificate, opened.signed_payload(),
                                        request.signature, request.algorithm, now));
  trace.crl_number = card.crl_number;
  const auto today = jst_day(now);
  auto found = snapshot->find_card(card.card);
  if (!found) return Error{why_not_linked(found.error().code, card.card, cards, *snapshot), "link"};
  auto linked = std::move(found).value();
  auto household = look_up_household(*snapshot, linked.person, trace);
  if (today < linked.valid_from) return Error{ErrorCode::kLinkNotYetValid, "identify: link"};
  CERTRELAY_TRY(auto view, std::move(household));
  CERTRELAY_TRY(check_gates(view, linked.person, today));
  auto fees = fees_on(snapshot->catalogue(), opened.head().kind, today);
  if (fees.empty()) return Error{ErrorCode::kKindNotOffered, "identify: no price in force"};
  auto members = list_members(view, entropy);
  return IdentifiedApplicant(opened.head(), std::move(card), std::move(linked.person),
                             std::move(snapshot), std::move(view), std::move(members),
                             std::move(fees), today);
}

Result<InquiryAnswer> IdentifiedApplicant::answer(const std::vector<Era>& eras,
                                                  Entropy& entropy) const {
  const auto& catalogue = snapshot_->catalogue();
  const auto kind = std::find_if(catalogue.kinds.begin(), catalogue.kinds.end(),
                                 [&](const auto& known) { return known.kind == head_.kind; });
  if (kind == catalogue.kinds.end()) {
    return Error{ErrorCode::kKindNotOffered, "inquiry: not in the catalogue"};
  }
  InquiryAnswer out{.identification_id = random_bytes<16>(entropy),
                    .members = {},
                    .purposes = {},
                    .entries = {},
                    .individual_number_selectable = kind->individual_number,
                    .fees = fees_,
                    .menu_required = kind->inquiry,
                    .nonce = random_bytes<16>(entropy)};
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto& record = view_.members.at(i);
    CERTRELAY_CHECK(record.person == members_.at(i).person);
    const bool foreign = record.resident_class == ResidentClass::kForeign;
    out.members.push_back(
        {.handle = members_.at(i).handle,
         .issuable = members_.at(i).open,
         .resident_kind = foreign ? ResidentKind::kForeign : ResidentKind::kJapanese,
         .name_kana = record.kana,
         .name = record.name,
         .name_image = record.name_image,
         .birth_date = record.birth});
    out.members.back().birth_date.text = birth_words(record, eras);
  }
  for (const auto& purpose : catalogue.purposes) {
    out.purposes.push_back({purpose.purpose, purpose.name});
  }
  for (const auto& entry : catalogue.entries) {
    out.entries.push_back({entry.entry, entry.name, entry.included_by_default, entry.selectable});
  }
  return out;
}

}  // namespace certrelay
