#include "relay/registry/erasure/decommission.hpp"

#include <chrono>

#include "relay/registry/erasure/named_line.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kBegunFile = "/decommission.begun";
constexpr std::string_view kRecordFile = "/DECOMMISSIONED";
constexpr std::string_view kLedgerBegunFile = "/decommission.ledger";
constexpr std::string_view kLedgerGone = "ledger: ";
constexpr std::size_t kRecordBytesMax = 64 * 1024;

std::string begun_path(const std::string& state) { return state + std::string(kBegunFile); }
std::string record_path(const std::string& state) { return state + std::string(kRecordFile); }
std::string ledger_begun_path(const std::string& state) {
  return state + std::string(kLedgerBegunFile);
}

Result<bool> is_there(Files& files, const std::string& path) {
  const auto info = files.info(path);
  if (info) return true;
  if (info.error().code == ErrorCode::kNotFound) return false;
  return info.error();
}

// Empties a folder; the folder stays. Returns how many files it had.
Result<std::uint64_t> empty_folder(Files& files, const std::string& folder) {
  CERTRELAY_TRY(const bool there, is_there(files, folder));
  if (!there) return std::uint64_t{0};
  CERTRELAY_TRY(const auto names, files.list(folder));
  std::uint64_t count = 0;
  for (const auto& name : names) {
    const auto path = folder + "/" + name;
    CERTRELAY_TRY(const auto info, files.info(path));
    if (info.kind == FileInfo::Kind::kFolder) {
      CERTRELAY_TRY(const auto inner, empty_folder(files, path));
      count += inner;
      continue;
    }
    CERTRELAY_TRY(files.overwrite_and_remove(path));
    ++count;
  }
  CERTRELAY_TRY(files.sync_folder(folder));
  return count;
}

// Before anything is removed: with the roots everything else is dead.
Result<void> destroy_roots(Files& files, const DecommissionSettings& settings, OuterKey& outer) {
  CERTRELAY_TRY(const bool there, is_there(files, settings.root_slots));
  if (!there) return ok();
  auto roots = RootSlots::open(files, settings.root_slots, settings.rule, outer);
  if (roots) return roots.value().destroy_all();
  const auto why = roots.error().code;
  // A former attempt got that far, or took the outer key's file already.
  const bool gone =
      why == ErrorCode::kNoRootKey || (!outer.destroys() && why == ErrorCode::kNotFound);
  if (!gone) return roots.error();
  return ok();
}

// The words of NIST SP 800-88 Rev. 1, appendix G. What a program cannot know is left to a hand.
std::string record_of(const DecommissionSettings& settings, std::string_view begun,
                      const OuterKey& outer, UtcTime now) {
  std::string out = "Certificate of Sanitization (NIST SP 800-88 Rev. 1)\n";
  out.append(begun);
  put_named_line(out, "finished at", to_rfc3339_jst(now));
  put_named_line(out, "media type", "");
  put_named_line(out, "make, model and serial number", "");
  put_named_line(out, "data", "residents' records, their keys, the card index, received extracts");
  put_named_line(out, "data backed up", "no (the extract is never backed up)");
  put_named_line(out, "sanitization method", "Purge");
  put_named_line(
      out, "method used",
      outer.destroys()
          ? "Cryptographic Erase (AES-256-GCM): keys destroyed in the token; files overwritten"
          : "Cryptographic Erase (AES-256-GCM): keys overwritten in place; files overwritten");
  put_named_line(out, "tool", settings.program);
  put_named_line(out, "verification method", "read back, every file");
  put_named_line(out, "post-sanitization classification", "");
  put_named_line(out, "media destination", "");
  put_named_line(out, "validated by (name, date, signature)", "");
  return out;
}

}  // namespace

Result<Decommissioned> decommission_state(Files& files, const std::string& state_folder) {
  CERTRELAY_TRY(const bool begun, is_there(files, begun_path(state_folder)));
  CERTRELAY_TRY(const bool done, is_there(files, record_path(state_folder)));
  if (!done) return begun ? Decommissioned::kBegun : Decommissioned::kNo;
  CERTRELAY_TRY(const auto record, files.read_all(record_path(state_folder), kRecordBytesMax));
  const auto line_start = "\n" + std::string(kLedgerGone);
  const bool whole = as_text(record).find(line_start) != std::string_view::npos;
  return whole ? Decommissioned::kWhole : Decommissioned::kResidents;
}

Result<void> begin_decommission(Files& files, const DecommissionSettings& settings,
                                const ErasureOrder& order, UtcTime now) {
  CERTRELAY_TRY(const auto state, decommission_state(files, settings.state_folder));
  if (state != Decommissioned::kNo) return Error{ErrorCode::kDecommissioned, "decommission"};
  std::string text;
  put_named_line(text, "ordered at", to_rfc3339_jst(now));
  put_named_line(text, "ordered by", order.operator_name.text());
  put_named_line(text, "approved by", order.approver.text());
  put_named_line(text, "reason", order.reason.text());
  return files.write_durably(begun_path(settings.state_folder), as_bytes(text));
}

Result<std::string> sanitise(Files& files, const DecommissionSettings& settings, OuterKey& outer,
                             UtcTime now) {
  CERTRELAY_TRY(const auto state, decommission_state(files, settings.state_folder));
  if (state == Decommissioned::kNo) return Error{ErrorCode::kNotYetSanitised, "decommission"};
  const auto record = record_path(settings.state_folder);
  if (state == Decommissioned::kBegun) {
    CERTRELAY_TRY(const auto begun,
                  files.read_all(begun_path(settings.state_folder), kRecordBytesMax));
    CERTRELAY_TRY(destroy_roots(files, settings, outer));
    for (const auto& folder : settings.folders) {
      CERTRELAY_TRY(empty_folder(files, folder));
    }
    if (settings.outer_key) {
      CERTRELAY_TRY(files.overwrite_and_remove(*settings.outer_key));
      CERTRELAY_TRY(files.sync_folder(folder_of(*settings.outer_key)));
    }
    CERTRELAY_TRY(
        files.write_durably(record, as_bytes(record_of(settings, as_text(begun), outer, now))));
  }
  CERTRELAY_TRY(const auto bytes, files.read_all(record, kRecordBytesMax));
  return std::string(as_text(bytes));
}

Result<void> destroy_ledger(Files& files, const DecommissionSettings& settings,
                            const std::string& ledger_folder, const LedgerTakeOver& take_over,
                            UtcTime now) {
  CERTRELAY_TRY(const auto state, decommission_state(files, settings.state_folder));
  if (state == Decommissioned::kWhole) return Error{ErrorCode::kDecommissioned, "ledger"};
  if (state != Decommissioned::kResidents) return Error{ErrorCode::kNotYetSanitised, "ledger"};
  const bool copied =
      take_over.copy_size == take_over.own_size && take_over.copy_root == take_over.own_root;
  const std::chrono::year_month_day last(jst_day(take_over.last_entry));
  // A record of 29 February is kept until the 1st of March.
  const auto kept_until = std::chrono::local_days(last + kLedgerYears) + std::chrono::days(1);
  const bool expired = jst_day(now) > kept_until;
  if (!copied && !expired) return Error{ErrorCode::kTakeOverMissing, "ledger"};
  std::string text(kLedgerGone);
  text.append(copied ? "taken over, " : "past its five years, ")
      .append(std::to_string(take_over.own_size))
      .append(" entries, root ")
      .append(to_hex(take_over.own_root))
      .append(", destroyed at ")
      .append(to_rfc3339_jst(now))
      .append("\n");
  // From here on the ledger cannot be compared any more: what was found is kept first.
  CERTRELAY_TRY(files.write_durably(ledger_begun_path(settings.state_folder), as_bytes(text)));
  CERTRELAY_TRY(resume_ledger_destruction(files, settings, ledger_folder));
  return ok();
}

Result<bool> resume_ledger_destruction(Files& files, const DecommissionSettings& settings,
                                       const std::string& ledger_folder) {
  const auto begun = ledger_begun_path(settings.state_folder);
  CERTRELAY_TRY(const bool there, is_there(files, begun));
  if (!there) return false;
  CERTRELAY_TRY(const auto found, files.read_all(begun, kRecordBytesMax));
  CERTRELAY_TRY(const auto state, decommission_state(files, settings.state_folder));
  if (state != Decommissioned::kWhole) {
    CERTRELAY_TRY(empty_folder(files, ledger_folder));
    const auto path = record_path(settings.state_folder);
    CERTRELAY_TRY(const auto before, files.read_all(path, kRecordBytesMax));
    const auto text = std::string(as_text(before)).append(as_text(found));
    CERTRELAY_TRY(files.write_durably(path, as_bytes(text)));
  }
  CERTRELAY_TRY(files.remove(begun));
  CERTRELAY_TRY(files.sync_folder(settings.state_folder));
  return true;
}

}  // namespace certrelay
