#pragma once

#include <string>

#include "firmware/daemon/start_failure.hpp"
#include "protocol/base/result.hpp"

namespace certrelay {

// The value, or a StartFailure that says which thing failed, where in the code's own words, and how
// to mend it.
template <class T>
T started(Result<T> result, const std::string& what, const std::string& mend) {
  if (result) return std::move(result).value();
  throw StartFailure(what + " (" + std::string(result.error().where) + ")", mend);
}
inline void started(const Result<void>& result, const std::string& what, const std::string& mend) {
  if (!result) throw StartFailure(what + " (" + std::string(result.error().where) + ")", mend);
}

}  // namespace certrelay
