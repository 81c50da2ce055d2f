#include "firmware/kiosk/pdf_tokens.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kWhite{"\0\t\n\f\r ", 6};
constexpr std::string_view kDelimiters = "()<>[]{}/%";

bool is_regular(char c) {
  return kWhite.find(c) == std::string_view::npos && kDelimiters.find(c) == std::string_view::npos;
}

}  // namespace

void PdfTokens::skip_white() {
  while (!rest_.empty()) {
    if (kWhite.find(rest_.front()) != std::string_view::npos) {
      rest_.remove_prefix(1);
    } else if (rest_.front() == '%') {
      rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_of("\r\n")));
    } else {
      return;
    }
  }
}

std::string_view PdfTokens::take(std::size_t size) {
  const std::string_view token = rest_.substr(0, size);
  rest_.remove_prefix(token.size());
  return token;
}

// Of the "(...)" at the front, its brackets included; 0 when it never ends.
std::size_t PdfTokens::string_size() const {
  int depth = 0;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    if (rest_[i] == '\\') {
      ++i;
    } else if (rest_[i] == '(') {
      ++depth;
    } else if (rest_[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

std::string_view PdfTokens::next() {
  skip_white();
  if (rest_.empty()) return {};
  if (rest_.starts_with("<<") || rest_.starts_with(">>")) return take(2);
  if (rest_.front() == '(') return take(string_size());
  if (rest_.front() == '<') return take(rest_.find('>') + 1);  // npos + 1 is 0: never ends
  if (rest_.front() != '/' && !is_regular(rest_.front())) return take(1);
  std::size_t size = 1;
  while (size < rest_.size() && is_regular(rest_[size])) ++size;
  return take(size);
}

}  // namespace certrelay
