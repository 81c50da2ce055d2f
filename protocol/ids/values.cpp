#include "protocol/ids/values.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<CertificateKind, 2> kKinds{
    {{CertificateKind::kJuminhyo, "juminhyo"}, {CertificateKind::kKisaiJiko, "kisai_jiko"}}};
constexpr Names<CardAlgorithm, 2> kAlgorithms{
    {{CardAlgorithm::kRsaPkcs1Sha256, "rsa-pkcs1-sha256"},
     {CardAlgorithm::kEcdsaP384Sha384, "ecdsa-p384-sha384"}}};
constexpr Names<FeeUnit, 2> kFeeUnitNames{
    {{FeeUnit::kPerCopy, "per_copy"}, {FeeUnit::kPerSheet, "per_sheet"}}};
constexpr Names<Role, 4> kRoles{{{Role::kCenter, "center"},
                                 {Role::kRegistry, "registry"},
                                 {Role::kAdmin, "admin"},
                                 {Role::kMonitoring, "monitoring"}}};

}  // namespace

std::string_view to_text(CertificateKind kind) { return name_of(kKinds, kind); }
Result<CertificateKind> parse_certificate_kind(std::string_view text) {
  return value_of(kKinds, text, "certificate_kind");
}

std::string_view to_text(CardAlgorithm algorithm) { return name_of(kAlgorithms, algorithm); }
Result<CardAlgorithm> parse_card_algorithm(std::string_view text) {
  return value_of(kAlgorithms, text, "algorithm");
}

std::string_view to_text(FeeUnit unit) { return name_of(kFeeUnitNames, unit); }
Result<FeeUnit> parse_fee_unit(std::string_view text) {
  return value_of(kFeeUnitNames, text, "fee_unit");
}

std::string_view to_text(Role role) { return name_of(kRoles, role); }
Result<Role> parse_role(std::string_view text) { return value_of(kRoles, text, "role"); }

}  // namespace certrelay
