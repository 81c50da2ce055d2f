#pragma once

#include "relay/keys/document_key.hpp"
#include "relay/keys/document_verifier.hpp"
#include "render/readback/expected.hpp"
#include "render/readback/read_back.hpp"
#include "render/render.hpp"

namespace certrelay {

// What the configuration adds to a certificate, both off unless it says so: a seal printed on each
// page and a signature over the finished file (docs/decisions/0025, 0026). Safe to use from several
// threads.
class DocumentSealer {
 public:
  struct Settings {
    MunicipalityCode municipality;
    bool printed_seal = false;
    bool signature = false;
  };
  DocumentSealer(Settings settings, DocumentKey key, DocumentVerifier verifier)
      : settings_(std::move(settings)), key_(std::move(key)), verifier_(std::move(verifier)) {}

  // Before rendering: the texts of the pages' seals, signed. Errors: kDocumentSealFailed (also: the
  // form has no place, or the key's certificate is not valid then), kDateNotPrintable.
  Result<void> add_seals(CertificateModel& model, const FormTemplate& form, UtcTime now) const;
  // For the readback of what was rendered.
  std::optional<ExpectedSeal> expected_seal(CertificateKind kind) const;
  // After the readback: every seal that was read carries our signature. Errors: kReadbackMismatch.
  Result<void> check_seals(const ReadDocument& document) const;

  // The file with its signature, where it is switched on: the bytes that were read back, unchanged,
  // and an update behind them, which is read and verified here. Errors: kDocumentSealFailed.
  Result<Bytes> sign(Bytes pdf, UtcTime now) const;

 private:
  Settings settings_;
  DocumentKey key_;
  DocumentVerifier verifier_;
};

}  // namespace certrelay
