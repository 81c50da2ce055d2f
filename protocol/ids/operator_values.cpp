#include "protocol/ids/operator_values.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<OperatorRole, kOperatorRoles> kOperatorRoleNames{
    {{OperatorRole::kClerk, "clerk"},
     {OperatorRole::kCityAdministrator, "city_administrator"},
     {OperatorRole::kCenterHead, "center_head"},
     {OperatorRole::kAuditor, "auditor"},
     {OperatorRole::kVendor, "vendor"}}};

constexpr Names<Affiliation, 4> kAffiliations{{{Affiliation::kStaff, "staff"},
                                               {Affiliation::kDispatched, "dispatched"},
                                               {Affiliation::kContractor, "contractor"},
                                               {Affiliation::kSubcontract, "subcontract"}}};

}  // namespace

std::string_view to_text(OperatorRole role) { return name_of(kOperatorRoleNames, role); }
Result<OperatorRole> parse_operator_role(std::string_view text) {
  return value_of(kOperatorRoleNames, text, "operator role");
}

std::string_view to_text(Affiliation affiliation) { return name_of(kAffiliations, affiliation); }
Result<Affiliation> parse_affiliation(std::string_view text) {
  return value_of(kAffiliations, text, "affiliation");
}

}  // namespace certrelay
