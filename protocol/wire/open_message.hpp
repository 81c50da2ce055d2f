// POST /v1/transactions
#pragma once

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

struct OpenRequest {
  TransactionId transaction_id;
  MunicipalityCode municipality_code;
  KioskId kiosk_id;
  CertificateKind certificate_kind;
};

struct OpenAnswer {
  Bytes signed_payload;  // card_payload_bytes(), at most kSignedPayloadBytesMax
  UtcTime expires_at;    // whole seconds: the wire carries no fraction
};
inline constexpr std::size_t kSignedPayloadBytesMax = 256;

// Decoding errors of every message: those of parse_strict_json and JsonObject, kMalformed,
// kLimitExceeded, kDuplicateValue. Encoding refuses, with the same codes, what decoding would.
Result<OpenRequest> decode_open_request(ByteView body);
Result<Bytes> encode(const OpenRequest& message);
Result<OpenAnswer> decode_open_answer(ByteView body);
Result<Bytes> encode(const OpenAnswer& message);

}  // namespace certrelay
