// The console: pages for a browser over the calls of the operators' listener. Runs in the admin
// front, which has no key and decides nothing: every figure on a page was read from the running
// vault in the person's own session, and every order carries the person's own signature
// (docs/decisions/0072).
#pragma once

#include "protocol/ids/ids.hpp"
#include "relay/console/page_parts.hpp"
#include "relay/console/vault_calls.hpp"
#include "relay/env/clock.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

class Form;
struct ConsoleVisit;  // one request and what it has found out so far

class Console {
 public:
  // Both outlive it.
  Console(Clock& clock, Entropy& entropy, MunicipalityCode municipality)
      : clock_(clock), entropy_(entropy), municipality_(std::move(municipality)) {}

  // Whether that path is a page's; what is under /v1/ goes to the vault as it came.
  static bool is_page(std::string_view path) { return !path.starts_with("/v1/"); }

  // One page. Never fails: what goes wrong becomes a page that says so. Errors: the link's alone,
  // so that the front answers as it does for any call that the vault did not answer.
  boost::asio::awaitable<Result<HttpAnswer>> answer(HttpRequest request, AskVault ask);

 private:
  using Answering = boost::asio::awaitable<Result<HttpAnswer>>;

  Answering get_page(ConsoleVisit& visit);
  Answering post_page(ConsoleVisit& visit);
  Answering member_page(ConsoleVisit& visit);
  Answering member_post(ConsoleVisit& visit, const Form& form);
  Answering log_in_page(ConsoleVisit& visit, std::string refused);
  Answering log_in(ConsoleVisit& visit, const Form& form);
  Answering log_out(ConsoleVisit& visit, const Form& form);
  Answering show_today(ConsoleVisit& visit);
  Answering show_unresolved(ConsoleVisit& visit);
  Answering show_alarms(ConsoleVisit& visit);
  Answering show_erasures(ConsoleVisit& visit);
  Answering show_approvals(ConsoleVisit& visit);
  Answering show_approval(ConsoleVisit& visit, ActionId id);
  Answering show_operators(ConsoleVisit& visit);
  Answering show_report_of(ConsoleVisit& visit, ActionId id);
  Answering search_ledger(ConsoleVisit& visit, const Form& form);
  Answering fetch_report(ConsoleVisit& visit, const Form& form);
  Answering prepare_order(ConsoleVisit& visit, const Form& form);
  Answering send_order(ConsoleVisit& visit, const Form& form);
  Answering send_approval(ConsoleVisit& visit, const Form& form, ActionId id);
  Answering prepare_denial(ConsoleVisit& visit, const Form& form, ActionId id);
  Answering send_denial(ConsoleVisit& visit, const Form& form, ActionId id);
  Answering show_key(ConsoleVisit& visit);
  Answering register_key(ConsoleVisit& visit, const Form& form);
  Answering change_password(ConsoleVisit& visit, const Form& form);
  Answering offer_code(ConsoleVisit& visit, const Form& form);
  Answering confirm_code(ConsoleVisit& visit, const Form& form);

  boost::asio::awaitable<Result<void>> open(ConsoleVisit& visit);
  Answering refused(ConsoleVisit& visit, const Error& error);

  Clock& clock_;
  Entropy& entropy_;
  const MunicipalityCode municipality_;
};

}  // namespace certrelay
