// What a finished certificate must say, built from values that were read from the register again,
// through the card's link: never from the model that was rendered (INV-3).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/personal_text.hpp"
#include "protocol/base/register_date.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

struct ExpectedValue {
  enum class Kind : std::uint8_t { kText, kJapaneseDate, kWesternDate, kOmitted, kUnknown };
  Kind kind = Kind::kText;
  PersonalText text{};
  RegisterDate date{};

  static ExpectedValue of_text(PersonalText text) { return {Kind::kText, std::move(text), {}}; }
  static ExpectedValue japanese_date(RegisterDate date) {
    return {Kind::kJapaneseDate, {}, std::move(date)};
  }
  static ExpectedValue western_date(RegisterDate date) {
    return {Kind::kWesternDate, {}, std::move(date)};
  }
  static ExpectedValue omitted() { return {Kind::kOmitted, {}, {}}; }
  static ExpectedValue unknown() { return {Kind::kUnknown, {}, {}}; }
};

enum class PrintedItem : std::uint8_t {
  kName,
  kNameKana,
  kIndividualNumber,
  kResidentSince,
  kAddressSince,
  kNotified,
  kBirthDate,
  kSex,
  kRelation,
  kPreviousAddress,
  // Japanese residents
  kFormerSurnameKana,
  kFormerSurname,
  kRegisterHead,
  kRegisteredDomicile,
  // foreign residents
  kAliasKana,
  kAlias,
  kResidenceCardNumber,
  kNationality,
  kResidenceStatus,
  kResidenceCategory,
  kResidencePeriod,
  kResidenceExpiry,
};
inline constexpr std::size_t kPrintedItems = 22;

struct ExpectedPerson {
  std::string subject_tag;
  bool foreign = false;
  // An item that is not listed must be blank on the page. An item listed twice, or one of the
  // other kind of resident, never matches.
  std::vector<std::pair<PrintedItem, ExpectedValue>> items{};
  // 備考: each row's parts in order; a full-width space stands between them on the page.
  std::vector<std::vector<ExpectedValue>> remarks{};
};

// The printed seal of each page, where the configuration asks for it. Its names and dates are those
// of the page; whose signature it carries is for whoever holds the key to ask.
struct ExpectedSeal {
  CertificateKind kind;
  MunicipalityCode municipality;
};

struct ExpectedDocument {
  DocumentId document_id;
  std::array<std::uint8_t, 16> random_id{};
  bool demo = false;
  bool whole_household = false;
  JstDay issue_day{};
  PersonalText address{};
  ExpectedValue head_of_household{};
  std::vector<ExpectedPerson> persons{};  // in printed order
  std::optional<ExpectedSeal> seal{};     // absent: no page may carry one
};

}  // namespace certrelay
