// What a report needs of the ledger, and no more: its own days, not the years around them.
#pragma once

#include "relay/ledger/ledger_reading.hpp"
#include "relay/ledger/reports/report_maker.hpp"
#include "relay/ledger/start_state.hpp"

namespace certrelay {

struct ReportSource {
  LedgerSource entries;
  StorySource story;
  LedgerSequence last;
  StartState now;  // after `last`
};

// Makes the report of the maker's period. Reads the period; of what came later the signatures
// alone, each by its number. The daily list: the stories of what is open now, and of what ended
// after that day. Errors: the source's, decode_entry's.
Result<Report> read_report(ReportMaker maker, const ReportSource& source);

}  // namespace certrelay
