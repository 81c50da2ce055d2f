// The calls that only look: the state, what waits for a second person, the accounts.
#include "protocol/base/names.hpp"
#include "protocol/wire/operator_json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kStateNameMax = 64;
constexpr std::size_t kReasonBytesMax = 512;

constexpr Names<AccountStatus, 3> kStatuses{{{AccountStatus::kActive, "active"},
                                             {AccountStatus::kRevoked, "revoked"},
                                             {AccountStatus::kEnded, "ended"}}};

Result<PendingAction> read_pending(JsonObject& in) {
  CERTRELAY_TRY(auto action, read_action(in));
  CERTRELAY_TRY(const auto proposed_at, time_field(in, "proposed_at"));
  CERTRELAY_TRY(auto terminal, id_field<TerminalName>(in, "terminal"));
  return PendingAction{std::move(action), proposed_at, std::move(terminal)};
}

template <class T, class Parse>
Result<std::vector<T>> names_field(JsonObject& in, std::string_view name, std::size_t max,
                                   Parse parse) {
  return list_field<T>(in, name, max, [&](const boost::json::value& element) -> Result<T> {
    if (!element.is_string()) return Error{ErrorCode::kWrongType, "message: list of names"};
    return parse(std::string_view(element.get_string()));
  });
}

template <class T>
boost::json::array names_value(const std::vector<T>& list) {
  return to_array_of(list, [](T value) { return to_text(value); });
}

Result<std::optional<JstDay>> optional_day(JsonObject& in, std::string_view name) {
  if (!in.has(name)) return std::optional<JstDay>{};
  CERTRELAY_TRY(const auto day, parsed_field(in, name, parse_iso_day));
  return std::optional<JstDay>{day};
}

Result<void> check(const OperatorLine& line) {
  CERTRELAY_TRY(check_count(line.roles.size(), 1, kOperatorRoles));
  return check_unique(line.roles, [](OperatorRole role) { return role; });
}

Result<OperatorLine> read_line(JsonObject& in) {
  CERTRELAY_TRY(auto name, id_field<OperatorName>(in, "name"));
  CERTRELAY_TRY(const auto affiliation, parsed_field(in, "affiliation", parse_affiliation));
  CERTRELAY_TRY(auto roles,
                names_field<OperatorRole>(in, "roles", kOperatorRoles, parse_operator_role));
  CERTRELAY_TRY(const auto ends_on, optional_day(in, "ends_on"));
  CERTRELAY_TRY(const auto status, parsed_field(in, "status", parse_account_status));
  CERTRELAY_TRY(const auto last_used_on, optional_day(in, "last_used_on"));
  CERTRELAY_TRY(const auto unused, in.boolean("unused"));
  OperatorLine line{std::move(name), affiliation, std::move(roles),
                    ends_on,         status,      last_used_on,
                    unused,          {},          {}};
  CERTRELAY_TRY(line.password_due_on, optional_day(in, "password_due_on"));
  CERTRELAY_TRY(line.review_due_on, optional_day(in, "review_due_on"));
  CERTRELAY_TRY(check(line));
  return line;
}

boost::json::object line_object(const OperatorLine& line) {
  boost::json::object out{{"name", line.name.text()},
                          {"affiliation", to_text(line.affiliation)},
                          {"roles", names_value(line.roles)},
                          {"status", to_text(line.status)},
                          {"unused", line.unused}};
  if (line.ends_on) out["ends_on"] = to_iso_day(*line.ends_on);
  if (line.last_used_on) out["last_used_on"] = to_iso_day(*line.last_used_on);
  if (line.password_due_on) out["password_due_on"] = to_iso_day(*line.password_due_on);
  if (line.review_due_on) out["review_due_on"] = to_iso_day(*line.review_due_on);
  return out;
}

Result<void> check(const RelayState& state) {
  CERTRELAY_TRY(check_count(state.checks.size(), 0, kStateChecksMax));
  for (const auto& one : state.checks) {
    CERTRELAY_TRY(check_text(one.name, 1, kStateNameMax));
    CERTRELAY_TRY(check_text(one.reason, 0, kReasonBytesMax));
  }
  if (state.alarm) {
    CERTRELAY_TRY(check_text(state.alarm->label, 1, kStateNameMax));
  }
  if (state.register_version && (state.register_version->generation > kJsonIntegerMax ||
                                 state.register_version->sequence > kJsonIntegerMax)) {
    return Error{ErrorCode::kLimitExceeded, "state: number"};
  }
  return check_unique(state.suspended_kinds, [](CertificateKind kind) { return kind; });
}

Result<StateCheck> read_check(JsonObject& in) {
  CERTRELAY_TRY(auto name, plain_text_field(in, "name"));
  CERTRELAY_TRY(const auto is_ok, in.boolean("ok"));
  CERTRELAY_TRY(auto reason, plain_text_field(in, "reason"));
  return StateCheck{std::move(name), is_ok, std::move(reason)};
}

Result<std::optional<LatchedAlarm>> read_alarm(JsonObject& in) {
  if (!in.has("alarm")) return std::optional<LatchedAlarm>{};
  CERTRELAY_TRY(auto object, in.object("alarm"));
  CERTRELAY_TRY(auto label, plain_text_field(object, "label"));
  CERTRELAY_TRY(const auto reason, number_field<std::uint16_t>(object, "reason", 0, UINT16_MAX));
  CERTRELAY_TRY(object.expect_no_more());
  return std::optional(LatchedAlarm{std::move(label), reason});
}

Result<std::optional<UtcTime>> read_time(JsonObject& in, std::string_view name) {
  if (!in.has(name)) return std::optional<UtcTime>{};
  CERTRELAY_TRY(const auto text, in.string(name));
  CERTRELAY_TRY(const auto time, parse_rfc3339(text));
  return std::optional(time);
}

Result<ErasureView> read_erasure(JsonObject in) {
  ErasureView out{};
  CERTRELAY_TRY(out.pending, number_field<std::uint64_t>(in, "pending", 0, kJsonIntegerMax));
  CERTRELAY_TRY(out.pending_since, read_time(in, "pending_since"));
  CERTRELAY_TRY(out.bound, read_time(in, "bound"));
  CERTRELAY_TRY(out.overdue, in.boolean("overdue"));
  CERTRELAY_TRY(out.unfinished, in.boolean("unfinished"));
  CERTRELAY_TRY(out.waiting_for_residue,
                number_field<std::uint64_t>(in, "waiting_for_residue", 0, kJsonIntegerMax));
  CERTRELAY_TRY(out.residue_since, read_time(in, "residue_since"));
  CERTRELAY_TRY(out.residue_overdue, in.boolean("residue_overdue"));
  CERTRELAY_TRY(out.standing, in.boolean("standing"));
  CERTRELAY_TRY(in.expect_no_more());
  return out;
}

boost::json::object erasure_object(const ErasureView& erasure) {
  boost::json::object out{{"pending", erasure.pending},
                          {"overdue", erasure.overdue},
                          {"unfinished", erasure.unfinished},
                          {"waiting_for_residue", erasure.waiting_for_residue},
                          {"residue_overdue", erasure.residue_overdue},
                          {"standing", erasure.standing}};
  if (erasure.pending_since) out["pending_since"] = to_rfc3339_jst(*erasure.pending_since);
  if (erasure.bound) out["bound"] = to_rfc3339_jst(*erasure.bound);
  if (erasure.residue_since) out["residue_since"] = to_rfc3339_jst(*erasure.residue_since);
  return out;
}

Result<void> check(const ErasureView& erasure) {
  for (const auto* time : {&erasure.pending_since, &erasure.bound, &erasure.residue_since}) {
    if (!*time) continue;
    CERTRELAY_TRY(check_time(**time));
  }
  return ok();
}

Result<void> check(const std::vector<WaitingExtract>& waiting) {
  CERTRELAY_TRY(check_count(waiting.size(), 0, kWaitingExtractsMax));
  for (const auto& one : waiting) {
    CERTRELAY_TRY(check_time(one.created));
    CERTRELAY_TRY(check_text(one.operator_name, 1, kWaitingOperatorBytesMax));
    CERTRELAY_TRY(check_count(one.rails.size(), 1, kWaitingRailsMax));
    for (const auto& rail : one.rails) {
      CERTRELAY_TRY(check_text(rail, 1, kStateNameMax));
    }
  }
  return ok();
}

Result<WaitingExtract> read_waiting(JsonObject& in) {
  CERTRELAY_TRY(const auto id, id_field<ExtractId>(in, "extract_id"));
  CERTRELAY_TRY(const auto generation,
                number_field<std::uint64_t>(in, "generation", 0, kJsonIntegerMax));
  CERTRELAY_TRY(const auto created, time_field(in, "created"));
  CERTRELAY_TRY(auto operator_name, plain_text_field(in, "operator"));
  CERTRELAY_TRY(auto rails,
                names_field<std::string>(in, "rails", kWaitingRailsMax, [](std::string_view text) {
                  return Result<std::string>(std::string(text));
                }));
  return WaitingExtract{id, generation, created, std::move(operator_name), std::move(rails)};
}

boost::json::object waiting_object(const WaitingExtract& one) {
  boost::json::array rails;
  for (const auto& rail : one.rails) rails.emplace_back(rail);
  return {{"extract_id", one.extract_id.text()},
          {"generation", one.generation},
          {"created", to_rfc3339_jst(one.created)},
          {"operator", one.operator_name},
          {"rails", std::move(rails)}};
}

Result<RelayState> read_state(JsonObject& in) {
  RelayState out{};
  CERTRELAY_TRY(out.ready, in.boolean("ready"));
  CERTRELAY_TRY(out.demo, in.boolean("demo"));
  CERTRELAY_TRY(out.checks, objects_field<StateCheck>(in, "checks", kStateChecksMax, read_check));
  CERTRELAY_TRY(out.alarm, read_alarm(in));
  CERTRELAY_TRY(out.issuing_stopped, in.boolean("issuing_stopped"));
  CERTRELAY_TRY(out.suspended_kinds,
                names_field<CertificateKind>(in, "suspended_kinds", 2, parse_certificate_kind));
  if (in.has("generation") || in.has("sequence")) {
    CERTRELAY_TRY(const auto generation,
                  number_field<std::uint64_t>(in, "generation", 0, kJsonIntegerMax));
    CERTRELAY_TRY(const auto sequence,
                  number_field<std::uint64_t>(in, "sequence", 0, kJsonIntegerMax));
    out.register_version = RegisterVersion{generation, sequence};
  }
  CERTRELAY_TRY(out.pending_approvals,
                number_field<std::uint32_t>(in, "pending_approvals", 0, UINT32_MAX));
  CERTRELAY_TRY(auto erasure, in.object("erasure"));
  CERTRELAY_TRY(out.erasure, read_erasure(std::move(erasure)));
  CERTRELAY_TRY(
      out.waiting_extracts,
      objects_field<WaitingExtract>(in, "waiting_extracts", kWaitingExtractsMax, read_waiting));
  CERTRELAY_TRY(check(out.waiting_extracts));
  CERTRELAY_TRY(check(out));
  return out;
}

}  // namespace

std::string_view to_text(AccountStatus status) { return name_of(kStatuses, status); }
Result<AccountStatus> parse_account_status(std::string_view text) {
  return value_of(kStatuses, text, "account status");
}

Result<PendingList> decode_pending_list(ByteView body) {
  return decode_body<PendingList>(body, kPendingBodyMax, [](JsonObject& in) -> Result<PendingList> {
    CERTRELAY_TRY(auto pending,
                  objects_field<PendingAction>(in, "pending", kPendingActionsMax, read_pending));
    return PendingList{std::move(pending)};
  });
}

Result<Bytes> encode(const PendingList& message) {
  CERTRELAY_TRY(check_count(message.pending.size(), 0, kPendingActionsMax));
  boost::json::array pending;
  for (const auto& one : message.pending) {
    CERTRELAY_TRY(check(one.action));
    CERTRELAY_TRY(check_time(one.proposed_at));
    auto object = action_object(one.action);
    object["proposed_at"] = to_rfc3339_jst(one.proposed_at);
    object["terminal"] = one.terminal.text();
    pending.push_back(std::move(object));
  }
  return to_body(boost::json::object{{"pending", std::move(pending)}});
}

Result<OperatorList> decode_operator_list(ByteView body) {
  return decode_body<OperatorList>(
      body, kPendingBodyMax, [](JsonObject& in) -> Result<OperatorList> {
        CERTRELAY_TRY(const auto max, number_field<std::uint32_t>(in, "active_max", 0, UINT32_MAX));
        CERTRELAY_TRY(auto operators,
                      objects_field<OperatorLine>(in, "operators", kOperatorLinesMax, read_line));
        return OperatorList{max, std::move(operators)};
      });
}

Result<Bytes> encode(const OperatorList& message) {
  CERTRELAY_TRY(check_count(message.operators.size(), 0, kOperatorLinesMax));
  for (const auto& line : message.operators) {
    CERTRELAY_TRY(check(line));
  }
  return to_body(boost::json::object{{"active_max", message.active_max},
                                     {"operators", to_array_of(message.operators, line_object)}});
}

Result<RelayState> decode_relay_state(ByteView body) {
  return decode_body<RelayState>(body, kOperatorBodyMax, read_state);
}

Result<Bytes> encode(const RelayState& message) {
  CERTRELAY_TRY(check(message));
  CERTRELAY_TRY(check(message.erasure));
  CERTRELAY_TRY(check(message.waiting_extracts));
  boost::json::array checks;
  for (const auto& one : message.checks) {
    checks.push_back(
        boost::json::object{{"name", one.name}, {"ok", one.ok}, {"reason", one.reason}});
  }
  boost::json::object out{
      {"ready", message.ready},
      {"demo", message.demo},
      {"checks", std::move(checks)},
      {"issuing_stopped", message.issuing_stopped},
      {"suspended_kinds", names_value(message.suspended_kinds)},
      {"pending_approvals", message.pending_approvals},
      {"waiting_extracts", to_array_of(message.waiting_extracts, waiting_object)},
      {"erasure", erasure_object(message.erasure)}};
  if (message.alarm) {
    out["alarm"] =
        boost::json::object{{"label", message.alarm->label}, {"reason", message.alarm->reason}};
  }
  if (message.register_version) {
    out["generation"] = message.register_version->generation;
    out["sequence"] = message.register_version->sequence;
  }
  return to_body(out);
}

}  // namespace certrelay
