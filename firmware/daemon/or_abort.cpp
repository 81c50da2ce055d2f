#include "firmware/daemon/or_abort.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "protocol/base/check.hpp"

namespace certrelay {

boost::asio::awaitable<void> or_abort(boost::asio::awaitable<void> work) {
  try {
    co_await std::move(work);
  } catch (const boost::system::system_error& ended) {
    CERTRELAY_CHECK(ended.code() == boost::asio::error::operation_aborted);
  } catch (...) {
    CERTRELAY_CHECK(!"work that nobody awaits threw");
  }
}

}  // namespace certrelay
