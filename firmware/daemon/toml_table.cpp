#include "firmware/daemon/toml_table.hpp"

#include "firmware/daemon/start_failure.hpp"

namespace certrelay {

void TomlTable::refuse(std::string_view key, const std::string& expected) const {
  const std::string where = name_.empty() ? std::string(key) : name_ + "." + std::string(key);
  throw StartFailure(file_ + ": " + where, expected);
}

const toml::node* TomlTable::find(std::string_view key) {
  seen_.emplace(key);
  return table_->get(key);
}

std::string TomlTable::text(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr || !node->is_string()) refuse(key, "is missing or no text; write a string");
  return **node->as_string();
}

std::string TomlTable::text_or(std::string_view key, std::string_view otherwise) {
  return find(key) == nullptr ? std::string(otherwise) : text(key);
}

bool TomlTable::flag_or(std::string_view key, bool otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (!node->is_boolean()) refuse(key, "write true or false");
  return **node->as_boolean();
}

std::int64_t TomlTable::number_or(std::string_view key, std::int64_t otherwise, std::int64_t min,
                                  std::int64_t max) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  const auto range = std::to_string(min) + " to " + std::to_string(max);
  if (!node->is_integer()) refuse(key, "write a whole number, " + range);
  const std::int64_t value = **node->as_integer();
  if (value < min || value > max) refuse(key, "is out of range; write " + range);
  return value;
}

std::vector<std::string> TomlTable::texts(std::string_view key, std::size_t min) {
  const auto* node = find(key);
  std::vector<std::string> out;
  if (node != nullptr) {
    if (!node->is_array()) refuse(key, "write a list of strings");
    for (const auto& item : *node->as_array()) {
      if (!item.is_string()) refuse(key, "write a list of strings");
      out.push_back(**item.as_string());
    }
  }
  if (out.size() < min) refuse(key, "needs at least " + std::to_string(min) + " entry");
  return out;
}

TomlTable TomlTable::table(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr || !node->is_table()) refuse(key, "is missing; write a [table]");
  return {*node->as_table(), file_,
          name_.empty() ? std::string(key) : name_ + "." + std::string(key)};
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  const auto* node = find(key);
  std::vector<TomlTable> out;
  if (node == nullptr) return out;
  if (!node->is_array()) refuse(key, "write [[" + std::string(key) + "]] tables");
  for (const auto& item : *node->as_array()) {
    if (!item.is_table()) refuse(key, "write [[" + std::string(key) + "]] tables");
    out.emplace_back(*item.as_table(), file_,
                     std::string(key) + "[" + std::to_string(out.size()) + "]");
  }
  return out;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, value] : *table_) out.emplace_back(key.str());
  return out;
}

void TomlTable::finish() const {
  for (const auto& [key, value] : *table_) {
    if (!seen_.contains(key.str())) refuse(key.str(), "is no known key; remove it or correct it");
  }
}

toml::table parse_toml(const std::string& text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    throw StartFailure(path + ":" + std::to_string(error.source().begin.line),
                       "is not valid TOML (" + std::string(error.description()) + ")");
  }
}

}  // namespace certrelay
