#include "firmware/kiosk/pdf_objects.hpp"

#include <charconv>
#include <string>

#include "firmware/kiosk/pdf_tokens.hpp"

namespace certrelay {
namespace {

constexpr Error kBad{ErrorCode::kMalformed, "pdf"};
constexpr int kPagesMax = 99;
constexpr int kObjectsMax = 100'000;
constexpr int kDepthMax = 8;
constexpr int kSectionsMax = 16;

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, code] = std::from_chars(text.data(), end, value);
  if (text.empty() || code != std::errc{} || at != end) return std::nullopt;
  return value;
}

// The value that begins at the front of `tokens`, taken off it; empty when it is damaged. A
// reference is one value of three tokens.
std::string_view take_value(PdfTokens& tokens) {
  const std::string_view first = tokens.next();
  if (first.empty()) return {};
  const char* begin = first.data();
  int depth = 0;
  for (std::string_view token = first;; token = tokens.next()) {
    if (token.empty()) return {};
    if (token == "<<" || token == "[") ++depth;
    if (token == ">>" || token == "]") --depth;
    if (depth <= 0) break;
  }
  if (number(first)) {
    PdfTokens ahead = tokens;
    const std::string_view generation = ahead.next();
    if (number(generation) && ahead.next() == "R") tokens = ahead;
  }
  return {begin, static_cast<std::size_t>(tokens.rest().data() - begin)};
}

// "[1 0 R 2 0 R]", or "1 0 R" alone.
Result<std::vector<int>> references(std::string_view text) {
  std::vector<int> out;
  PdfTokens tokens(text);
  const bool is_array = text.starts_with("[");
  if (is_array) tokens.next();
  while (true) {
    const std::string_view value = take_value(tokens);
    if (value.empty() || value == "]") break;
    const auto reference = pdf_reference(value);
    if (!reference) return kBad;
    out.push_back(*reference);
    if (out.size() > kPagesMax) return Error{ErrorCode::kLimitExceeded, "pdf"};
  }
  if (out.empty()) return kBad;
  return out;
}

}  // namespace

std::optional<int> pdf_reference(std::string_view text) {
  PdfTokens tokens(text);
  const auto object = number(tokens.next());
  const auto generation = number(tokens.next());
  if (!object || *object > kObjectsMax || generation != 0U || tokens.next() != "R") {
    return std::nullopt;
  }
  return static_cast<int>(*object);
}

std::optional<std::string_view> pdf_value(std::string_view dictionary, std::string_view key) {
  PdfTokens tokens(dictionary);
  if (tokens.next() != "<<") return std::nullopt;
  while (true) {
    const std::string_view name = tokens.next();
    if (!name.starts_with('/')) return std::nullopt;
    const std::string_view value = take_value(tokens);
    if (value.empty()) return std::nullopt;
    if (name == key) return value;
  }
}

Result<PdfObjects> PdfObjects::read(std::string_view pdf) {
  constexpr std::string_view kStart = "startxref";
  const std::size_t at = pdf.rfind(kStart);
  if (!pdf.starts_with("%PDF-1.") || at == std::string_view::npos) return kBad;
  PdfTokens tokens(pdf.substr(at + kStart.size()));
  PdfObjects out(pdf);
  auto offset = number(tokens.next());
  if (!offset) return kBad;
  for (int i = 0; offset && i < kSectionsMax; ++i) {
    std::optional<std::size_t> previous;
    CERTRELAY_TRY(out.read_section(*offset, previous));
    offset = previous;
  }
  if (offset || out.root_ == 0) return kBad;
  return out;
}

// One table and its trailer. What a newer section said stays.
Result<void> PdfObjects::read_section(std::size_t offset, std::optional<std::size_t>& previous) {
  if (offset >= pdf_.size()) return kBad;
  PdfTokens tokens(pdf_.substr(offset));
  if (tokens.next() != "xref") return kBad;
  while (true) {
    const std::string_view word = tokens.next();
    if (word == "trailer") break;
    const auto first = number(word);
    const auto count = number(tokens.next());
    if (!first || !count || *first + *count > kObjectsMax) return kBad;
    for (std::size_t i = 0; i < *count; ++i) {
      const auto where = number(tokens.next());
      const auto generation = number(tokens.next());
      const std::string_view kind = tokens.next();
      if (!where || !generation || (kind != "n" && kind != "f")) return kBad;
      if (kind == "n") offsets_.emplace(static_cast<int>(*first + i), *where);
    }
  }
  const std::string_view trailer = take_value(tokens);
  if (root_ == 0) {
    const auto root = pdf_reference(pdf_value(trailer, "/Root").value_or(""));
    if (!root) return kBad;
    root_ = *root;
  }
  if (const auto text = pdf_value(trailer, "/Prev")) {
    previous = number(*text);
    if (!previous) return kBad;
  }
  return ok();
}

Result<std::string_view> PdfObjects::object(int wanted) const {
  const auto found = offsets_.find(wanted);
  if (found == offsets_.end() || found->second >= pdf_.size()) return kBad;
  PdfTokens tokens(pdf_.substr(found->second));
  if (number(tokens.next()) != static_cast<std::size_t>(wanted) || number(tokens.next()) != 0U ||
      tokens.next() != "obj") {
    return kBad;
  }
  const std::string_view value = take_value(tokens);
  if (value.empty()) return kBad;
  return value;
}

Result<std::string_view> PdfObjects::plain_stream(int wanted) const {
  CERTRELAY_TRY(const std::string_view dictionary, object(wanted));
  if (pdf_value(dictionary, "/Filter") || pdf_value(dictionary, "/F")) return kBad;
  std::string_view length_text = pdf_value(dictionary, "/Length").value_or("");
  if (const auto reference = pdf_reference(length_text)) {
    CERTRELAY_TRY(length_text, object(*reference));
  }
  const auto length = number(length_text);
  if (!length) return kBad;
  const auto end_of_dictionary =
      static_cast<std::size_t>(dictionary.data() + dictionary.size() - pdf_.data());
  PdfTokens tokens(pdf_.substr(end_of_dictionary));
  if (tokens.next() != "stream") return kBad;
  std::string_view data = tokens.rest();
  if (data.starts_with("\r\n")) {
    data.remove_prefix(2);
  } else if (data.starts_with('\n')) {
    data.remove_prefix(1);
  } else {
    return kBad;
  }
  if (*length > data.size()) return kBad;
  if (PdfTokens(data.substr(*length)).next() != "endstream") return kBad;
  return data.substr(0, *length);
}

Result<void> PdfObjects::add_pages(int node, int depth, std::vector<int>& out) const {
  if (depth > kDepthMax) return Error{ErrorCode::kLimitExceeded, "pdf: page tree"};
  CERTRELAY_TRY(const std::string_view dictionary, object(node));
  const auto type = pdf_value(dictionary, "/Type");
  if (type == "/Page") {
    out.push_back(node);
    if (out.size() > kPagesMax) return Error{ErrorCode::kLimitExceeded, "pdf: pages"};
    return ok();
  }
  if (type != "/Pages") return kBad;
  CERTRELAY_TRY(const auto kids, references(pdf_value(dictionary, "/Kids").value_or("")));
  for (const int kid : kids) {
    CERTRELAY_TRY(add_pages(kid, depth + 1, out));
  }
  return ok();
}

Result<std::vector<int>> PdfObjects::pages() const {
  CERTRELAY_TRY(const std::string_view catalog, object(root_));
  const auto tree = pdf_reference(pdf_value(catalog, "/Pages").value_or(""));
  if (!tree) return kBad;
  std::vector<int> out;
  CERTRELAY_TRY(add_pages(*tree, 0, out));
  return out;
}

Result<std::vector<int>> PdfObjects::contents(int page) const {
  CERTRELAY_TRY(const std::string_view dictionary, object(page));
  const auto value = pdf_value(dictionary, "/Contents");
  if (!value) return kBad;
  // libharu writes the array as an object of its own where a page has several streams.
  if (const auto reference = pdf_reference(*value)) {
    CERTRELAY_TRY(const std::string_view target, object(*reference));
    if (target.starts_with("[")) return references(target);
  }
  return references(*value);
}

}  // namespace certrelay
