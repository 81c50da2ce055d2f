#include "firmware/kiosk/center.hpp"

namespace certrelay {
namespace {

std::string path_of(const TransactionId& id, std::string_view step) {
  return "/v1/transactions/" + id.text() + std::string(step);
}

HttpRequest post_request(std::string path, Bytes body) {
  return {
      HttpMethod::kPost, std::move(path), {{"content-type", "application/json"}}, std::move(body)};
}

}  // namespace

Result<HttpAnswer> Center::send(HttpRequest request, int wanted_status) {
  problem_.reset();
  CERTRELAY_TRY(HttpAnswer answer, exchange_->exchange(std::move(request)));
  if (answer.status == wanted_status) return answer;
  if (answer.status < 400) return Error{ErrorCode::kMalformed, "an answer of another status"};
  CERTRELAY_TRY(problem_, decode_problem(answer.body));
  if (status_of(problem_->code) != answer.status) {
    return Error{ErrorCode::kMalformed, "a problem under another status than its own"};
  }
  return Error{ErrorCode::kRefusedByServer, "refused"};
}

Result<HttpAnswer> Center::post(std::string path, Result<Bytes> body, int wanted_status) {
  CERTRELAY_TRY(Bytes bytes, std::move(body));
  return send(post_request(std::move(path), std::move(bytes)), wanted_status);
}

Result<HttpAnswer> Center::get(std::string path) {
  return send({HttpMethod::kGet, std::move(path), {}, {}}, 200);
}

Result<ServiceAnswer> Center::service() {
  CERTRELAY_TRY(const HttpAnswer answer, get("/v1/service"));
  return decode_service_answer(answer.body);
}

Result<OpenAnswer> Center::open(const OpenRequest& request) {
  CERTRELAY_TRY(const HttpAnswer answer, post("/v1/transactions", encode(request), 201));
  return decode_open_answer(answer.body);
}

Result<InquiryReply> Center::inquire(const TransactionId& id, const InquiryRequest& request) {
  CERTRELAY_TRY(const HttpAnswer answer, post(path_of(id, "/inquiry"), encode(request), 200));
  CERTRELAY_TRY(InquiryAnswer inquiry, decode_inquiry_answer(answer.body));
  return InquiryReply{std::move(inquiry), sha256(answer.body)};
}

Result<Document> Center::issue(const TransactionId& id, const IssuanceRequest& request) {
  CERTRELAY_TRY(HttpAnswer answer, post(path_of(id, "/issuance"), encode(request), 200));
  CERTRELAY_TRY(IssuanceHeaders headers, parse_issuance_headers(answer.headers));
  if (only_header(answer.headers, "content-type") != "application/pdf" || answer.body.empty()) {
    return Error{ErrorCode::kMalformed, "no PDF"};
  }
  std::string signature(only_header(answer.headers, "signature").value_or(""));
  return Document{std::move(headers), std::move(answer.body), std::move(signature)};
}

Result<void> Center::issue_and_hang_up(const TransactionId& id, const IssuanceRequest& request) {
  CERTRELAY_TRY(Bytes body, encode(request));
  return exchange_->send_and_hang_up(post_request(path_of(id, "/issuance"), std::move(body)));
}

Result<void> Center::report(const TransactionId& id, const EventReport& report) {
  CERTRELAY_TRY(post(path_of(id, "/events"), encode(report), 204));
  return ok();
}

Result<StateAnswer> Center::state(const TransactionId& id) {
  CERTRELAY_TRY(const HttpAnswer answer, get(path_of(id, "")));
  return decode_state_answer(answer.body);
}

}  // namespace certrelay
