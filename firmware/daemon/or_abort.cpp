#include "firmware/daemon/or_abort.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

// Also of works that ran side by side (`a() && b()`) and were cancelled together.
bool is_cancellation(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& ended) {
    return ended.code() == asio::error::operation_aborted;
  } catch (const asio::multiple_exceptions& both) {
    return is_cancellation(both.first_exception());
  } catch (...) {
    return false;
  }
}

}  // namespace

asio::awaitable<void> or_abort(asio::awaitable<void> work) {
  try {
    co_await std::move(work);
  } catch (...) {
    CERTRELAY_CHECK(is_cancellation(std::current_exception()));
  }
}

}  // namespace certrelay
