// PDF's tokens (ISO 32000-1 §7.2, §7.3), enough to walk dictionaries and the first operators.
#pragma once

#include <string_view>

namespace certrelay {

// Takes tokens off the front of a text: "<<", ">>", "[", "]", "/Name", "(string)" with its
// brackets, "<hex>", and every other run of regular characters. Comments are skipped.
class PdfTokens {
 public:
  explicit PdfTokens(std::string_view text) : rest_(text) {}
  // Empty at the end, and where a string or hex string never ends.
  std::string_view next();
  // What has not been taken yet.
  std::string_view rest() const { return rest_; }

 private:
  void skip_white();
  std::string_view take(std::size_t size);
  std::size_t string_size() const;
  std::string_view rest_;
};

}  // namespace certrelay
