// The resident-record system's calls after an extract, typed: every answer that comes out was
// signed by the vault for that request.
#pragma once

#include <optional>

#include "firmware/client/signed_exchange.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/reconciliation_message.hpp"
#include "relay/keys/change_key.hpp"
#include "relay/keys/feeder_key.hpp"

namespace certrelay {

// Errors of every call: SignedExchange's; kRefusedByServer, then problem() says what; the
// decoders'. One thread at a time; all must outlive it.
class SourceSystem {
 public:
  SourceSystem(SignedExchange& exchange, const FeederKey& key, const MunicipalityCode& municipality,
               const Clock& clock)
      : exchange_(&exchange), key_(&key), municipality_(municipality), clock_(&clock) {}

  Result<RegisterStatus> status();
  // `body` in the clear; sealed to the key of `status`, whose generation it is for.
  Result<RegisterAcknowledgement> change(const RegisterStatus& status, std::uint64_t sequence,
                                         ByteView body);
  Result<RegisterStatus> heartbeat(const RegisterStatus& status, std::uint64_t sequence,
                                   std::optional<UtcTime> complete_until);
  Result<ReconciliationAnswer> reconcile(const RegisterStatus& status,
                                         const ReconciliationRequest& request);

  // Of the last call; none unless it ended in kRefusedByServer.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  Result<HttpAnswer> call(HttpRequest request);
  // Signed over `clear`, sealed to `seal_to` where there is one.
  Result<HttpAnswer> post(const std::string& path, StatementKind kind,
                          const RegistryStatement& statement, ByteView clear,
                          const ChangePublicKey* seal_to);
  Result<RegistryStatement> statement_for(const RegisterStatus& status, std::uint64_t sequence);

  SignedExchange* exchange_;
  const FeederKey* key_;
  MunicipalityCode municipality_;
  const Clock* clock_;
  std::optional<Problem> problem_;
};

}  // namespace certrelay
