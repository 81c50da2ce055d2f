#include "firmware/selftest/applicant.hpp"

#include "firmware/selftest/judge.hpp"
#include "protocol/base/check.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/open_message.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {
namespace {

using std::chrono::milliseconds;

// How long before his deadline an overtaken applicant's request is taken up.
constexpr milliseconds kJustInTime{50};

Error failed(const char* where) { return {ErrorCode::kSelfTestFailed, where}; }

PeerName center() { return PeerName::parse("self-test").value(); }

}  // namespace

Applicant::Applicant(const SelfTestParts& parts, const SelfTestSite& site,
                     const FictionalHousehold& household, CertificateKind kind, Fate fate)
    : parts_(parts),
      site_(site),
      household_(household),
      kind_(kind),
      fate_(fate),
      id_(TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(parts.entropy))).value()),
      frame_{1, Role::kCenter, center(), {}} {}

RequestFrame Applicant::post(std::string path, Bytes body) {
  HttpRequest request{HttpMethod::kPost, std::move(path), {}, std::move(body)};
  request.headers.push_back({"content-digest", format_content_digest(sha256(request.body))});
  frame_ = RequestFrame{1, Role::kCenter, center(), std::move(request)};
  return frame_;
}

// A swapped answer, however whole, is one to another request.
Result<void> Applicant::check_signed(const HttpAnswer& answer) const {
  if (!site_.verifier.verify(answer, RequestParts::of(frame_.request))) {
    return failed("self-test: an answer to another request");
  }
  return ok();
}

RequestFrame Applicant::open(const MunicipalityCode& municipality) {
  const OpenRequest request{id_, municipality, KioskId::parse("SELF-TEST").value(), kind_};
  return post("/v1/transactions", encode(request).value());
}

Result<void> Applicant::opened(const HttpAnswer& answer) {
  CERTRELAY_TRY(check_signed(answer));
  if (answer.status != 201) return failed("self-test: not opened");
  CERTRELAY_TRY(auto message, decode_open_answer(answer.body));
  payload_ = std::move(message.signed_payload);
  return ok();
}

RequestFrame Applicant::inquire(const PkiKey& others_key) {
  const auto& card = household_.card;
  const auto& key = fate_ == Fate::kWrongCard ? others_key : card.key;
  const auto signature = key.sign(payload_);
  CERTRELAY_CHECK(signature.has_value());  // both keys have signed before
  const InquiryRequest request{card.certificate, signature.value(), card.algorithm};
  return post("/v1/transactions/" + id_.text() + "/inquiry", encode(request).value());
}

Result<void> Applicant::inquired(const HttpAnswer& answer) {
  CERTRELAY_TRY(check_signed(answer));
  if (fate_ == Fate::kWrongCard) {
    const auto problem = decode_problem(answer.body);
    const bool refused = problem && problem.value().code == ProblemCode::kCardNotAccepted;
    return refused ? Result<void>(ok()) : failed("self-test: another's signature was accepted");
  }
  if (answer.status != 200) return failed("self-test: the inquiry was refused");
  CERTRELAY_TRY(auto message, decode_inquiry_answer(answer.body));
  CERTRELAY_TRY(judge_inquiry(message, household_));
  request_ = IssuanceRequest{{}, message.purposes.front().code, {}, false, 1, sha256(answer.body)};
  for (const auto& member : message.members) request_->members.push_back(member.handle);
  for (const auto& entry : message.entries) request_->entries.push_back({entry.code, true});
  inquiry_ = std::move(message);
  return ok();
}

RequestFrame Applicant::issue() {
  return post("/v1/transactions/" + id_.text() + "/issuance", encode(*request_).value());
}

SteadyTime Applicant::received(std::chrono::seconds answer_within) {
  const auto now = parts_.clock.steady_now();
  if (fate_ == Fate::kTooLate) return now - answer_within;
  if (fate_ != Fate::kOvertaken) return now;
  site_.ledger.hold_up(id_, now + kJustInTime);
  return now - answer_within + kJustInTime;
}

Result<void> Applicant::nothing_delivered(const HttpAnswer& answer, SelfTestReport& report) const {
  if (answer.status == 200 || as_text(answer.body).starts_with("%PDF")) {
    return failed("self-test: delivered after the deadline");
  }
  CERTRELAY_TRY(const auto story, site_.ledger.entries_of(id_));
  CERTRELAY_TRY(judge_late_story(story));
  ++report.late;
  return ok();
}

Result<void> Applicant::own_document(const HttpAnswer& answer, SelfTestReport& report) {
  if (answer.status != 200) return failed("self-test: not issued");
  CERTRELAY_TRY(const auto headers, parse_issuance_headers(answer.headers));
  CERTRELAY_TRY(
      judge_document(answer.body, headers, id_, *inquiry_, *request_, household_, site_.city));
  CERTRELAY_TRY(const auto story, site_.ledger.entries_of(id_));
  CERTRELAY_TRY(judge_story(story, headers, answer.body));
  document_ = answer;
  ++report.documents;
  report.pages += static_cast<std::size_t>(headers.sheets);
  return ok();
}

Result<void> Applicant::issued(const HttpAnswer& answer, SelfTestReport& report) {
  CERTRELAY_TRY(check_signed(answer));
  const bool late = fate_ == Fate::kTooLate || fate_ == Fate::kOvertaken;
  return late ? nothing_delivered(answer, report) : own_document(answer, report);
}

Result<void> Applicant::issued_again(const HttpAnswer& answer, SelfTestReport& report) const {
  if (answer.status != document_.status || answer.headers != document_.headers ||
      answer.body != document_.body) {
    return failed("self-test: a repeat is another answer");
  }
  ++report.repeats;
  return ok();
}

}  // namespace certrelay
