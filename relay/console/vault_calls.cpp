#include "relay/console/vault_calls.hpp"

#include "protocol/wire/content_digest.hpp"

namespace certrelay {

VaultCalls::Answered<HttpAnswer> VaultCalls::send(HttpRequest request) {
  problem_.reset();
  if (!cookie_.empty()) request.headers.push_back({"cookie", cookie_});
  auto answer = co_await ask_(std::move(request));
  if (!answer) co_return answer.error();
  const int status = answer.value().status;
  if (status >= 200 && status < 300) co_return answer;
  if (auto problem = decode_problem(answer.value().body)) problem_ = std::move(problem.value());
  co_return Error{ErrorCode::kRefusedByServer, "console: the vault refused"};
}

// Named first: g++ 12 destroys an aggregate that is made within a co_await expression twice.
VaultCalls::Answered<HttpAnswer> VaultCalls::get(std::string path) {
  HttpRequest request{HttpMethod::kGet, std::move(path), {}, {}};
  co_return co_await send(std::move(request));
}

VaultCalls::Answered<HttpAnswer> VaultCalls::post(std::string_view path, std::string_view csrf,
                                                  Bytes body) {
  HttpHeaders headers{{"content-type", "application/json"},
                      {"content-digest", format_content_digest(sha256(body))}};
  if (!csrf.empty() && is_header_value(csrf)) {
    headers.push_back({"certrelay-csrf-token", std::string(csrf)});
  }
  HttpRequest request{HttpMethod::kPost, std::string(path), std::move(headers), std::move(body)};
  co_return co_await send(std::move(request));
}

VaultCalls::Answered<SessionView> VaultCalls::session() {
  CERTRELAY_CO_TRY(const auto answer, co_await get("/v1/session"));
  co_return decode_session_view(answer.body);
}

VaultCalls::Answered<RelayState> VaultCalls::state() {
  CERTRELAY_CO_TRY(const auto answer, co_await get("/v1/state"));
  co_return decode_relay_state(answer.body);
}

VaultCalls::Answered<Overview> VaultCalls::overview() {
  CERTRELAY_CO_TRY(const auto answer, co_await get("/v1/overview"));
  co_return decode_overview(answer.body);
}

VaultCalls::Answered<PendingList> VaultCalls::pending() {
  CERTRELAY_CO_TRY(const auto answer, co_await get("/v1/approvals"));
  co_return decode_pending_list(answer.body);
}

VaultCalls::Answered<OperatorList> VaultCalls::operators() {
  CERTRELAY_CO_TRY(const auto answer, co_await get("/v1/operators"));
  co_return decode_operator_list(answer.body);
}

VaultCalls::Answered<ActionReport> VaultCalls::report(ActionId id) {
  std::string path = "/v1/actions/" + id.text();
  CERTRELAY_CO_TRY(const auto answer, co_await get(std::move(path)));
  co_return decode_action_report(answer.body);
}

VaultCalls::Answered<VaultCalls::Entries> VaultCalls::query(std::string_view csrf,
                                                            LedgerQueryRequest request,
                                                            std::size_t pages_max) {
  Entries out;
  for (std::size_t i = 0; i < pages_max; ++i) {
    CERTRELAY_CO_TRY(auto body, encode(request));
    CERTRELAY_CO_TRY(const auto answer, co_await post("/v1/ledger/query", csrf, std::move(body)));
    CERTRELAY_CO_TRY(auto page, decode_ledger_page(answer.body));
    for (auto& entry : page.entries) out.entries.push_back(std::move(entry));
    out.cut = page.next.has_value();
    if (!page.next) break;
    request.after = *page.next;
  }
  co_return out;
}

}  // namespace certrelay
