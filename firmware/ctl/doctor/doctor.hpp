// What is wrong with a site or soon will be, since when, and how to mend it: in Japanese, for
// whoever stands in front of the machine. Reads and changes nothing; no key, pass phrase or
// resident's data is in any text.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "firmware/daemon/config.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

enum class DoctorState : std::uint8_t {
  kFine,
  kSoon,     // nothing is wrong yet
  kFailed,   // now, or at the time that was asked about
  kUnknown,  // the relay does not answer
};

struct DoctorLine {
  std::string check;  // stable: "tls.center", "crl", "running"
  DoctorState state = DoctorState::kFine;
  std::string what;
  std::optional<UtcTime> since;  // of a failure; when it is not known: none
  std::string mend;              // empty when fine
};

struct DoctorQuestion {
  UtcTime now;
  std::optional<UtcTime> until;  // will it serve until then? now: does it serve?
  std::uint32_t owner = 0;       // uid that the relay's files must have (R33)
};

// The body of an answer of the monitoring listener, or why there is none.
using AskMonitoring = std::function<Result<std::string>(const std::string& path)>;

// Keys, certificates, lists, fonts, the state's folder: doctor_files.cpp, doctor_ends.cpp.
std::vector<DoctorLine> examine_files(const Config& config, Files& files,
                                      const DoctorQuestion& question);
// What the running relay says of itself, and until when its register may be used.
std::vector<DoctorLine> examine_running(const AskMonitoring& ask, const DoctorQuestion& question);

// Something that ends: `life` begins it, and the last quarter of it is soon (at most 30 days).
DoctorLine judge_end(std::string check, const std::string& thing, UtcTime begin, UtcTime end,
                     std::string mend, const DoctorQuestion& question);

// 1: something failed; 3: the relay does not answer and nothing else failed; 4: something will
// fail soon; 0: fine.
int exit_code_of(const std::vector<DoctorLine>& lines);
std::string doctor_text(const std::vector<DoctorLine>& lines);
std::string doctor_json(const std::vector<DoctorLine>& lines);

// What a check of /readyz is about and how to mend it; null for a newer relay's.
struct ReadyzWord {
  std::string_view name;
  std::string_view what;
  std::string_view mend;
};
const ReadyzWord* readyz_word(std::string_view name);

}  // namespace certrelay
