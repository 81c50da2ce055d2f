// POST /v1/transactions/{id}/issuance
#pragma once

#include "protocol/base/sha256.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

struct SelectedEntry {
  EntryCode code;
  bool include;
};

struct IssuanceRequest {
  std::vector<MemberHandle> members;  // 1 to 20, each once; the applicant need not be among them
  PurposeCode purpose;
  // Each code once. That each *listed* code is here is the transaction's to check.
  std::vector<SelectedEntry> entries;
  bool individual_number;
  int copies;             // 1 to kCopiesMax
  Digest inquiry_digest;  // SHA-256 of the inquiry answer's body
};
inline constexpr int kCopiesMax = 10;

// Errors: see open_message.hpp.
Result<IssuanceRequest> decode_issuance_request(ByteView body);
Result<Bytes> encode(const IssuanceRequest& message);

// The headers beside the PDF, all four signed with it.
struct IssuanceHeaders {
  DocumentId document_id;
  RegisterVersion register_version;  // "generation.sequence"
  int sheets;                        // of one copy, 1 to kSheetsMax
  std::int64_t fee_yen;              // for all copies, 0 to 100 * kYenMax
};
inline constexpr int kSheetsMax = 99;
inline constexpr std::string_view kDocumentIdHeader = "certrelay-document-id";
inline constexpr std::string_view kRegisterVersionHeader = "certrelay-register-version";
inline constexpr std::string_view kSheetsHeader = "certrelay-sheets";
inline constexpr std::string_view kFeeYenHeader = "certrelay-fee-yen";

// Four headers in that order. Precondition: within the limits above (CHECK).
HttpHeaders to_headers(const IssuanceHeaders& headers);
// Errors: kMissingMember, kMalformed.
Result<IssuanceHeaders> parse_issuance_headers(const HttpHeaders& headers);

}  // namespace certrelay
