#include "render/builtin_forms.hpp"

namespace certrelay {

std::optional<FormSource> builtin_form(std::string_view name, CertificateKind kind) {
  if (name == "household") {
    return FormSource{kind, default_household_template(), default_household_rules()};
  }
  if (name == "individual") {
    return FormSource{kind, default_individual_template(), default_individual_rules()};
  }
  if (name == "record") {
    return FormSource{kind, default_record_template(), default_record_rules()};
  }
  return std::nullopt;
}

std::string_view usual_form(CertificateKind kind) {
  return kind == CertificateKind::kKisaiJiko ? "record" : "household";
}

}  // namespace certrelay
