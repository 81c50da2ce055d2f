#include "relay/issuance/document_sealer.hpp"

#include <algorithm>

#include "render/page_seals.hpp"
#include "render/pdf/signature_field.hpp"
#include "render/readback/signed_file.hpp"

namespace certrelay {
namespace {

Error failed(std::string_view where) { return {ErrorCode::kDocumentSealFailed, where}; }

// Whatever the key or the token says: for the center it is one thing, and nothing was issued.
template <class Value>
Result<Value> or_failed(Result<Value> result, std::string_view where) {
  if (!result) return failed(where);
  return result;
}

}  // namespace

Result<void> DocumentSealer::add_seals(CertificateModel& model, const FormTemplate& form,
                                       UtcTime now) const {
  if (!settings_.printed_seal) return ok();
  if (!key_.valid_at(now)) return failed("seal: the certificate is not valid");
  CERTRELAY_TRY(const auto seals,
                page_seals(model, form, settings_.municipality, seal_key_hint(key_.spki())));
  if (seals.empty()) return failed("seal: the form has no place for it");
  for (const auto& seal : seals) {
    CERTRELAY_TRY(const auto message, or_failed(printed_seal_message(seal), "seal: too long"));
    CERTRELAY_TRY(const auto signature, or_failed(key_.sign(message), "seal: the key"));
    CERTRELAY_TRY(auto text, or_failed(encode_printed_seal(seal, signature), "seal: too long"));
    model.seals.push_back(std::move(text));
  }
  return ok();
}

std::optional<ExpectedSeal> DocumentSealer::expected_seal(CertificateKind kind) const {
  if (!settings_.printed_seal) return std::nullopt;
  return ExpectedSeal{kind, settings_.municipality};
}

Result<void> DocumentSealer::check_seals(const ReadDocument& document) const {
  constexpr Error kMismatch{ErrorCode::kReadbackMismatch, "readback: printed seal's signature"};
  for (const auto& page : document.pages) {
    if (!page.code) continue;  // whether one is there is check_readback()'s
    const auto read = decode_printed_seal(page.code->text);
    if (!read || !verifier_.verify(read.value().message, read.value().signature)) return kMismatch;
  }
  return ok();
}

Result<Bytes> DocumentSealer::sign(Bytes pdf, UtcTime now) const {
  if (!settings_.signature) return pdf;
  if (!key_.valid_at(now)) return failed("signature: the certificate is not valid");
  CERTRELAY_TRY(auto file, or_failed(add_signature_field(pdf, now, key_.detached_bytes_max()),
                                     "signature: field"));
  CERTRELAY_TRY(const auto cms, or_failed(key_.sign_detached(file.digest()), "signature: the key"));
  CERTRELAY_TRY(auto out, or_failed(put_signature(std::move(file), cms), "signature: no room"));
  // What leaves is what was read back, and a signature that others accept.
  CERTRELAY_TRY(const auto read, or_failed(read_signed_file(out), "signature: readback"));
  if (!std::ranges::equal(read.certificate, pdf) ||
      !verifier_.verify_detached(read.cms, read.digest())) {
    return failed("signature: readback");
  }
  return out;
}

}  // namespace certrelay
