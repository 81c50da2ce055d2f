// Why a check of /readyz is not ok, and what it warns of: English for machines, and the same in
// Japanese for `certrelayctl state`, from one table. No text carries personal data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certrelay {

// The order is the table's; nothing is stored, so it may change. From kLedgerCheck on: warnings,
// somebody must act, and nothing stops.
enum class HealthReason : std::uint8_t {
  kSelfTestRunning,
  kSelfTestFailed,
  kLedgerNotWritable,  // error number
  kClockDoubted,
  kRegisterNone,
  kRegisterTooOld,
  kRegisterClock,
  kRegisterGap,  // first and last missing change
  kCrl,
  kErasure,
  kAlarm,  // error number
  kIssuingStopped,
  kDecommission,
  kLedgerCheck,     // first bad entry, error number
  kReports,         // how many, kind and period of the first
  kAccounts,        // changes of password, reviews, unused accounts
  kRegisterAgeing,  // seconds since the last contact, seconds of the bound
  kQuarantine,      // households
  kSandbox,
  kFontsGone,
  kKeyFile,                // setting
  kDiskLow,                // MiB that are left
  kCertificateUnreadable,  // which
  kCertificateEnded,       // which
  kCertificateEnds,        // which, days left
};
inline constexpr std::size_t kHealthReasons = 25;

// How many values the text takes.
std::size_t health_holes(HealthReason reason);
// The English text, `values` in the order that the enumerator states.
// Precondition: as many as it states (CHECK).
std::string health_text(HealthReason reason, const std::vector<std::string>& values = {});
// The Japanese of such a text; the text itself where it is none (a newer relay's).
std::string health_words(std::string_view text);
// The text warns and stops nothing (注意, not 異常). False where it is not known.
bool health_warns(std::string_view text);

}  // namespace certrelay
