// Whether a sheet or a file is ours and as it was.
#pragma once

#include <string>

#include "protocol/seal/printed_seal.hpp"
#include "relay/keys/document_verifier.hpp"

namespace certrelay {

// A scanned seal, line breaks round it allowed. Errors: decode_printed_seal's (it is no seal),
// kDocumentUnsigned (another key's), kDocumentAltered.
Result<PrintedSeal> check_printed_seal(std::string_view text, const DocumentVerifier& verifier);

// A PDF file: its signature, and the id on its pages. Errors: kDocumentUnsigned, kDocumentAltered,
// kPdfUnreadable (not a file as we write it).
Result<DocumentId> check_signed_pdf(ByteView pdf, const DocumentVerifier& verifier);

// For a person who compares by eye: each name and birth date on a line.
std::string to_japanese(const PrintedSeal& seal);

}  // namespace certrelay
