#include "relay/keys/answer_key.hpp"

#include "protocol/wire/content_digest.hpp"
#include "relay/keys/ecdsa_form.hpp"

namespace certrelay {
namespace {

bool has_header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (header.name == name) return true;
  }
  return false;
}

}  // namespace

AnswerKey::AnswerKey(PrivateKey key) : slot_(std::make_unique<Slot>()) {
  auto keyid = key_id(key.spki());
  slot_->held = std::make_shared<const Held>(Held{std::move(key), std::move(keyid)});
}

AnswerKey::AnswerKey(std::shared_ptr<const Held> held) : slot_(std::make_unique<Slot>()) {
  slot_->held = std::move(held);
}

void AnswerKey::replace(const AnswerKey& next) {
  auto held = next.held();
  const std::lock_guard guard(slot_->mutex);
  slot_->held = std::move(held);
}

Result<AnswerKey> AnswerKey::from_pem(std::string_view pem, std::string_view pass_phrase) {
  CERTRELAY_TRY(auto key, PrivateKey::from_pem(pem, pass_phrase, KeyType::kEcdsaP256));
  return AnswerKey(std::move(key));
}

Result<AnswerKey> AnswerKey::generate() {
  CERTRELAY_TRY(auto key, PrivateKey::generate(KeyType::kEcdsaP256));
  return AnswerKey(std::move(key));
}

Result<RawSignature> AnswerKey::sign(std::string_view base) const {
  CERTRELAY_TRY(const auto der, held()->key.sign(as_bytes(base)));
  return to_raw_signature(der);
}

Result<void> sign_answer(HttpAnswer& answer, const RequestParts& request, const AnswerKey& keys,
                         UtcTime now) {
  const auto key = keys.current();
  for (const std::string_view name : {"content-digest", "signature-input", "signature"}) {
    if (has_header(answer.headers, name)) {
      return Error{ErrorCode::kCoverageDiffers, "sign answer: signed already"};
    }
  }
  const auto form = answer_form(request, answer.status);
  if (form != AnswerForm::kEmpty) {
    const auto digest = format_content_digest(sha256(answer.body));
    answer.headers.push_back({"content-digest", digest});
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const SignatureParameters parameters{.created_s = seconds, .keyid = key.keyid()};
  CERTRELAY_TRY(const auto base, signature_base(answer, request, parameters));
  CERTRELAY_TRY(const auto signature, key.sign(base));
  const bool has_body = request.body_digest.has_value();
  answer.headers.push_back({"signature-input", format_signature_input(form, has_body, parameters)});
  answer.headers.push_back({"signature", format_signature(signature)});
  return ok();
}

}  // namespace certrelay
