#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "protocol/base/result.hpp"

namespace certrelay {

// A closed set of values and their names on the wire; the one way an enum is read and written.
template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

// "unknown" for a value that the table lacks: only a value cast from a number can be one.
template <class T, std::size_t N>
constexpr std::string_view name_of(const Names<T, N>& names, T value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "unknown";
}

// Errors: kMalformed. `where` is a literal.
template <class T, std::size_t N>
Result<T> value_of(const Names<T, N>& names, std::string_view text, std::string_view where) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return Error{ErrorCode::kMalformed, where};
}

}  // namespace certrelay
