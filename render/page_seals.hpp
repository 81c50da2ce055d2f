#pragma once

#include "protocol/seal/printed_seal.hpp"
#include "render/render.hpp"

namespace certrelay {

// What the printed seal of each page of `model` says on that form: for signing, before the model is
// rendered with the texts. Empty where the form has no place for one. Errors: kDateNotPrintable.
Result<std::vector<PrintedSeal>> page_seals(const CertificateModel& model, const FormTemplate& form,
                                            const MunicipalityCode& municipality,
                                            const SealKeyHint& key);

}  // namespace certrelay
