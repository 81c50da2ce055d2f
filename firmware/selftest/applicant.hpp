// One applicant of the self-test and what becomes of him, step by step.
#pragma once

#include "firmware/selftest/self_test.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"

namespace certrelay {

enum class Fate : std::uint8_t {
  kServed,
  kAskedTwice,  // served, and the same request again gives the same bytes
  kTooLate,     // his request has been on its way for longer than an answer may take
  kOvertaken,   // the deadline passes while his intent becomes durable
  kWrongCard,   // signed with another's key
};

class Applicant {
 public:
  Applicant(const SelfTestParts& parts, const SelfTestSite& site,
            const FictionalHousehold& household, CertificateKind kind, Fate fate);

  Fate fate() const { return fate_; }

  // Each step is a request, to be answered with all the others' at once, and what its answer must
  // be. Errors of the second half: kSelfTestFailed, kPdfUnreadable.
  RequestFrame open(const MunicipalityCode& municipality);
  Result<void> opened(const HttpAnswer& answer);
  RequestFrame inquire(const PkiKey& others_key);
  Result<void> inquired(const HttpAnswer& answer);
  bool goes_on() const { return fate_ != Fate::kWrongCard; }
  RequestFrame issue();
  // When the issuance's body was complete: now, unless a deadline is to be passed.
  SteadyTime received(std::chrono::seconds answer_within);
  Result<void> issued(const HttpAnswer& answer, SelfTestReport& report);
  // The same request once more.
  RequestFrame issue_again() const { return frame_; }
  Result<void> issued_again(const HttpAnswer& answer, SelfTestReport& report) const;

 private:
  RequestFrame post(std::string path, Bytes body);
  Result<void> check_signed(const HttpAnswer& answer) const;
  Result<void> nothing_delivered(const HttpAnswer& answer, SelfTestReport& report) const;
  Result<void> own_document(const HttpAnswer& answer, SelfTestReport& report);

  SelfTestParts parts_;
  const SelfTestSite& site_;
  const FictionalHousehold& household_;
  CertificateKind kind_;
  Fate fate_;
  TransactionId id_;
  RequestFrame frame_;  // the last request
  Bytes payload_;
  std::optional<InquiryAnswer> inquiry_;
  std::optional<IssuanceRequest> request_;
  HttpAnswer document_;
};

}  // namespace certrelay
