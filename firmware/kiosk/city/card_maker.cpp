#include "firmware/kiosk/city/card_maker.hpp"

#include <algorithm>

#include "firmware/kiosk/city/card_keys.hpp"
#include "firmware/kiosk/city/softcard.hpp"
#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/identity/certificate.hpp"
#include "relay/keys/demonstration.hpp"

namespace certrelay {
namespace {

using std::chrono::days;

constexpr int kCardDays = 5 * 365;   // 利用者証明用電子証明書: five birthdays
constexpr int kReplacedDays = 1500;  // since when they are on the list
constexpr int kCrlDays = 60;         // a demonstration outlives a day
// Of replaced cards' numbers: two million of them stay below 2^28, where the city's begin.
constexpr std::uint64_t kReplacedStep = 100;

Validity validity_of(const IssuedCard& card, JstDay today) {
  switch (card.plan.fate) {
    case CardFate::kExpired:
      return {jst_midnight(today - days(kCardDays + 10)), jst_midnight(today - days(10))};
    case CardFate::kNotYetValid:
      return {jst_midnight(today + days(10)), jst_midnight(today + days(kCardDays))};
    default:
      return {jst_midnight(card.issued), jst_midnight(card.issued + days(kCardDays))};
  }
}

Result<PkiAuthority> make_root(std::uint64_t number, JstDay today) {
  CERTRELAY_TRY(auto key, PkiKey::generate(PkiKeyKind::kRsa2048));
  const Validity validity{jst_midnight(today - days(6 * 365)), jst_midnight(today + days(3650))};
  auto spec = jpki_root_spec(serial_from(number), validity);
  // The real root's very name: this alone tells the two apart.
  spec.more.push_back({kDemonstrationOid, false, demonstration_comment()});
  return PkiAuthority::self_signed(spec, std::move(key));
}

class CardMaker {
 public:
  CardMaker(const std::vector<IssuedCard>& cards, JstDay today, PkiAuthority root,
            PkiAuthority forger)
      : cards_(cards), today_(today), root_(std::move(root)), forger_(std::move(forger)) {}

  // One softcard text a card. Errors: the first that any thread met.
  Result<std::vector<std::string>> make_all() {
    std::vector<Result<std::string>> made(cards_.size(), Error{ErrorCode::kInternal, "softcard"});
    CERTRELAY_TRY(const auto keys, make_card_keys(cards_.size()));
    for_each_in_parallel(cards_.size(), [&](std::size_t i) { made[i] = make(cards_[i], keys[i]); });
    std::vector<std::string> out;
    for (auto& text : made) {
      CERTRELAY_TRY(auto good, std::move(text));
      out.push_back(std::move(good));
    }
    return out;
  }

 private:
  Result<std::string> make(const IssuedCard& card, const PkiKey& key) const {
    const bool forged = card.plan.fate == CardFate::kForged;
    auto spec = jpki_card_spec("MIHON" + std::to_string(card.number), serial_from(card.number),
                               validity_of(card, today_));
    CERTRELAY_TRY(auto certificate, (forged ? forger_ : root_).issue(spec, key));
    CERTRELAY_TRY(auto pem, key.to_pkcs8_pem(""));
    return to_softcard_text({.certificate = std::move(certificate),
                             .algorithm = CardAlgorithm::kRsaPkcs1Sha256,
                             .private_key_pem = std::move(pem)});
  }

  const std::vector<IssuedCard>& cards_;
  JstDay today_;
  PkiAuthority root_;
  PkiAuthority forger_;
};

CrlSpec crl_spec(const std::vector<IssuedCard>& cards, int replaced, JstDay today) {
  CrlSpec spec{.number = 1,
               .this_update = jst_midnight(today),
               .next_update = jst_midnight(today + days(kCrlDays)),
               .entries = {},
               .more = {}};
  const auto revoked_at = jst_midnight(today - days(3));
  for (const auto& card : cards) {
    if (card.plan.fate == CardFate::kRevoked) {
      spec.entries.push_back(
          {serial_from(card.number), revoked_at, RevocationReason::kKeyCompromise});
    } else if (card.plan.fate == CardFate::kOnHold) {
      spec.entries.push_back(
          {serial_from(card.number), revoked_at, RevocationReason::kCertificateHold});
    }
  }
  // Numbers below 2^28 belong to no card of the city (source_tables.cpp counts from there).
  for (int i = 1; i <= replaced; ++i) {
    spec.entries.push_back({serial_from(static_cast<std::uint64_t>(i) * kReplacedStep),
                            jst_midnight(today - days(1 + i % kReplacedDays)),
                            RevocationReason::kUnspecified});
  }
  return spec;
}

std::string softcard_path(const IssuedCard& card, std::size_t& residents) {
  if (card.plan.role != "resident") return "cards/" + card.plan.role + ".json";
  const auto number = std::to_string(++residents);
  return "cards/resident-" + std::string(5 - std::min<std::size_t>(5, number.size()), '0') +
         number + ".json";
}

}  // namespace

Result<MadeCards> write_cards(CityFolder& folder, const std::vector<IssuedCard>& cards,
                              int replaced, JstDay today) {
  CERTRELAY_TRY(const auto root, make_root(1, today));
  CERTRELAY_TRY(auto forger, make_root(1, today));
  CERTRELAY_TRY(folder.write("pki/card-root.pem", root.certificate_pem()));
  CERTRELAY_TRY(const auto root_key, root.key().to_pkcs8_pem(""));
  CERTRELAY_TRY(folder.write("pki/card-root.key", root_key));
  CERTRELAY_TRY(const auto crl, root.issue_crl(crl_spec(cards, replaced, today)));
  CERTRELAY_TRY(folder.write("pki/card.crl", to_pem(crl, "X509 CRL")));
  CERTRELAY_TRY(const auto texts, CardMaker(cards, today, root, std::move(forger)).make_all());
  CERTRELAY_TRY(folder.make_folder("cards"));
  MadeCards out;
  CERTRELAY_TRY(const auto parsed, parse_certificate(root.certificate_der()));
  out.issuer_der.assign(parsed.subject.begin(), parsed.subject.end());
  std::size_t residents = 0;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const auto& plan = cards[i].plan;
    const auto path = softcard_path(cards[i], residents);
    CERTRELAY_TRY(folder.write(path, texts[i]));
    out.cast.push_back({.role = plan.role,
                        .card = path,
                        .person_id = plan.person ? std::string(plan.person->text()) : "",
                        .expected = plan.expected,
                        .reason = plan.reason});
  }
  return out;
}

}  // namespace certrelay
