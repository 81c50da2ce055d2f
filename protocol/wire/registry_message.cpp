#include "protocol/wire/registry_message.hpp"

#include "protocol/base/names.hpp"
#include "protocol/ids/text_id.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

// Two full lists of findings, every character escaped, fit (2 * 200 * 4 * 512 * 2 bytes), and
// beside them as many differences with the columns that the schema has.
constexpr std::size_t kReportBodyMax = std::size_t{2} * 1024 * 1024;

constexpr Names<ExtractState, 8> kExtractStates{
    {{ExtractState::kReceiving, "receiving"},
     {ExtractState::kBuilding, "building"},
     {ExtractState::kReady, "ready"},
     {ExtractState::kPendingApproval, "pending_approval"},
     {ExtractState::kScheduled, "scheduled"},
     {ExtractState::kActive, "active"},
     {ExtractState::kRejected, "rejected"},
     {ExtractState::kSuperseded, "superseded"}}};

Result<void> check_numbers(std::initializer_list<std::uint64_t> numbers) {
  for (const auto number : numbers) {
    if (number > kJsonIntegerMax) return Error{ErrorCode::kLimitExceeded, "registry: number"};
  }
  return ok();
}

Result<void> check(const std::vector<Finding>& findings) {
  CERTRELAY_TRY(check_count(findings.size(), 0, kFindingsMax));
  for (const auto& finding : findings) {
    CERTRELAY_TRY(check_text(finding.record, 1, kFindingTextBytesMax));
    CERTRELAY_TRY(check_text(finding.field, 0, kFindingTextBytesMax));
    CERTRELAY_TRY(check_text(finding.rule, 1, kFindingTextBytesMax));
    CERTRELAY_TRY(check_text(finding.mend, 0, kFindingTextBytesMax));
  }
  return ok();
}

Result<void> check_reason(std::string_view reason) {
  if (!is_text_of(reason, "abcdefghijklmnopqrstuvwxyz_", 1, 16)) {
    return Error{ErrorCode::kMalformed, "registry: reason"};
  }
  return ok();
}

Result<Finding> read_finding(JsonObject& in) {
  CERTRELAY_TRY(const auto record, in.string("record"));
  CERTRELAY_TRY(const auto field, in.string("field"));
  CERTRELAY_TRY(const auto rule, in.string("rule"));
  CERTRELAY_TRY(const auto mend, in.string("mend"));
  return Finding{std::string(record), std::string(field), std::string(rule), std::string(mend)};
}

Result<std::vector<Finding>> findings_field(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(auto findings, objects_field<Finding>(in, name, kFindingsMax, read_finding));
  CERTRELAY_TRY(check(findings));
  return findings;
}

boost::json::array findings_value(const std::vector<Finding>& findings) {
  return to_array_of(findings, [](const Finding& finding) {
    return boost::json::object{{"record", finding.record},
                               {"field", finding.field},
                               {"rule", finding.rule},
                               {"mend", finding.mend}};
  });
}

Result<void> check(const std::vector<PutAsideChange>& changes) {
  CERTRELAY_TRY(check_count(changes.size(), 0, kPutAsideMax));
  for (const auto& change : changes) {
    CERTRELAY_TRY(check_numbers({change.sequence}));
    CERTRELAY_TRY(check_time(change.since));
    CERTRELAY_TRY(check_count(change.findings.size(), 1, kPutAsideFindingsMax));
    CERTRELAY_TRY(check(change.findings));
  }
  return ok();
}

Result<PutAsideChange> read_put_aside(JsonObject& in) {
  CERTRELAY_TRY(const auto sequence, count_field(in, "sequence"));
  CERTRELAY_TRY(const auto since, time_field(in, "since"));
  CERTRELAY_TRY(auto findings, findings_field(in, "findings"));
  return PutAsideChange{sequence, since, std::move(findings)};
}

Result<void> check(const ExtractReport& message) {
  CERTRELAY_TRY(parse_extract_state(to_text(message.state)));
  CERTRELAY_TRY(check_numbers({message.generation, message.received_bytes, message.expected_bytes,
                               message.persons, message.households, message.closed_members}));
  CERTRELAY_TRY(check(message.rejections));
  CERTRELAY_TRY(check(message.warnings));
  CERTRELAY_TRY(check(message.plan));
  if ((message.state == ExtractState::kRejected) == message.rejections.empty()) {
    return Error{ErrorCode::kMalformed, "registry: rejected without a finding, or the reverse"};
  }
  return ok();
}

Result<ExtractReport> read_report(JsonObject& in) {
  CERTRELAY_TRY(const auto id, id_field<ExtractId>(in, "extract_id"));
  CERTRELAY_TRY(const auto state, parsed_field(in, "state", parse_extract_state));
  CERTRELAY_TRY(const auto generation, count_field(in, "generation"));
  CERTRELAY_TRY(const auto received, count_field(in, "received_bytes"));
  CERTRELAY_TRY(const auto expected, count_field(in, "expected_bytes"));
  CERTRELAY_TRY(const auto persons, count_field(in, "persons"));
  CERTRELAY_TRY(const auto households, count_field(in, "households"));
  CERTRELAY_TRY(const auto closed, count_field(in, "closed_members"));
  CERTRELAY_TRY(auto rejections, findings_field(in, "rejections"));
  CERTRELAY_TRY(auto warnings, findings_field(in, "warnings"));
  CERTRELAY_TRY(auto planned, in.object("plan"));
  CERTRELAY_TRY(auto plan, read_plan(planned));
  CERTRELAY_TRY(planned.expect_no_more());
  ExtractReport message{.extract_id = id,
                        .state = state,
                        .generation = generation,
                        .received_bytes = received,
                        .expected_bytes = expected,
                        .persons = persons,
                        .households = households,
                        .closed_members = closed,
                        .rejections = std::move(rejections),
                        .warnings = std::move(warnings),
                        .plan = std::move(plan)};
  CERTRELAY_TRY(check(message));
  return message;
}

Result<RegisterVersion> version_fields(JsonObject& in) {
  CERTRELAY_TRY(const auto generation, count_field(in, "generation"));
  CERTRELAY_TRY(const auto sequence, count_field(in, "sequence"));
  return RegisterVersion{generation, sequence};
}

}  // namespace

std::string_view to_text(ExtractState state) { return name_of(kExtractStates, state); }
Result<ExtractState> parse_extract_state(std::string_view text) {
  return value_of(kExtractStates, text, "extract state");
}

Result<ManifestAnswer> decode_manifest_answer(ByteView body) {
  return decode_body<ManifestAnswer>(
      body, kSmallBodyMax, [](JsonObject& in) -> Result<ManifestAnswer> {
        CERTRELAY_TRY(const auto id, id_field<ExtractId>(in, "extract_id"));
        CERTRELAY_TRY(const auto key, base64_array_field<32>(in, "import_key"));
        CERTRELAY_TRY(const auto expires_at, time_field(in, "expires_at"));
        return ManifestAnswer{id, key, expires_at};
      });
}

Result<Bytes> encode(const ManifestAnswer& message) {
  CERTRELAY_TRY(check_time(message.expires_at));
  return to_body(boost::json::object{{"extract_id", message.extract_id.text()},
                                     {"import_key", to_base64(message.import_key)},
                                     {"expires_at", to_rfc3339_jst(message.expires_at)}});
}

Result<ExtractReport> decode_extract_report(ByteView body) {
  return decode_body<ExtractReport>(body, kReportBodyMax, read_report);
}

Result<Bytes> encode(const ExtractReport& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"extract_id", message.extract_id.text()},
                                     {"state", to_text(message.state)},
                                     {"generation", message.generation},
                                     {"received_bytes", message.received_bytes},
                                     {"expected_bytes", message.expected_bytes},
                                     {"persons", message.persons},
                                     {"households", message.households},
                                     {"closed_members", message.closed_members},
                                     {"rejections", findings_value(message.rejections)},
                                     {"warnings", findings_value(message.warnings)},
                                     {"plan", plan_value(message.plan)}});
}

Result<ActivateRequest> decode_activate_request(ByteView body) {
  return decode_body<ActivateRequest>(
      body, kSmallBodyMax, [](JsonObject& in) -> Result<ActivateRequest> {
        CERTRELAY_TRY(const auto activate_at, optional_time_field(in, "activate_at"));
        return ActivateRequest{activate_at};
      });
}

Result<Bytes> encode(const ActivateRequest& message) {
  boost::json::object out;
  if (message.activate_at) {
    CERTRELAY_TRY(check_time(*message.activate_at));
    out["activate_at"] = to_rfc3339_jst(*message.activate_at);
  }
  return to_body(out);
}

Result<RegisterAcknowledgement> decode_register_acknowledgement(ByteView body) {
  using Message = RegisterAcknowledgement;
  return decode_body<Message>(body, kReportBodyMax, [](JsonObject& in) -> Result<Message> {
    CERTRELAY_TRY(const auto version, version_fields(in));
    CERTRELAY_TRY(const auto in_force_at, time_field(in, "in_force_at"));
    CERTRELAY_TRY(auto quarantined, findings_field(in, "quarantined"));
    CERTRELAY_TRY(auto warnings, findings_field(in, "warnings"));
    return Message{version, in_force_at, std::move(quarantined), std::move(warnings)};
  });
}

Result<Bytes> encode(const RegisterAcknowledgement& message) {
  CERTRELAY_TRY(check_numbers({message.version.generation, message.version.sequence}));
  CERTRELAY_TRY(check_time(message.in_force_at));
  CERTRELAY_TRY(check(message.quarantined));
  CERTRELAY_TRY(check(message.warnings));
  return to_body(boost::json::object{{"generation", message.version.generation},
                                     {"sequence", message.version.sequence},
                                     {"in_force_at", to_rfc3339_jst(message.in_force_at)},
                                     {"quarantined", findings_value(message.quarantined)},
                                     {"warnings", findings_value(message.warnings)}});
}

Result<HeartbeatRequest> decode_heartbeat_request(ByteView body) {
  return decode_body<HeartbeatRequest>(
      body, kSmallBodyMax, [](JsonObject& in) -> Result<HeartbeatRequest> {
        CERTRELAY_TRY(const auto complete_until, optional_time_field(in, "complete_until"));
        return HeartbeatRequest{complete_until};
      });
}

Result<Bytes> encode(const HeartbeatRequest& message) {
  boost::json::object out;
  if (message.complete_until) {
    CERTRELAY_TRY(check_time(*message.complete_until));
    out["complete_until"] = to_rfc3339_jst(*message.complete_until);
  }
  return to_body(out);
}

Result<RegisterStatus> decode_register_status(ByteView body) {
  return decode_body<RegisterStatus>(
      body, kReportBodyMax, [](JsonObject& in) -> Result<RegisterStatus> {
        RegisterStatus message{};
        if (in.has("generation") || in.has("sequence")) {
          CERTRELAY_TRY(message.version, version_fields(in));
        }
        CERTRELAY_TRY(message.last_contact_at, optional_time_field(in, "last_contact_at"));
        CERTRELAY_TRY(message.seconds_to_bound,
                      number_field<std::int64_t>(in, "seconds_to_bound", 0, kJsonIntegerMax));
        CERTRELAY_TRY(message.pending_approvals,
                      number_field<std::uint32_t>(in, "pending_approvals", 0, UINT32_MAX));
        CERTRELAY_TRY(message.near_bound, in.boolean("near_bound"));
        CERTRELAY_TRY(message.scheduled_at, optional_time_field(in, "scheduled_at"));
        CERTRELAY_TRY(const auto reason, in.string("reason"));
        message.reason = std::string(reason);
        CERTRELAY_TRY(check_reason(message.reason));
        CERTRELAY_TRY(message.complete_until, optional_time_field(in, "complete_until"));
        CERTRELAY_TRY(message.quarantined,
                      number_field<std::uint32_t>(in, "quarantined", 0, UINT32_MAX));
        if (in.has("announced")) {
          CERTRELAY_TRY(message.announced, count_field(in, "announced"));
        }
        CERTRELAY_TRY(message.put_aside,
                      objects_field<PutAsideChange>(in, "put_aside", kPutAsideMax, read_put_aside));
        CERTRELAY_TRY(check(message.put_aside));
        CERTRELAY_TRY(message.change_key, base64_array_field<32>(in, "change_key"));
        return message;
      });
}

Result<Bytes> encode(const RegisterStatus& message) {
  boost::json::object out;
  if (message.version) {
    CERTRELAY_TRY(check_numbers({message.version->generation, message.version->sequence}));
    out["generation"] = message.version->generation;
    out["sequence"] = message.version->sequence;
  }
  if (message.last_contact_at) {
    CERTRELAY_TRY(check_time(*message.last_contact_at));
    out["last_contact_at"] = to_rfc3339_jst(*message.last_contact_at);
  }
  if (message.seconds_to_bound < 0 || message.seconds_to_bound > kJsonIntegerMax) {
    return Error{ErrorCode::kLimitExceeded, "registry: seconds to the bound"};
  }
  out["seconds_to_bound"] = message.seconds_to_bound;
  out["pending_approvals"] = message.pending_approvals;
  out["near_bound"] = message.near_bound;
  if (message.scheduled_at) {
    CERTRELAY_TRY(check_time(*message.scheduled_at));
    out["scheduled_at"] = to_rfc3339_jst(*message.scheduled_at);
  }
  CERTRELAY_TRY(check_reason(message.reason));
  out["reason"] = message.reason;
  if (message.complete_until) {
    CERTRELAY_TRY(check_time(*message.complete_until));
    out["complete_until"] = to_rfc3339_jst(*message.complete_until);
  }
  out["quarantined"] = message.quarantined;
  if (message.announced) {
    CERTRELAY_TRY(check_numbers({*message.announced}));
    out["announced"] = *message.announced;
  }
  CERTRELAY_TRY(check(message.put_aside));
  out["put_aside"] = to_array_of(message.put_aside, [](const PutAsideChange& change) {
    return boost::json::object{{"sequence", change.sequence},
                               {"since", to_rfc3339_jst(change.since)},
                               {"findings", findings_value(change.findings)}};
  });
  out["change_key"] = to_base64(message.change_key);
  return to_body(out);
}

}  // namespace certrelay
