// One table of a closed TOML schema; the first fault sticks and names its table.
#pragma once

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <set>
#include <string>

#include "protocol/base/result.hpp"
#include "render/text/length.hpp"

namespace certrelay {

inline Error invalid_template(std::string_view where) {
  return Error{ErrorCode::kTemplateInvalid, where};
}

class FormTable {
 public:
  // `where` is a literal; it becomes the error's.
  FormTable(const toml::table* table, std::string_view where) : table_(table), where_(where) {
    if (table == nullptr) failed_ = true;
  }

  bool has(std::string_view name) const { return table_ != nullptr && table_->contains(name); }

  // 1 to 300 bytes.
  FormTable& text(std::string_view name, std::string& out);
  FormTable& flag(std::string_view name, bool& out);
  FormTable& count(std::string_view name, std::size_t& out, std::size_t max);
  // Millimetres, 0 to the page's height.
  FormTable& length(std::string_view name, Micrometres& out);
  // As many of them as there are in `outs`: [1, 2.5].
  FormTable& lengths(std::string_view name, std::initializer_list<Micrometres*> outs);
  // Points, 7 to 72, in halves.
  FormTable& size(std::string_view name, HalfPoints& out);

  // Null when absent or no array; then the table is at fault.
  const toml::array* array(std::string_view name);
  FormTable table(std::string_view name, std::string_view where);
  // A table whose members the caller goes through by itself; null when there is none.
  const toml::table* nested(std::string_view name);

  void fail() { failed_ = true; }
  // Errors: kTemplateInvalid: something was absent, ill-typed, out of bounds or not asked for.
  Result<void> end() const;

 private:
  const toml::node* find(std::string_view name);

  const toml::table* table_;
  std::string_view where_;
  std::set<std::string_view> seen_;
  bool failed_ = false;
};

// Millimetres as micrometres. Errors: kTemplateInvalid.
Result<Micrometres> to_length(const toml::node* node);

}  // namespace certrelay
