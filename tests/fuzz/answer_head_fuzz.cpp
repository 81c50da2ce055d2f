#include "firmware/client/answer_head.hpp"
#include "protocol/base/check.hpp"

// Whatever is accepted keeps what HttpAnswer promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;
  const auto head = parse_answer_head(as_text({data, size}));
  if (!head) return 0;
  CERTRELAY_CHECK(head.value().status >= 200 && head.value().status <= 599);
  for (const HttpHeader& header : head.value().headers) {
    CERTRELAY_CHECK(is_header_name(header.name) && is_header_value(header.value));
    CERTRELAY_CHECK(header.name != "transfer-encoding" && header.name != "content-length");
  }
  const auto body = body_size(head.value(), HttpMethod::kPost, 1000);
  CERTRELAY_CHECK(!body || body.value() <= 1000);
  return 0;
}
