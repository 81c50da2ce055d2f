// Which parts of an answer are signed, and the very bytes (RFC 9421); no key in here. The keys'
// side is relay/keys/answer_key.hpp and public_key.hpp.
#pragma once

#include "protocol/base/sha256.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

// The request's parts that its answer's signature covers with ;req: a signed answer to one request
// is none to another.
struct RequestParts {
  HttpMethod method;
  std::string path;
  std::optional<Digest> body_digest;  // none exactly when the request has no body

  // From a request as it was sent or received; hashes the body.
  static RequestParts of(const HttpRequest& request);
};

// Which components are covered follows from the call and the status alone, never from the answer.
enum class AnswerForm : std::uint8_t {
  kEmpty,     // 204 and 304: @status and the request's parts
  kBody,      // and content-digest, content-type
  kDocument,  // and the four certrelay-* headers: 200 to an issuance
};
AnswerForm answer_form(const RequestParts& request, int status);

struct SignatureParameters {
  std::int64_t created_s;  // seconds since 1970 UTC, 0 to 2^53
  std::string keyid;       // 22 characters of base64url: key_id() of the signing key
  friend bool operator==(const SignatureParameters&, const SignatureParameters&) = default;
};

using RawSignature = std::array<std::uint8_t, 64>;  // ECDSA P-256, r then s, 32 bytes each

// The first 16 bytes of SHA-256 of a SubjectPublicKeyInfo, base64url.
std::string key_id(ByteView spki_der);
inline constexpr std::size_t kKeyIdSize = 22;
// Of the form that key_id() makes.
bool is_key_id(std::string_view text);

// The signature base. `answer` must carry each covered header once; its form is
// answer_form(request, answer.status). Errors: kCoverageDiffers, kMalformed.
Result<std::string> signature_base(const HttpAnswer& answer, const RequestParts& request,
                                   const SignatureParameters& parameters);

// The Signature-Input header's value for that form.
std::string format_signature_input(AnswerForm form, bool request_has_body,
                                   const SignatureParameters& parameters);
// Accepts exactly what format_signature_input() makes for that form: same components, same order,
// same parameters. Errors: kCoverageDiffers.
Result<SignatureParameters> parse_signature_input(std::string_view value, AnswerForm form,
                                                  bool request_has_body);

// The Signature header's value. Errors: kMalformed.
std::string format_signature(const RawSignature& signature);
Result<RawSignature> parse_signature(std::string_view value);

}  // namespace certrelay
