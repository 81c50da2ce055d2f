#include "render/readback/code_stream.hpp"

// Any operators: refused, or one code whose text was corrected from its own modules.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)certrelay::read_code_stream({data, size}).has_value();
  return 0;
}
