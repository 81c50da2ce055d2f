#include "firmware/kiosk/source_system.hpp"

namespace certrelay {

Result<HttpAnswer> SourceSystem::call(HttpRequest request) {
  problem_.reset();
  CERTRELAY_TRY(HttpAnswer answer, exchange_->exchange(std::move(request)));
  if (answer.status == 200) return answer;
  if (answer.status < 400) return Error{ErrorCode::kMalformed, "an answer of another status"};
  CERTRELAY_TRY(problem_, decode_problem(answer.body));
  return Error{ErrorCode::kRefusedByServer, "refused"};
}

Result<RegistryStatement> SourceSystem::statement_for(const RegisterStatus& status,
                                                      std::uint64_t sequence) {
  if (!status.version) return Error{ErrorCode::kRegisterNotReady, "no extract is in force"};
  return RegistryStatement{status.version->generation, sequence, clock_->utc_now()};
}

Result<HttpAnswer> SourceSystem::post(const std::string& path, StatementKind kind,
                                      const RegistryStatement& statement, ByteView clear,
                                      const ChangePublicKey* seal_to) {
  CERTRELAY_TRY(const auto stated, key_->sign(kind, municipality_, statement, clear));
  Bytes body =
      seal_to == nullptr ? Bytes(clear.begin(), clear.end()) : seal_change(*seal_to, clear);
  const std::string type = seal_to == nullptr ? "application/json" : "application/octet-stream";
  return call({HttpMethod::kPost,
               path,
               {{"content-type", type}, {std::string(kStatementHeader), format_statement(stated)}},
               std::move(body)});
}

Result<RegisterStatus> SourceSystem::status() {
  CERTRELAY_TRY(const auto answer, call({HttpMethod::kGet, "/v1/register", {}, {}}));
  return decode_register_status(answer.body);
}

Result<RegisterAcknowledgement> SourceSystem::change(const RegisterStatus& status,
                                                     std::uint64_t sequence, ByteView body) {
  CERTRELAY_TRY(const auto statement, statement_for(status, sequence));
  CERTRELAY_TRY(const auto answer,
                post("/v1/changes", StatementKind::kChange, statement, body, &status.change_key));
  return decode_register_acknowledgement(answer.body);
}

Result<RegisterStatus> SourceSystem::heartbeat(const RegisterStatus& status, std::uint64_t sequence,
                                               std::optional<UtcTime> complete_until) {
  CERTRELAY_TRY(const auto statement, statement_for(status, sequence));
  CERTRELAY_TRY(const auto body, encode(HeartbeatRequest{complete_until}));
  CERTRELAY_TRY(const auto answer,
                post("/v1/heartbeats", StatementKind::kHeartbeat, statement, body, nullptr));
  return decode_register_status(answer.body);
}

Result<ReconciliationAnswer> SourceSystem::reconcile(const RegisterStatus& status,
                                                     const ReconciliationRequest& request) {
  CERTRELAY_TRY(const auto statement,
                statement_for(status, status.version ? status.version->sequence : 0));
  CERTRELAY_TRY(const auto body, encode(request));
  CERTRELAY_TRY(const auto answer, post("/v1/reconciliations", StatementKind::kReconciliation,
                                        statement, body, &status.change_key));
  return decode_reconciliation_answer(answer.body);
}

}  // namespace certrelay
