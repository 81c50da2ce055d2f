// The table of an entry's fields, tag by tag: the one place that pairs numbers and members.
// Internal to protocol/record.
#pragma once

#include "protocol/record/entry.hpp"

namespace certrelay {

inline constexpr std::uint8_t kEntryVersion = 1;
// Tags from here on may occur several times in a row; the others once.
inline constexpr std::uint16_t kRepeatableTag = 0x8000;
inline constexpr std::uint16_t kSubjectTag = 0x8001;

// Calls visit(tag, optional member) in ascending order of tags. The numbers are append-only.
template <class AnyEntry, class Visit>
void visit_fields(AnyEntry& entry, Visit&& visit) {
  visit(0x0001, entry.peer);
  visit(0x0002, entry.role);
  visit(0x0003, entry.kiosk);
  visit(0x0004, entry.transaction);
  visit(0x0005, entry.certificate_kind);
  visit(0x0006, entry.incident);
  visit(0x0010, entry.operator_name);
  visit(0x0011, entry.approver);
  visit(0x0012, entry.terminal);
  visit(0x0013, entry.action);
  visit(0x0014, entry.stated_reason);
  visit(0x0015, entry.account);
  visit(0x0016, entry.action_id);
  visit(0x0020, entry.register_version);
  visit(0x0021, entry.crl_number);
  visit(0x0022, entry.artifact_sha256);
  visit(0x0023, entry.crl_issuer);
  visit(0x0030, entry.document);
  visit(0x0031, entry.document_sha256);
  visit(0x0032, entry.sheets);
  visit(0x0033, entry.copies);
  visit(0x0034, entry.fee_yen);
  visit(0x0035, entry.purpose);
  visit(0x0040, entry.event_id);
  visit(0x0041, entry.event);
  visit(0x0042, entry.occurred_at);
  visit(0x0043, entry.sheets_printed);
  visit(0x0044, entry.paid);
  visit(0x0045, entry.amount_yen);
  visit(0x0050, entry.count);
  visit(0x0051, entry.period_from);
  visit(0x0052, entry.period_until);
  visit(0x0053, entry.about);
  visit(0x0060, entry.tree_size);
  visit(0x0061, entry.tree_root);
  visit(0x0070, entry.build);
}

// Whether a field of that tag belongs in a member of Entry and not in Entry::others.
bool is_known_tag(std::uint16_t tag);

}  // namespace certrelay
