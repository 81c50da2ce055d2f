#include "protocol/record/entry_lines.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <concepts>

#include "protocol/base/json.hpp"
#include "protocol/record/entry_codec.hpp"

namespace certrelay {
namespace {

// In the order of visit_fields.
constexpr std::array<std::string_view, 36> kFields{
    "peer",        "listener",    "kiosk",           "transaction",
    "certificate", "incident",    "operator",        "approver",
    "terminal",    "action",      "stated_reason",   "account",
    "action_id",   "register",    "crl_number",      "artifact_sha256",
    "crl_issuer",  "document",    "document_sha256", "sheets",
    "copies",      "fee_yen",     "purpose",         "event_id",
    "event",       "occurred_at", "sheets_printed",  "paid",
    "amount_yen",  "count",       "period_from",     "period_until",
    "about",       "tree_size",   "tree_root",       "build"};

template <class Kind>
std::string text_of(const TextId<Kind>& value) {
  return std::string(value.text());
}
template <class Tag>
std::string text_of(const Uuid<Tag>& value) {
  return value.text();
}
std::string text_of(LedgerSequence value) { return std::to_string(value.value()); }
std::string text_of(UtcTime value) { return to_rfc3339_jst(value); }
std::string text_of(const Digest& value) { return to_hex(value); }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(const RegisterVersion& value) {
  return std::to_string(value.generation) + "." + std::to_string(value.sequence);
}
std::string text_of(std::unsigned_integral auto value) { return std::to_string(value); }
template <class T>
  requires std::is_enum_v<T>
std::string text_of(T value) {
  return std::string(to_text(value));
}

std::string flags_text(std::uint8_t flags) {
  constexpr std::array<std::pair<std::uint8_t, std::string_view>, 4> kFlags{
      {{kEntryClockDoubted, "clock_doubted"},
       {kEntryLate, "late"},
       {kEntryDemo, "demo"},
       {kEntryNumber, "individual_number"}}};
  std::string out;
  for (const auto& [bit, name] : kFlags) {
    if ((flags & bit) == 0) continue;
    if (!out.empty()) out += ' ';
    out += name;
  }
  return out;
}

std::string subjects_text(const std::vector<SubjectPseudonym>& subjects) {
  std::string out;
  for (const auto& subject : subjects) {
    if (!out.empty()) out += ' ';
    out += to_hex(subject);
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> fields_of(const Entry& entry) {
  std::vector<std::pair<std::string_view, std::string>> out{
      {"sequence", text_of(entry.sequence)},
      {"time", to_rfc3339_jst(entry.utc)},
      {"kind", entry.kind == EntryKind{} ? "" : std::string(to_text(entry.kind))}};
  if (entry.flags != 0) out.emplace_back("flags", flags_text(entry.flags));
  if (entry.reason != ErrorCode::kNone) {
    out.emplace_back("reason", std::to_string(static_cast<unsigned>(entry.reason)));
  }
  std::size_t at = 0;
  visit_fields(entry, [&](std::uint16_t, const auto& field) {
    const auto name = kFields.at(at++);
    if (field) out.emplace_back(name, text_of(*field));
  });
  if (!entry.subjects.empty()) out.emplace_back("subjects", subjects_text(entry.subjects));
  return out;
}

const std::vector<std::string_view>& field_names() {
  static const auto names = [] {
    std::vector<std::string_view> out{"sequence", "time", "kind", "flags", "reason"};
    out.insert(out.end(), kFields.begin(), kFields.end());
    out.emplace_back("subjects");
    return out;
  }();
  return names;
}

std::string to_json_line(const Entry& entry) {
  boost::json::object out;
  for (const auto& [name, text] : fields_of(entry)) out[name] = text;
  return to_json_text(out);
}

std::string csv_cell(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    out += '\'';
  }
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_heading() {
  std::string out;
  for (const auto name : field_names()) {
    if (!out.empty()) out += ',';
    out += name;
  }
  return out + "\r\n";
}

std::string to_csv_row(const Entry& entry) {
  const auto fields = fields_of(entry);
  std::string out;
  auto next = fields.begin();
  bool first = true;
  for (const auto name : field_names()) {
    if (!std::exchange(first, false)) out += ',';
    if (next == fields.end() || next->first != name) continue;
    out += csv_cell(next->second);
    ++next;
  }
  return out + "\r\n";
}

}  // namespace certrelay
