// What became of a document that was shown: the ledger's word.
#pragma once

#include "protocol/record/entry.hpp"

namespace certrelay {

enum class DocumentState : std::uint8_t {
  kPrinted,     // 有効
  kVoided,      // 無効: cancelled, jammed, left behind, refunded, or it never left
  kUnresolved,  // 結果不明: handed out, and no result came
  kUnknown,     // no such document in this ledger
};

// Whether that entry is the document's intent: others name it too, such as each question about it.
bool issues(const Entry& entry, const DocumentId& document);

// By the entries of its transaction, oldest first; none for a document that the ledger lacks.
// `file`: the SHA-256 of the file at hand; another one than the ledger names is kUnknown.
DocumentState state_of(const std::vector<Entry>& entries, const DocumentId& document,
                       const std::optional<Digest>& file, UtcTime now);

std::string_view to_japanese(DocumentState state);

}  // namespace certrelay
