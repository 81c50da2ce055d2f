#include "protocol/wire/ledger_message.hpp"

#include "protocol/record/note.hpp"
#include "protocol/wire/operator_json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPageBodyMax = std::size_t{2} * 1024 * 1024;
constexpr std::size_t kPageEntriesMax = 65'536;
constexpr std::size_t kReportWordMax = 32;

template <class Id>
Result<std::optional<Id>> optional_id(JsonObject& in, std::string_view name) {
  if (!in.has(name)) return std::optional<Id>();
  CERTRELAY_TRY(auto id, id_field<Id>(in, name));
  return std::optional(std::move(id));
}

template <class Parse>
auto optional_parsed(JsonObject& in, std::string_view name, Parse parse)
    -> Result<std::optional<std::decay_t<decltype(parse(std::string_view{}).value())>>> {
  using Value = std::decay_t<decltype(parse(std::string_view{}).value())>;
  if (!in.has(name)) return std::optional<Value>();
  CERTRELAY_TRY(const auto value, parsed_field(in, name, parse));
  return std::optional<Value>(value);
}

Result<LedgerSequence> sequence_field(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(const auto number, number_field<std::uint64_t>(in, name, 0, kJsonIntegerMax));
  return LedgerSequence(number);
}

Result<LedgerQuery> read_query(JsonObject& in) {
  LedgerQuery out;
  CERTRELAY_TRY(out.transaction, optional_id<TransactionId>(in, "transaction"));
  CERTRELAY_TRY(out.document, optional_id<DocumentId>(in, "document"));
  CERTRELAY_TRY(out.kiosk, optional_id<KioskId>(in, "kiosk"));
  CERTRELAY_TRY(out.from, optional_time_field(in, "from"));
  CERTRELAY_TRY(out.until, optional_time_field(in, "until"));
  CERTRELAY_TRY(out.outcome, optional_parsed(in, "outcome", parse_entry_outcome));
  return out;
}

Result<Entry> read_entry(const boost::json::value& element) {
  if (!element.is_string()) return Error{ErrorCode::kWrongType, "page: entry"};
  CERTRELAY_TRY(const auto bytes, from_base64(std::string_view(element.get_string())));
  return decode_entry(bytes);
}

Result<ProvisionLine> read_provision(JsonObject& in) {
  ProvisionLine out{};
  CERTRELAY_TRY(out.at, time_field(in, "at"));
  CERTRELAY_TRY(out.what, parsed_field(in, "what", parse_provision_what));
  CERTRELAY_TRY(out.result, parsed_field(in, "result", parse_provision_result));
  CERTRELAY_TRY(out.peer, optional_id<PeerName>(in, "peer"));
  CERTRELAY_TRY(out.kiosk, optional_id<KioskId>(in, "kiosk"));
  CERTRELAY_TRY(out.kind, optional_parsed(in, "certificate", parse_certificate_kind));
  CERTRELAY_TRY(out.document, optional_id<DocumentId>(in, "document"));
  return out;
}

boost::json::object provision_object(const ProvisionLine& line) {
  boost::json::object out{{"at", to_rfc3339_jst(line.at)},
                          {"what", to_text(line.what)},
                          {"result", to_text(line.result)}};
  if (line.peer) out["peer"] = line.peer->text();
  if (line.kiosk) out["kiosk"] = line.kiosk->text();
  if (line.kind) out["certificate"] = to_text(*line.kind);
  if (line.document) out["document"] = line.document->text();
  return out;
}

// A signed note has line feeds, so it is no text for a screen.
Result<std::string> read_note(const boost::json::value& element) {
  if (!element.is_string()) return Error{ErrorCode::kWrongType, "manifest: note"};
  std::string note(element.get_string());
  CERTRELAY_TRY(parse_note(note));
  return note;
}

Result<ConfigurationMark> read_mark(JsonObject& in) {
  ConfigurationMark out{};
  CERTRELAY_TRY(out.entry, sequence_field(in, "entry"));
  CERTRELAY_TRY(out.at, time_field(in, "at"));
  if (in.has("configuration")) {
    CERTRELAY_TRY(out.configuration, base64_array_field<32>(in, "configuration"));
  }
  CERTRELAY_TRY(out.build, optional_id<BuildId>(in, "build"));
  return out;
}

boost::json::object mark_object(const ConfigurationMark& mark) {
  boost::json::object out{{"entry", mark.entry.value()}, {"at", to_rfc3339_jst(mark.at)}};
  if (mark.configuration) out["configuration"] = to_base64(*mark.configuration);
  if (mark.build) out["build"] = mark.build->text();
  return out;
}

Result<void> check_report(const ReportRequest& message) {
  for (const auto* word : {&message.report, &message.period, &message.format}) {
    CERTRELAY_TRY(check_text(*word, 1, kReportWordMax));
  }
  return ok();
}

}  // namespace

Result<LedgerQueryRequest> decode_ledger_query_request(ByteView body) {
  return decode_body<LedgerQueryRequest>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<LedgerQueryRequest> {
        CERTRELAY_TRY(auto reason, id_field<StatedReason>(in, "reason"));
        CERTRELAY_TRY(auto query, read_query(in));
        CERTRELAY_TRY(const auto after, sequence_field(in, "after"));
        CERTRELAY_TRY(check(query));
        return LedgerQueryRequest{std::move(reason), std::move(query), after};
      });
}

Result<Bytes> encode(const LedgerQueryRequest& message) {
  const auto& query = message.query;
  CERTRELAY_TRY(check(query));
  boost::json::object out{{"reason", message.reason.text()}};
  if (query.transaction) out["transaction"] = query.transaction->text();
  if (query.document) out["document"] = query.document->text();
  if (query.kiosk) out["kiosk"] = query.kiosk->text();
  for (const auto& [name, time] :
       {std::pair("from", query.from), std::pair("until", query.until)}) {
    if (!time) continue;
    CERTRELAY_TRY(check_time(*time));
    out[name] = to_rfc3339_jst(*time);
  }
  if (query.outcome) out["outcome"] = to_text(*query.outcome);
  out["after"] = message.after.value();
  return to_body(out);
}

Result<LedgerPage> decode_ledger_page(ByteView body) {
  return decode_body<LedgerPage>(body, kPageBodyMax, [](JsonObject& in) -> Result<LedgerPage> {
    LedgerPage out;
    CERTRELAY_TRY(out.entries, list_field<Entry>(in, "entries", kPageEntriesMax, read_entry));
    if (in.has("next")) {
      CERTRELAY_TRY(out.next, sequence_field(in, "next"));
    }
    return out;
  });
}

Result<Bytes> encode(const LedgerPage& message) {
  boost::json::array entries;
  std::size_t size = 0;
  for (const auto& entry : message.entries) {
    CERTRELAY_TRY(const auto bytes, encode(entry));
    size += bytes.size();
    entries.emplace_back(to_base64(bytes));
  }
  if (size > kLedgerPageBytesMax) return Error{ErrorCode::kLimitExceeded, "page: entries"};
  boost::json::object out{{"entries", std::move(entries)}};
  if (message.next) out["next"] = message.next->value();
  return to_body(out);
}

Result<SubjectHistory> decode_subject_history(ByteView body) {
  return decode_body<SubjectHistory>(
      body, kPageBodyMax, [](JsonObject& in) -> Result<SubjectHistory> {
        SubjectHistory out;
        CERTRELAY_TRY(out.provisions, objects_field<ProvisionLine>(
                                          in, "provisions", kSubjectLinesMax, read_provision));
        CERTRELAY_TRY(out.cut, in.boolean("cut"));
        return out;
      });
}

Result<Bytes> encode(const SubjectHistory& message) {
  CERTRELAY_TRY(check_count(message.provisions.size(), 0, kSubjectLinesMax));
  return to_body(boost::json::object{
      {"provisions", to_array_of(message.provisions, provision_object)}, {"cut", message.cut}});
}

Result<ExportManifest> decode_export_manifest(ByteView body) {
  return decode_body<ExportManifest>(
      body, kPageBodyMax, [](JsonObject& in) -> Result<ExportManifest> {
        ExportManifest out{};
        CERTRELAY_TRY(out.first, sequence_field(in, "first"));
        CERTRELAY_TRY(out.last, sequence_field(in, "last"));
        CERTRELAY_TRY(out.entry, sequence_field(in, "entry"));
        CERTRELAY_TRY(out.retention_until, parsed_field(in, "retention_until", parse_iso_day));
        CERTRELAY_TRY(out.checkpoints,
                      list_field<std::string>(in, "checkpoints", kManifestNotesMax, read_note));
        CERTRELAY_TRY(out.configurations, objects_field<ConfigurationMark>(
                                              in, "configurations", kManifestMarksMax, read_mark));
        return out;
      });
}

Result<Bytes> encode(const ExportManifest& message) {
  CERTRELAY_TRY(check_count(message.checkpoints.size(), 0, kManifestNotesMax));
  CERTRELAY_TRY(check_count(message.configurations.size(), 0, kManifestMarksMax));
  boost::json::array notes;
  for (const auto& note : message.checkpoints) notes.emplace_back(note);
  return to_body(
      boost::json::object{{"first", message.first.value()},
                          {"last", message.last.value()},
                          {"entry", message.entry.value()},
                          {"retention_until", to_iso_day(message.retention_until)},
                          {"checkpoints", std::move(notes)},
                          {"configurations", to_array_of(message.configurations, mark_object)}});
}

Result<ReportRequest> decode_report_request(ByteView body) {
  return decode_body<ReportRequest>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<ReportRequest> {
        CERTRELAY_TRY(auto reason, id_field<StatedReason>(in, "reason"));
        CERTRELAY_TRY(auto report, plain_text_field(in, "report"));
        CERTRELAY_TRY(auto period, plain_text_field(in, "period"));
        CERTRELAY_TRY(auto format, plain_text_field(in, "format"));
        ReportRequest out{std::move(reason), std::move(report), std::move(period),
                          std::move(format)};
        CERTRELAY_TRY(check_report(out));
        return out;
      });
}

Result<Bytes> encode(const ReportRequest& message) {
  CERTRELAY_TRY(check_report(message));
  return to_body(boost::json::object{{"reason", message.reason.text()},
                                     {"report", message.report},
                                     {"period", message.period},
                                     {"format", message.format}});
}

}  // namespace certrelay
