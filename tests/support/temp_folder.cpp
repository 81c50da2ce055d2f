#include "tests/support/temp_folder.hpp"

#include <cstdlib>

#include "protocol/base/check.hpp"

namespace certrelay::testing {

TempFolder::TempFolder() {
  auto name = (std::filesystem::temp_directory_path() / "certrelay-XXXXXX").string();
  CERTRELAY_CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;  // a folder left behind fails no test
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace certrelay::testing
