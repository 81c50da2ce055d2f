// What certrelayctl shows of the ledger, and the spelling of its periods.
#pragma once

#include "protocol/wire/ledger_message.hpp"

namespace certrelay {

enum class EntryFormat : std::uint8_t { kText, kCsv, kJsonLines };
Result<EntryFormat> parse_entry_format(std::string_view text);
// What comes before the first entry; empty but for CSV.
std::string heading_of(EntryFormat format);
std::string line_of(const Entry& entry, EntryFormat format);

// A day in Japan or RFC 3339. A day as the end counts in.
Result<UtcTime> parse_from(std::string_view text);
Result<UtcTime> parse_until(std::string_view text);

std::string to_japanese(const SubjectHistory& history);
std::string to_japanese(const ExportManifest& manifest);

}  // namespace certrelay
