// What anybody who reaches the console may post, and a report's CSV as a page.
#include <cstdlib>

#include "relay/console/visit.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;
  const ByteView bytes(data, size);
  if (const auto form = Form::parse(bytes)) {
    if (form.value().fields().size() > kFormFieldsMax) std::abort();
    static_cast<void>(ledger_request(form.value()).has_value());
    static_cast<void>(signature_in(form.value()).has_value());
    static_cast<void>(parameters_in(form.value()).has_value());
    for (const auto& [name, value] : form.value().fields()) {
      if (text(value).bytes().find('<') != std::string::npos) std::abort();
    }
  }
  static_cast<void>(report_view(as_text(bytes)).bytes());
  return 0;
}
