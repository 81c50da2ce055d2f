#include "relay/keys/answer_verifier.hpp"

#include <algorithm>

#include "protocol/wire/content_digest.hpp"
#include "relay/keys/pinned_keys.hpp"

namespace certrelay {

Result<AnswerVerifier> AnswerVerifier::from_pems(const std::vector<std::string>& pems) {
  CERTRELAY_TRY(auto keys, pinned_keys(pems, KeyType::kEcdsaP256, kKeysMax));
  return AnswerVerifier(std::move(keys));
}

Result<std::int64_t> AnswerVerifier::verify(const HttpAnswer& answer,
                                            const RequestParts& request) const {
  const auto input = only_header(answer.headers, "signature-input");
  const auto signature_text = only_header(answer.headers, "signature");
  if (!input || !signature_text) {
    return Error{ErrorCode::kSignatureMissing, "verify answer: unsigned"};
  }
  const auto form = answer_form(request, answer.status);
  CERTRELAY_TRY(const auto parameters,
                parse_signature_input(*input, form, request.body_digest.has_value()));
  CERTRELAY_TRY(const auto signature, parse_signature(*signature_text));
  CERTRELAY_TRY(const auto* key, key_of(keys_, parameters.keyid));
  if (form != AnswerForm::kEmpty) {
    CERTRELAY_TRY(check_content_digest(answer.headers, answer.body));
  }
  CERTRELAY_TRY(const auto base, signature_base(answer, request, parameters));
  CERTRELAY_TRY(key->verify(as_bytes(base), signature));
  return parameters.created_s;
}

}  // namespace certrelay
