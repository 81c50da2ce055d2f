// The operators' listener as a person calls it: every answer checked, every action signed here.
#pragma once

#include "firmware/client/signed_exchange.hpp"
#include "firmware/ctl/admin_config.hpp"
#include "protocol/wire/ledger_message.hpp"
#include "protocol/wire/login_message.hpp"
#include "protocol/wire/operator_message.hpp"
#include "protocol/wire/overview_message.hpp"
#include "protocol/wire/problem.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

// One connection. Errors of each call: SignedExchange's; kRefusedByServer, then problem() says
// what; the decoders'. One thread.
class AdminClient {
 public:
  // All must outlive it.
  AdminClient(SignedExchange& exchange, const AdminConfig& config, const Identity& identity,
              const Clock& clock, Entropy& entropy)
      : exchange_(&exchange),
        config_(&config),
        identity_(&identity),
        clock_(&clock),
        entropy_(&entropy) {}

  Result<RelayState> state();
  Result<Overview> overview();
  Result<PendingList> pending();
  Result<OperatorList> operators();
  // A fresh action of that person, an hour to live. Errors: kMalformed (reason, parameters).
  Result<ActionReport> propose(std::string_view code, ActionParameters parameters,
                               std::string_view reason);
  // The same of what lasts: the same proposal is sent again until its report says how it ended, or
  // its hour is over.
  Result<ActionReport> propose_and_wait(std::string_view code, ActionParameters parameters,
                                        std::string_view reason);
  // Signs what was shown: the very bytes of `action`.
  Result<ActionReport> approve(const OperatorAction& action);
  Result<ActionReport> deny(const ActionId& id, std::string_view reason);

  // Signed with the person's approval key, now.
  Result<void> reset_password(const Password& password, bool drop_code);
  const OperatorName& name() const { return identity_->name; }

  Result<LedgerPage> query(const LedgerQueryRequest& request);
  // The file as the server made it.
  Result<Bytes> report(const ReportRequest& request);
  // A page of what a done action left.
  Result<Bytes> result(const ActionId& id, std::uint32_t page);

  // Of the last call; none unless it ended in kRefusedByServer.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  Result<Bytes> proposal(std::string_view code, ActionParameters parameters,
                         std::string_view reason);
  Result<Bytes> call(HttpRequest request);
  Result<Bytes> get(std::string path) { return call({HttpMethod::kGet, std::move(path), {}, {}}); }
  Result<Bytes> post_for(std::string path, Bytes body);
  Result<ActionReport> post(std::string path, Bytes body);

  SignedExchange* exchange_;
  const AdminConfig* config_;
  const Identity* identity_;
  const Clock* clock_;
  Entropy* entropy_;
  std::optional<Problem> problem_;
};

}  // namespace certrelay
