#include "protocol/extract/checked_source.hpp"

namespace certrelay {

Error CheckedSource::fault(ErrorCode code, std::string_view rule, std::string_view mend) {
  diagnostics_->reject({expected_->name, 0, {}, rule, mend, code});
  return {code, "extract: file"};
}

Result<std::size_t> CheckedSource::read(std::span<std::uint8_t> out) {
  if (ended_) return std::size_t{0};
  CERTRELAY_TRY(const std::size_t count, source_->read(out));
  count_ += count;
  if (count_ > expected_->bytes) {
    return fault(ErrorCode::kExtractIncomplete, "length", "manifest.jsonより長いファイルです。");
  }
  if (count > 0) {
    hash_.add(ByteView(out.data(), count));
    return count;
  }
  ended_ = true;
  if (count_ < expected_->bytes) {
    return fault(ErrorCode::kExtractIncomplete, "length",
                 "manifest.jsonより短いファイルです。もう一度出力してください。");
  }
  if (hash_.finish() != expected_->sha256) {
    return fault(ErrorCode::kDigestMismatch, "digest",
                 "SHA-256がmanifest.jsonと違います。もう一度出力してください。");
  }
  return std::size_t{0};
}

}  // namespace certrelay
