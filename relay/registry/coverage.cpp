#include "relay/registry/coverage.hpp"

#include <array>
#include <cstdio>

#include "protocol/base/check.hpp"
#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

struct FaultWords {
  MemberGate gate;
  std::string_view rule;
  std::string_view mend;
};

FaultWords words_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kGlyphMissing:
      return {MemberGate::kGlyphMissing, "glyph-missing",
              "証明書のフォントにない文字です。文字を見直すか、窓口で交付してください。"};
    case ErrorCode::kTextTooLong:
      return {MemberGate::kTextTooLong, "text-too-long",
              "証明書の枠に入りません（文字数超過）。表記を見直すか、窓口で交付してください。"};
    case ErrorCode::kDateNotPrintable:
      return {MemberGate::kWindow, "date-not-printable",
              "元号で表せない日付です。_textの列に印字する文字を入れてください。"};
    default:
      return {MemberGate::kWindow, "not-printable",
              "印字できません。値を見直すか、窓口で交付してください。"};
  }
}

std::string code_points(const PrintFault& fault) {
  if (fault.code != ErrorCode::kGlyphMissing) return {};
  std::array<char, 32> text{};
  const auto base = static_cast<unsigned>(fault.base);
  const auto selector = static_cast<unsigned>(fault.selector);
  const int length =
      selector == 0 ? std::snprintf(text.data(), text.size(), "U+%04X: ", base)
                    : std::snprintf(text.data(), text.size(), "U+%04X U+%04X: ", base, selector);
  CERTRELAY_CHECK(length > 0 && static_cast<std::size_t>(length) < text.size());
  return text.data();
}

Diagnostic warning_of(const PrintFault& fault, Table table, std::uint64_t line, std::string id) {
  const auto words = words_of(fault.code);
  return {std::string(table_info(table).file),
          line,
          fault.column,
          words.rule,
          words.mend,
          fault.code,
          std::move(id),
          code_points(fault)};
}

// Open members only; the first fault names the gate.
std::uint64_t close_member(PersonRecord& member, const std::vector<PrintFault>& faults) {
  if (member.member_gate != MemberGate::kOpen || faults.empty()) return 0;
  member.member_gate = words_of(faults.front().code).gate;
  return 1;
}

}  // namespace

std::uint64_t close_unprintable(HouseholdRows& rows, const PrintCheckPort& check,
                                Diagnostics& diagnostics) {
  const auto faults = check.check(rows.household, rows.members);
  CERTRELAY_CHECK(faults.members.size() == rows.members.size());
  const std::string household(rows.household.household.text());
  for (const auto& fault : faults.address) {
    diagnostics.warn(warning_of(fault, Table::kHouseholds, rows.household_line, household));
  }
  for (const auto& fault : faults.head) {
    auto warning = warning_of(fault, Table::kHouseholds, rows.household_line, household);
    warning.mend = "世帯主を記載する証明書だけが端末で交付できません。表記を見直してください。";
    diagnostics.warn(std::move(warning));
  }
  std::uint64_t closed = 0;
  for (std::size_t i = 0; i < rows.members.size(); ++i) {
    auto& member = rows.members[i];
    if (member.member_gate != MemberGate::kOpen) continue;
    for (const auto& fault : faults.members[i]) {
      diagnostics.warn(warning_of(fault, Table::kPersons, rows.member_lines[i],
                                  std::string(member.person.text())));
    }
    closed += close_member(member, faults.members[i]);
    closed += close_member(member, faults.address);
  }
  return closed;
}

std::uint64_t close_unprintable(std::vector<HouseholdRows>& households, const PrintCheckPort& check,
                                Diagnostics& diagnostics) {
  std::uint64_t closed = 0;
  for (auto& rows : households) closed += close_unprintable(rows, check, diagnostics);
  return closed;
}

}  // namespace certrelay
