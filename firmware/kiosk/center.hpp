// The center's calls, typed: every answer that comes out was signed by the vault for that request.
#pragma once

#include <optional>

#include "firmware/client/signed_exchange.hpp"
#include "protocol/wire/event_message.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "protocol/wire/open_message.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/service_message.hpp"

namespace certrelay {

struct InquiryReply {
  InquiryAnswer answer;
  Digest body_digest;  // goes into the issuance request
};

struct Document {
  IssuanceHeaders headers;
  Bytes pdf;
  std::string signature;  // the answer's Signature header: a repeated answer has the same
};

// Errors of every call: SignedExchange's; kRefusedByServer, then problem() says what; the
// decoders', when a signed answer is not of the documented form. One thread at a time.
class Center {
 public:
  explicit Center(SignedExchange& exchange) : exchange_(&exchange) {}

  Result<ServiceAnswer> service();
  Result<OpenAnswer> open(const OpenRequest& request);
  Result<InquiryReply> inquire(const TransactionId& id, const InquiryRequest& request);
  Result<Document> issue(const TransactionId& id, const IssuanceRequest& request);
  Result<void> report(const TransactionId& id, const EventReport& report);
  Result<StateAnswer> state(const TransactionId& id);

  // Sends an issuance and hangs up before the answer, as a line that breaks.
  Result<void> issue_and_hang_up(const TransactionId& id, const IssuanceRequest& request);

  // Of the last call; none unless it ended in kRefusedByServer.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  Result<HttpAnswer> post(std::string path, Result<Bytes> body, int wanted_status);
  Result<HttpAnswer> get(std::string path);
  Result<HttpAnswer> send(HttpRequest request, int wanted_status);

  SignedExchange* exchange_;
  std::optional<Problem> problem_;
};

}  // namespace certrelay
