#include "firmware/selftest/fictional_city.hpp"

#include <cstdio>

#include "protocol/base/check.hpp"
#include "relay/identity/certificate.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;

std::string digits(std::size_t number, int width) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*zu", width, number);
  return text;
}

RegisterDate date(std::string_view iso) { return RegisterDate::parse(iso).value(); }

PersonRecord member(std::size_t household, std::size_t order, const HouseholdId& home) {
  PersonRecord out{PersonId::parse(digits(household * 100 + order, 11)).value(), home};
  const bool head = order == 1;
  const auto number = digits(household, 3);
  out.order = static_cast<std::uint16_t>(order);
  out.name = PersonalText("見本　" + number + "の" + std::to_string(order));
  out.kana = PersonalText("ミホン");
  out.birth = date(head ? "1983-07-09" : "2019-05-18");
  out.sex = Sex::kFemale;
  out.sex_text = PersonalText("女");
  out.relation = head ? Relation::kHead : Relation::kChild;
  out.relation_text = PersonalText(head ? "世帯主" : "子");
  out.resident_since = date("2019-05-18");
  out.notified = date("2019-05-27");
  out.registered_domicile = PersonalText("見本県見本市" + number + "番地");
  out.register_head = PersonalText("見本　" + number + "の1");
  return out;
}

HouseholdView household(std::size_t number) {
  const auto id = HouseholdId::parse(digits(90'000'000 + number, 11)).value();
  const auto members = 1 + number % 5;
  std::vector<PersonRecord> people;
  for (std::size_t order = 1; order <= members; ++order) {
    people.push_back(member(number, order, id));
  }
  HouseholdView out{HouseholdRecord{id, people.front().person}, std::move(people)};
  out.household.address = PersonalText("見本県見本市見本町" + digits(number, 3) + "番地");
  out.household.member_count = static_cast<std::uint16_t>(members);
  out.household.head_name = out.members.front().name;
  return out;
}

Catalogue catalogue(const std::vector<CertificateKind>& kinds) {
  const auto purpose = PurposeCode::parse("GENERAL").value();
  Catalogue out;
  out.purposes.push_back({purpose, "一般"});
  for (const auto code : {kEntryHeadRelation, kEntryDomicile, kEntryForeignItems}) {
    out.entries.push_back({EntryCode::parse(code).value(), "記載", false, true});
  }
  for (const auto kind : kinds) {
    out.kinds.push_back({kind, "見本", true, false});
    FeeRecord fee{kind, purpose};
    fee.unit_price_yen = 200;
    fee.effective_from = JstDay{};
    out.fees.push_back(fee);
  }
  return out;
}

// The city's root and what every second card shares: RSA keys take long to make.
struct Mint {
  PkiAuthority root;
  PkiKey rsa;
  Validity validity;

  static Result<Mint> make(UtcTime now) {
    const Validity validity{now - hours(24 * 365), now + hours(24 * 365)};
    CERTRELAY_TRY(auto root_key, PkiKey::generate(PkiKeyKind::kRsa2048));
    CERTRELAY_TRY(auto rsa, PkiKey::generate(PkiKeyKind::kRsa2048));
    CERTRELAY_TRY(auto root, PkiAuthority::self_signed(jpki_root_spec(serial_from(1), validity),
                                                       std::move(root_key)));
    return Mint{std::move(root), std::move(rsa), validity};
  }

  // Both kinds of card that the wire knows, in turn.
  Result<FictionalCard> card(std::size_t number) const {
    const bool elliptic = number % 2 == 0;
    auto key = rsa;
    if (elliptic) {
      CERTRELAY_TRY(key, PkiKey::generate(PkiKeyKind::kEcP384));
    }
    const auto spec =
        jpki_card_spec("MIHON" + digits(number, 7), serial_from(1000 + number), validity);
    CERTRELAY_TRY(auto der, root.issue(spec, key));
    return FictionalCard{
        std::move(der), std::move(key),
        elliptic ? CardAlgorithm::kEcdsaP384Sha384 : CardAlgorithm::kRsaPkcs1Sha256};
  }
};

Result<std::unique_ptr<CardVerifier>> trust(const Mint& mint, UtcTime now) {
  CrlSpec spec;
  spec.number = 1;
  spec.this_update = now - hours(1);
  spec.next_update = now + hours(47);
  spec.entries = {{serial_from(7), now - hours(30), RevocationReason::kUnspecified}};
  CERTRELAY_TRY(auto crl, mint.root.issue_crl(spec));
  CardConfig config;
  config.roots = {mint.root.certificate_der()};
  config.crls = {std::move(crl)};
  return CardVerifier::load(std::move(config));
}

}  // namespace

Result<FictionalCity> FictionalCity::found(std::size_t households,
                                           const std::vector<CertificateKind>& kinds, UtcTime now) {
  CERTRELAY_CHECK(households >= 4 && households % 2 == 0 && households <= kFictionalHouseholdsMax &&
                  !kinds.empty());
  CERTRELAY_TRY(const auto mint, Mint::make(now));
  FictionalCity out;
  out.catalogue = ::certrelay::catalogue(kinds);
  for (std::size_t number = 1; number <= households; ++number) {
    CERTRELAY_TRY(auto card, mint.card(number));
    CERTRELAY_TRY(const auto parsed, parse_certificate(card.certificate));
    CardKey key{Bytes(parsed.issuer.begin(), parsed.issuer.end()),
                Bytes(parsed.serial.begin(), parsed.serial.end())};
    out.households.push_back(
        {household(number), std::move(card), std::move(key), "見本" + digits(number, 3) + "の"});
  }
  CERTRELAY_TRY(out.cards, trust(mint, now));
  return out;
}

}  // namespace certrelay
