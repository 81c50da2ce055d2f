// The operators' calls that read the ledger: entries by query, a report, and what a done action
// left to be fetched. No residents' data: a person is a pseudonym at most.
#pragma once

#include "protocol/record/ledger_query.hpp"
#include "protocol/record/provision_history.hpp"

namespace certrelay {

// POST /v1/ledger/query
struct LedgerQueryRequest {
  StatedReason reason;   // 処理事由 (R35)
  LedgerQuery query;     // times in whole seconds
  LedgerSequence after;  // entries behind this one; 0 from the first
};

// Its answer: the entries that agree, ascending, as far as one call looks.
struct LedgerPage {
  std::vector<Entry> entries;
  std::optional<LedgerSequence> next;  // ask again behind this one; none: that was all
};
inline constexpr std::size_t kLedgerPageBytesMax = std::size_t{1024} * 1024;  // canonical bytes

// What ledger.subject leaves (R56): GET /v1/actions/{id}/results/0
struct SubjectHistory {
  std::vector<ProvisionLine> provisions;
  bool cut = false;  // more than kSubjectLinesMax; these are the newest
};
inline constexpr std::size_t kSubjectLinesMax = 4096;

// What ledger.export and ledger.incident leave (R45, R48): page 0 of their results. The pages after
// it, joined, are an export as protocol/record/FORMAT.md describes it.
struct ConfigurationMark {
  LedgerSequence entry;
  UtcTime at;
  std::optional<Digest> configuration;  // SHA-256 of the configuration file
  std::optional<BuildId> build;
};
struct ExportManifest {
  LedgerSequence first;
  LedgerSequence last;
  LedgerSequence entry;    // the export's own, written before
  JstDay retention_until;  // the last day on which the copy is to be kept
  // An incident's alone: the signed notes over the window, and what ran in it.
  std::vector<std::string> checkpoints;
  std::vector<ConfigurationMark> configurations;
};
inline constexpr std::size_t kManifestNotesMax = 1024;
inline constexpr std::size_t kManifestMarksMax = 1024;

// POST /v1/ledger/report
struct ReportRequest {
  StatedReason reason;
  std::string report;  // "monthly" ...
  std::string period;  // "2026-10" ...
  std::string format;  // "text", "csv", "pdf"
};

// Errors: see open_message.hpp.
Result<LedgerQueryRequest> decode_ledger_query_request(ByteView body);
Result<Bytes> encode(const LedgerQueryRequest& message);
Result<LedgerPage> decode_ledger_page(ByteView body);
// Precondition: at most kLedgerPageBytesMax of canonical bytes (else kLimitExceeded).
Result<Bytes> encode(const LedgerPage& message);
Result<SubjectHistory> decode_subject_history(ByteView body);
Result<Bytes> encode(const SubjectHistory& message);
Result<ExportManifest> decode_export_manifest(ByteView body);
Result<Bytes> encode(const ExportManifest& message);
Result<ReportRequest> decode_report_request(ByteView body);
Result<Bytes> encode(const ReportRequest& message);

}  // namespace certrelay
