// The closed sets of what an operator's account says.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// What a person may be to the relay (R31). The deputy of R30 is a second account with kCenterHead.
enum class OperatorRole : std::uint8_t {
  kClerk = 1,              // 担当者
  kCityAdministrator = 2,  // 市の管理者
  kCenterHead = 3,         // 中央窓口センター長とその代理
  kAuditor = 4,            // 監査人: reads, changes nothing (R40)
  kVendor = 5,             // 委託事業者: never sees personal data (R37)
};
std::string_view to_text(OperatorRole role);
Result<OperatorRole> parse_operator_role(std::string_view text);
inline constexpr std::size_t kOperatorRoles = 5;

// Whose employee a person is (R34).
enum class Affiliation : std::uint8_t {
  kStaff = 1,       // 職員
  kDispatched = 2,  // 派遣
  kContractor = 3,  // 委託
  kSubcontract = 4  // 再委託
};
std::string_view to_text(Affiliation affiliation);
Result<Affiliation> parse_affiliation(std::string_view text);

}  // namespace certrelay
