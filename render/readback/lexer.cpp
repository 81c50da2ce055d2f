#include "render/readback/lexer.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

constexpr Error kBadSyntax{ErrorCode::kPdfUnreadable, "readback: syntax"};
constexpr int kDepthMax = 8;
constexpr std::size_t kReserveMax = 1024;

// By table: every character of a page is asked for what it is.
enum class Class : std::uint8_t { kRegular, kSpace, kOther };
constexpr auto kClasses = [] {
  std::array<Class, 256> table{};
  for (const char c : {' ', '\n', '\r', '\t'})
    table.at(static_cast<unsigned char>(c)) = Class::kSpace;
  for (const char c : {'<', '>', '[', ']', '(', ')', '/', '%', '{', '}', '\0'}) {
    table.at(static_cast<unsigned char>(c)) = Class::kOther;
  }
  return table;
}();

Class class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }
bool is_space(char c) { return class_of(c) == Class::kSpace; }
bool is_regular(char c) { return class_of(c) == Class::kRegular; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::ptrdiff_t kDigitsMax = 12;
constexpr std::ptrdiff_t kDecimalsMax = 6;
constexpr std::array<std::int64_t, 7> kPowersOfTen{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};

// By table: a page has some ten thousand hexadecimal digits. -1: none.
constexpr auto kHexValues = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i)
    table.at(static_cast<std::size_t>('0' + i)) = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    table.at(static_cast<std::size_t>('A' + i)) = static_cast<std::int8_t>(10 + i);
    table.at(static_cast<std::size_t>('a' + i)) = static_cast<std::int8_t>(10 + i);
  }
  return table;
}();

int hex_digit(char c) { return kHexValues[static_cast<unsigned char>(c)]; }

}  // namespace

std::uint8_t PdfString::at(std::size_t index) const {
  if (!hex) return static_cast<std::uint8_t>(raw[index]);
  return static_cast<std::uint8_t>(hex_digit(raw[2 * index]) << 4 | hex_digit(raw[2 * index + 1]));
}

std::size_t PdfString::pair_at(std::size_t index) const {
  if (!hex) return static_cast<std::size_t>(at(index)) << 8 | at(index + 1);
  const char* const digits = raw.data() + 2 * index;
  return static_cast<std::size_t>(hex_digit(digits[0]) << 12 | hex_digit(digits[1]) << 8 |
                                  hex_digit(digits[2]) << 4 | hex_digit(digits[3]));
}

Bytes PdfString::bytes() const {
  Bytes out(size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(i);
  return out;
}

const PdfValue* find_entry(const PdfDictionary& dictionary, std::string_view name) {
  for (const auto& [key, value] : dictionary) {
    if (key == name) return &value;
  }
  return nullptr;
}

bool is_name(const PdfDictionary& dictionary, std::string_view key, std::string_view expected) {
  const auto* name = as<PdfName>(find_entry(dictionary, key));
  return name != nullptr && name->text == expected;
}

void PdfLexer::skip_space() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
}

char PdfLexer::peek() {
  skip_space();
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool PdfLexer::accept(std::string_view word) {
  skip_space();
  if (!text_.substr(at_).starts_with(word)) return false;
  const std::size_t end = at_ + word.size();
  if (end < text_.size() && is_regular(text_[end]) && is_regular(word.back())) return false;
  at_ = end;
  return true;
}

std::string_view PdfLexer::keyword() {
  skip_space();
  const std::size_t start = at_;
  while (at_ < text_.size() && is_regular(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

Result<PdfValue> PdfLexer::value(bool references, int depth) {
  if (depth > kDepthMax) return kBadSyntax;
  const char first = peek();
  if (first == '/') {
    CERTRELAY_TRY(const auto value, name());
    return PdfValue(value);
  }
  if (first == '[') return array(references, depth);
  if (first == '(') {
    CERTRELAY_TRY(auto value, literal_string());
    return PdfValue(std::move(value));
  }
  if (first == '<') {
    if (text_.substr(at_).starts_with("<<")) return dictionary(references, depth);
    CERTRELAY_TRY(auto value, hex_string());
    return PdfValue(std::move(value));
  }
  if (accept("true")) return PdfValue(PdfTrue{});
  return number_or_reference(references);
}

Result<PdfNumber> PdfLexer::number() {
  PdfNumber out{};
  if (!take_number(out)) return kBadSyntax;
  return out;
}

// Over a pointer of its own: through the object every character would be a load and a store.
bool PdfLexer::take_number(PdfNumber& out) {
  skip_space();
  const char* const end = text_.data() + text_.size();
  const char* at = text_.data() + at_;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  std::int64_t value = 0;
  // One digit too many is taken, and then refused: the value always holds them.
  const auto take_digits = [&](std::ptrdiff_t most) {
    const char* const first = at;
    const char* const stop = at + std::min(most + 1, end - at);
    for (; at != stop && is_digit(*at); ++at) value = value * 10 + (*at - '0');
    return at - first;
  };
  const auto before = take_digits(kDigitsMax);
  std::ptrdiff_t behind = 0;
  if (before <= kDigitsMax && at != end && *at == '.') {
    ++at;
    behind = take_digits(std::min(kDecimalsMax, kDigitsMax - before));
  }
  at_ = static_cast<std::size_t>(at - text_.data());
  if (before + behind == 0 || before + behind > kDigitsMax || behind > kDecimalsMax ||
      (at != end && is_regular(*at))) {
    return false;
  }
  value *= kPowersOfTen[static_cast<std::size_t>(kDecimalsMax - behind)];
  out.millionths = negative ? -value : value;
  return true;
}

bool PdfLexer::at_string() {
  const char first = peek();
  return first == '(' || (first == '<' && !text_.substr(at_).starts_with("<<"));
}

Result<PdfString> PdfLexer::string() {
  if (!at_string()) return kBadSyntax;
  return text_[at_] == '(' ? literal_string() : hex_string();
}

Result<PdfValue> PdfLexer::number_or_reference(bool references) {
  CERTRELAY_TRY(const auto first, number());
  if (!references || !first.whole() || first.millionths <= 0) return PdfValue(first);
  // "12 0 R"
  const std::size_t back = at_;
  skip_space();
  if (at_ < text_.size() && text_[at_] == '0') {
    ++at_;
    if (accept("R")) return PdfValue(PdfReference{static_cast<std::size_t>(first.integer())});
  }
  at_ = back;
  return PdfValue(first);
}

Result<PdfName> PdfLexer::name() {
  ++at_;
  const auto text = keyword();
  if (text.empty() || text.find('#') != std::string_view::npos) return kBadSyntax;
  return PdfName{text};
}

Result<PdfString> PdfLexer::hex_string() {
  const std::size_t start = ++at_;
  std::size_t end = start;
  while (end < text_.size() && hex_digit(text_[end]) >= 0) ++end;
  at_ = end;
  const auto raw = text_.substr(start, end - start);
  if (raw.size() % 2 != 0 || at_ >= text_.size() || text_[at_] != '>') return kBadSyntax;
  ++at_;
  return PdfString{raw, true};
}

// No escapes and no parentheses inside: ours need none.
Result<PdfString> PdfLexer::literal_string() {
  const auto end = text_.find_first_of("()\\", at_ + 1);
  if (end == std::string_view::npos || text_[end] != ')') return kBadSyntax;
  const auto body = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return PdfString{body, false};
}

Result<PdfValue> PdfLexer::array(bool references, int depth) {
  ++at_;
  PdfArray out;
  // A font's widths are hundreds of numbers of four characters; moving them again costs more.
  const auto end = text_.find(']', at_);
  out.reserve(std::min((std::min(end, text_.size()) - at_) / 4 + 1, kReserveMax));
  while (peek() != ']') {
    CERTRELAY_TRY(auto item, value(references, depth + 1));
    out.push_back(std::move(item));
  }
  ++at_;
  return PdfValue(std::move(out));
}

Result<PdfValue> PdfLexer::dictionary(bool references, int depth) {
  at_ += 2;
  PdfDictionary out;
  while (peek() != '>') {
    if (peek() != '/') return kBadSyntax;
    CERTRELAY_TRY(const auto key, name());
    if (find_entry(out, key.text) != nullptr) return kBadSyntax;
    CERTRELAY_TRY(auto item, value(references, depth + 1));
    out.emplace_back(key.text, std::move(item));
  }
  if (!text_.substr(at_).starts_with(">>")) return kBadSyntax;
  at_ += 2;
  return PdfValue(std::move(out));
}

}  // namespace certrelay
