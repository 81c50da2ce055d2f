#include "tests/support/own_stack.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "protocol/base/check.hpp"

namespace certrelay::testing {
namespace {

constexpr std::size_t kSize = std::size_t{1} << 20;
constexpr std::size_t kPage = 4096;
constexpr char kUnwritten = '\xA5';

struct Free {
  void operator()(char* memory) const { std::free(memory); }
};

void* run(void* work) {
  (*static_cast<const std::function<void()>*>(work))();
  return nullptr;
}

}  // namespace

std::string stack_after(const std::function<void()>& work) {
  const std::unique_ptr<char, Free> stack(static_cast<char*>(std::aligned_alloc(kPage, kSize)));
  CERTRELAY_CHECK(stack != nullptr);
  std::fill_n(stack.get(), kSize, kUnwritten);
  pthread_attr_t how;
  CERTRELAY_CHECK(::pthread_attr_init(&how) == 0);
  CERTRELAY_CHECK(::pthread_attr_setstack(&how, stack.get(), kSize) == 0);
  pthread_t thread{};
  CERTRELAY_CHECK(::pthread_create(&thread, &how, run, const_cast<std::function<void()>*>(&work)) ==
                  0);
  CERTRELAY_CHECK(::pthread_join(thread, nullptr) == 0);
  CERTRELAY_CHECK(::pthread_attr_destroy(&how) == 0);
  return {stack.get(), kSize};
}

std::size_t depth_of(const std::string& stack) {
  const auto first = stack.find_first_not_of(kUnwritten);
  return first == std::string::npos ? 0 : stack.size() - first;
}

}  // namespace certrelay::testing
