// A table of the configuration, read as a closed schema: each key once, then finish().
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace certrelay {

inline constexpr std::size_t kConfigBytesMax = std::size_t{1024} * 1024;

// Every member throws StartFailure naming the file, the key and what belongs there. The toml::table
// must outlive this object.
class TomlTable {
 public:
  TomlTable(const toml::table& table, std::string file, std::string name)
      : table_(&table), file_(std::move(file)), name_(std::move(name)) {}

  std::string text(std::string_view key);
  std::string text_or(std::string_view key, std::string_view otherwise);
  bool flag_or(std::string_view key, bool otherwise);
  // Within [min, max].
  std::int64_t number_or(std::string_view key, std::int64_t otherwise, std::int64_t min,
                         std::int64_t max);
  // At least `min` texts; absent counts as none.
  std::vector<std::string> texts(std::string_view key, std::size_t min);
  TomlTable table(std::string_view key);
  bool has(std::string_view key) const { return table_->contains(key); }
  // The tables of [[key]], or of key = [{...}].
  std::vector<TomlTable> tables(std::string_view key);
  std::vector<std::string> keys() const;
  // Refuses a key that nothing above asked for: a typing error must not pass silently.
  void finish() const;
  [[noreturn]] void refuse(std::string_view key, const std::string& expected) const;

 private:
  const toml::node* find(std::string_view key);
  const toml::table* table_;
  std::string file_;
  std::string name_;
  std::set<std::string, std::less<>> seen_;
};

// `path` is for the failure. Throws StartFailure.
toml::table parse_toml(const std::string& text, const std::string& path);

}  // namespace certrelay
