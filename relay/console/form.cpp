#include "relay/console/form.hpp"

#include <algorithm>

#include "protocol/base/utf8.hpp"
#include "protocol/ids/text_id.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kFieldLetters = "abcdefghijklmnopqrstuvwxyz_";
constexpr std::size_t kFieldNameMax = 32;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::string> unescaped(std::string_view from) {
  std::string out;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] == '+') {
      out += ' ';
    } else if (from[i] != '%') {
      out += from[i];
    } else {
      const int high = i + 2 < from.size() ? hex_value(from[i + 1]) : -1;
      const int low = i + 2 < from.size() ? hex_value(from[i + 2]) : -1;
      if (high < 0 || low < 0) return Error{ErrorCode::kMalformed, "form: escape"};
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

}  // namespace

Result<Form> Form::parse(ByteView body) {
  Form out;
  auto rest = as_text(body);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto field = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = field.find('=');
    const auto name = field.substr(0, equals);
    if (!is_text_of(name, kFieldLetters, 1, kFieldNameMax) || equals == std::string_view::npos) {
      return Error{ErrorCode::kMalformed, "form: field"};
    }
    if (out.fields_.size() == kFormFieldsMax) return Error{ErrorCode::kLimitExceeded, "form"};
    CERTRELAY_TRY(auto value, unescaped(field.substr(equals + 1)));
    if (value.size() > kFormValueMax) return Error{ErrorCode::kLimitExceeded, "form: value"};
    if (!is_strict_utf8(value)) return Error{ErrorCode::kInvalidUtf8, "form: value"};
    const bool twice =
        std::ranges::any_of(out.fields_, [&](const auto& known) { return known.first == name; });
    if (twice) return Error{ErrorCode::kDuplicateName, "form: field twice"};
    out.fields_.emplace_back(std::string(name), std::move(value));
  }
  return out;
}

std::string_view Form::get(std::string_view name) const {
  for (const auto& [known, value] : fields_) {
    if (known == name) return value;
  }
  return {};
}

}  // namespace certrelay
