#include "render/form/form_table.hpp"

#include <cmath>

namespace certrelay {
namespace {

constexpr double kPageMillimetres = 297;
constexpr std::size_t kTextMax = 300;

}  // namespace

Result<Micrometres> to_length(const toml::node* node) {
  const Error wrong{ErrorCode::kTemplateInvalid, "template: length"};
  if (node == nullptr || !node->is_number()) return wrong;
  const auto value = node->value<double>();
  if (!value || !(*value >= 0 && *value <= kPageMillimetres)) return wrong;
  return static_cast<Micrometres>(std::llround(*value * 1000));
}

const toml::node* FormTable::find(std::string_view name) {
  if (table_ == nullptr) return nullptr;
  seen_.insert(name);
  return table_->get(name);
}

FormTable& FormTable::text(std::string_view name, std::string& out) {
  const auto* node = find(name);
  const auto* value = node == nullptr ? nullptr : node->as_string();
  if (value == nullptr || value->get().empty() || value->get().size() > kTextMax) {
    failed_ = true;
    return *this;
  }
  out = value->get();
  return *this;
}

FormTable& FormTable::flag(std::string_view name, bool& out) {
  const auto* node = find(name);
  const auto* value = node == nullptr ? nullptr : node->as_boolean();
  if (value == nullptr) {
    failed_ = true;
    return *this;
  }
  out = value->get();
  return *this;
}

FormTable& FormTable::count(std::string_view name, std::size_t& out, std::size_t max) {
  const auto* node = find(name);
  const auto* value = node == nullptr ? nullptr : node->as_integer();
  if (value == nullptr || value->get() < 1 || value->get() > static_cast<std::int64_t>(max)) {
    failed_ = true;
    return *this;
  }
  out = static_cast<std::size_t>(value->get());
  return *this;
}

FormTable& FormTable::length(std::string_view name, Micrometres& out) {
  const auto value = to_length(find(name));
  if (value) out = value.value();
  failed_ = failed_ || !value;
  return *this;
}

FormTable& FormTable::lengths(std::string_view name, std::initializer_list<Micrometres*> outs) {
  const auto* values = array(name);
  if (values == nullptr || values->size() != outs.size()) {
    failed_ = true;
    return *this;
  }
  std::size_t i = 0;
  for (auto* out : outs) {
    const auto value = to_length(values->get(i++));
    if (value) *out = value.value();
    failed_ = failed_ || !value;
  }
  return *this;
}

FormTable& FormTable::size(std::string_view name, HalfPoints& out) {
  const auto* node = find(name);
  const auto value = node == nullptr ? std::optional<double>() : node->value<double>();
  if (!value || !(*value >= 7 && *value <= 72) || *value * 2 != std::floor(*value * 2)) {
    failed_ = true;
    return *this;
  }
  out = static_cast<HalfPoints>(*value * 2);
  return *this;
}

const toml::array* FormTable::array(std::string_view name) {
  const auto* node = find(name);
  if (node == nullptr || !node->is_array()) failed_ = true;
  return failed_ ? nullptr : node->as_array();
}

FormTable FormTable::table(std::string_view name, std::string_view where) {
  const auto* node = find(name);
  return {node == nullptr ? nullptr : node->as_table(), where};
}

const toml::table* FormTable::nested(std::string_view name) {
  const auto* node = find(name);
  return node == nullptr ? nullptr : node->as_table();
}

Result<void> FormTable::end() const {
  if (failed_ || table_ == nullptr || table_->size() != seen_.size()) {
    return Error{ErrorCode::kTemplateInvalid, where_};
  }
  return ok();
}

}  // namespace certrelay
