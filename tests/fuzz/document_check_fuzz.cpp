#include "firmware/kiosk/document_check.hpp"
#include "protocol/base/check.hpp"

// Whatever the bytes, the reader ends and every tag it reports has the tag's size.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;
  const auto pages = read_subject_tags(as_text({data, size}));
  if (!pages) return 0;
  CERTRELAY_CHECK(!pages.value().empty() && pages.value().size() <= 99);
  for (const auto& page : pages.value()) {
    for (const auto& tag : page) CERTRELAY_CHECK(tag.size() == kSubjectTagSize);
  }
  return 0;
}
