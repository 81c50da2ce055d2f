#include "firmware/ctl/admin_client.hpp"

#include <thread>

namespace certrelay {
namespace {

constexpr std::chrono::hours kLifetime{1};
constexpr std::chrono::seconds kLookAgain{2};
constexpr const char* kActions = "/v1/actions";

}  // namespace

Result<Bytes> AdminClient::call(HttpRequest request) {
  CERTRELAY_TRY(HttpAnswer answer, exchange_->exchange(std::move(request)));
  if (answer.status < 300) return std::move(answer.body);
  CERTRELAY_TRY(problem_, decode_problem(answer.body));
  return Error{ErrorCode::kRefusedByServer, "refused"};
}

Result<Bytes> AdminClient::post_for(std::string path, Bytes body) {
  return call({HttpMethod::kPost,
               std::move(path),
               {{"content-type", "application/json"}},
               std::move(body)});
}

Result<ActionReport> AdminClient::post(std::string path, Bytes body) {
  CERTRELAY_TRY(const auto answer, post_for(std::move(path), std::move(body)));
  return decode_action_report(answer);
}

Result<void> AdminClient::reset_password(const Password& password, bool drop_code) {
  CERTRELAY_TRY(auto copy, Password::parse(password.reveal()));
  PasswordReset reset{std::move(copy),
                      drop_code,
                      UtcTime(std::chrono::floor<std::chrono::seconds>(clock_->utc_now())),
                      {}};
  CERTRELAY_TRY(reset.signature, identity_->key.sign(password_reset_bytes(config_->municipality,
                                                                          identity_->name, reset)));
  CERTRELAY_TRY(auto body, encode(reset));
  CERTRELAY_TRY(post_for("/v1/password-reset", std::move(body)));
  return ok();
}

Result<LedgerPage> AdminClient::query(const LedgerQueryRequest& request) {
  CERTRELAY_TRY(auto body, encode(request));
  CERTRELAY_TRY(const auto answer, post_for("/v1/ledger/query", std::move(body)));
  return decode_ledger_page(answer);
}

Result<Bytes> AdminClient::report(const ReportRequest& request) {
  CERTRELAY_TRY(auto body, encode(request));
  return post_for("/v1/ledger/report", std::move(body));
}

Result<Bytes> AdminClient::result(const ActionId& id, std::uint32_t page) {
  return get("/v1/actions/" + id.text() + "/results/" + std::to_string(page));
}

Result<RelayState> AdminClient::state() {
  CERTRELAY_TRY(const auto body, get("/v1/state"));
  return decode_relay_state(body);
}

Result<Overview> AdminClient::overview() {
  CERTRELAY_TRY(const auto body, get("/v1/overview"));
  return decode_overview(body);
}

Result<PendingList> AdminClient::pending() {
  CERTRELAY_TRY(const auto body, get("/v1/approvals"));
  return decode_pending_list(body);
}

Result<OperatorList> AdminClient::operators() {
  CERTRELAY_TRY(const auto body, get("/v1/operators"));
  return decode_operator_list(body);
}

Result<Bytes> AdminClient::proposal(std::string_view code, ActionParameters parameters,
                                    std::string_view reason) {
  CERTRELAY_TRY(const auto id, ActionId::from_bytes(uuid_v4_bytes(random_bytes<16>(*entropy_))));
  CERTRELAY_TRY(auto action_code, ActionCode::parse(code));
  CERTRELAY_TRY(auto stated, StatedReason::parse(reason));
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_->utc_now());
  const OperatorAction action{id,
                              identity_->name,
                              std::move(action_code),
                              std::move(parameters),
                              std::move(stated),
                              UtcTime(now) + kLifetime};
  CERTRELAY_TRY(check(action));
  CERTRELAY_TRY(auto signature, identity_->key.sign(action_bytes(config_->municipality, action)));
  return encode(ProposeRequest{action, std::move(signature)});
}

Result<ActionReport> AdminClient::propose(std::string_view code, ActionParameters parameters,
                                          std::string_view reason) {
  CERTRELAY_TRY(auto body, proposal(code, std::move(parameters), reason));
  return post(kActions, std::move(body));
}

Result<ActionReport> AdminClient::propose_and_wait(std::string_view code,
                                                   ActionParameters parameters,
                                                   std::string_view reason) {
  CERTRELAY_TRY(const auto body, proposal(code, std::move(parameters), reason));
  const auto end = clock_->steady_now() + kLifetime;
  while (true) {
    auto report = post(kActions, body);
    const bool goes_on =
        report ? report.value().state == ActionState::kRunning : is_no_answer(report.error().code);
    if (!goes_on || clock_->steady_now() >= end) return report;
    std::this_thread::sleep_for(kLookAgain);
  }
}

Result<ActionReport> AdminClient::approve(const OperatorAction& action) {
  CERTRELAY_TRY(auto signature, identity_->key.sign(action_bytes(config_->municipality, action)));
  CERTRELAY_TRY(auto body, encode(ApproveRequest{std::move(signature)}));
  return post("/v1/actions/" + action.id.text() + "/approval", std::move(body));
}

Result<ActionReport> AdminClient::deny(const ActionId& id, std::string_view reason) {
  CERTRELAY_TRY(auto stated, StatedReason::parse(reason));
  CERTRELAY_TRY(auto signature,
                identity_->key.sign(denial_bytes(config_->municipality, id, stated)));
  CERTRELAY_TRY(auto body, encode(DenyRequest{std::move(stated), std::move(signature)}));
  return post("/v1/actions/" + id.text() + "/denial", std::move(body));
}

}  // namespace certrelay
