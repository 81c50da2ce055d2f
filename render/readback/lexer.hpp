// Tokens and values of PDF syntax, as the reader accepts it: the closed subset that our documents
// consist of (ISO 32000-1, 7.2 and 7.3). Anything else is kPdfUnreadable.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

inline Error unreadable(std::string_view where) { return Error{ErrorCode::kPdfUnreadable, where}; }

struct PdfReference {
  std::size_t number;
};
struct PdfName {
  std::string_view text;  // without the slash; names with # escapes are not accepted
};
// In millionths; more than six decimals are not accepted.
struct PdfNumber {
  std::int64_t millionths;
  bool whole() const { return millionths % 1'000'000 == 0; }
  std::int64_t integer() const { return millionths / 1'000'000; }
};
// Views the file; decoded where it is looked at, because a page has a thousand of them.
struct PdfString {
  std::string_view raw;  // between the brackets, checked by the lexer
  bool hex;

  std::size_t size() const { return hex ? raw.size() / 2 : raw.size(); }
  std::uint8_t at(std::size_t index) const;
  // Two bytes from `index` on, big-endian.
  std::size_t pair_at(std::size_t index) const;
  Bytes bytes() const;
};
// The one boolean that our files have.
struct PdfTrue {};
struct PdfValue;
using PdfArray = std::vector<PdfValue>;
using PdfDictionary = std::vector<std::pair<std::string_view, PdfValue>>;
struct PdfValue : std::variant<std::monostate, PdfReference, PdfName, PdfNumber, PdfString,
                               PdfArray, PdfDictionary, PdfTrue> {
  using variant::variant;
};

// Null where the value is of another type.
template <class T>
const T* as(const PdfValue* value) {
  return value == nullptr ? nullptr : std::get_if<T>(value);
}

// Null when absent. A name that occurs twice is refused by the lexer.
const PdfValue* find_entry(const PdfDictionary& dictionary, std::string_view name);

// Whether the entry is there and is that name.
bool is_name(const PdfDictionary& dictionary, std::string_view key, std::string_view expected);

class PdfLexer {
 public:
  explicit PdfLexer(ByteView bytes, std::size_t at = 0) : text_(as_text(bytes)), at_(at) {}

  void skip_space();
  bool at_end() {
    skip_space();
    return at_ >= text_.size();
  }
  std::size_t position() const { return at_; }
  // Consumes `word` when it comes next as a whole token.
  bool accept(std::string_view word);
  // A token of regular characters: an operator or keyword.
  std::string_view keyword();
  Result<PdfNumber> number();
  // The same, false instead of an error: a page has thousands of them.
  bool take_number(PdfNumber& out);
  // Whether a string comes next, and no dictionary.
  bool at_string();
  Result<PdfString> string();
  // First character of the next token, NUL at the end.
  char peek();

  // A number, name, string, array or dictionary; references where `references`.
  Result<PdfValue> value(bool references, int depth = 0);

 private:
  Result<PdfValue> number_or_reference(bool references);
  Result<PdfName> name();
  Result<PdfString> hex_string();
  Result<PdfString> literal_string();
  Result<PdfValue> array(bool references, int depth);
  Result<PdfValue> dictionary(bool references, int depth);

  std::string_view text_;
  std::size_t at_;
};

}  // namespace certrelay
