// Goal: documents share nothing (INV-1, INV-7). Method: four renders at once, each held against
// what it is alone and read back; under TSan and ASan too. And memory that is filled before it is
// handed out: whatever of it were printed would differ between two fillings.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstring>
#include <new>
#include <thread>

#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/render_samples.hpp"

namespace {
// What fresh memory is filled with; 0: nothing.
std::atomic<int> filling{0};  // NOLINT: read by every allocation of this program
}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  if (const int with = filling.load(std::memory_order_relaxed)) std::memset(memory, with, size);
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace certrelay {
namespace {

constexpr std::size_t kThreads = 4;
constexpr int kRounds = 40;

CertificateModel household(std::size_t thread, int round) {
  auto model = sample_household_of(1 + (thread * 3 + static_cast<std::size_t>(round)) % 9);
  model.persons[0].name =
      PersonalText("見本　" + std::to_string(thread) + "の" + std::to_string(round));
  model.random_id.fill(static_cast<std::uint8_t>(thread * 40 + static_cast<std::size_t>(round)));
  return model;
}

TEST(ParallelRender, FourAtOnceAreEachTheirOwn) {  // INV-1, INV-3
  const auto& kit = test_render_kit();
  std::array<std::vector<Bytes>, kThreads> made;
  std::array<std::atomic<int>, kThreads> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) {
        const auto model = household(thread, round);
        auto pdf = render_certificate(model, kit).value();
        const auto read = read_back(pdf).value();
        if (!check_readback(read, expectation_of(model), test_readback_rules())) ++wrong[thread];
        made[thread].push_back(std::move(pdf));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    EXPECT_EQ(wrong[thread], 0);
    for (int round = 0; round < kRounds; ++round) {
      const auto alone = render_certificate(household(thread, round), kit).value();
      EXPECT_EQ(made[thread].at(static_cast<std::size_t>(round)), alone);
    }
  }
}

TEST(ParallelRender, NothingOfFreshMemoryIsPrinted) {
  const auto model = sample_household_of(6);
  const auto& kit = test_render_kit();
  const auto plain = render_certificate(model, kit).value();
  for (const int with : {0xA5, 0x3C}) {
    filling = with;
    ::mallopt(M_PERTURB, with);  // what libharu and zlib get
    const auto filled = render_certificate(model, kit).value();
    EXPECT_EQ(filled, plain);
  }
  ::mallopt(M_PERTURB, 0);
  filling = 0;
}

// The other's name, in the code points of its ToUnicode map, is in no byte of the next document.
TEST(ParallelRender, NothingOfOneDocumentIsFoundInTheNext) {  // INV-7
  const auto& kit = test_render_kit();
  auto first = sample_household_of(4);
  first.persons[0].name = PersonalText("鵺　𩸽");
  const auto told = render_certificate(first, kit).value();
  ASSERT_NE(as_text(told).find("9D7A"), std::string_view::npos);      // 鵺
  ASSERT_NE(as_text(told).find("D867DE3D"), std::string_view::npos);  // 𩸽
  for (int round = 0; round < kRounds; ++round) {
    const auto next = render_certificate(sample_household_of(4), kit).value();
    EXPECT_EQ(as_text(next).find("9D7A"), std::string_view::npos);
    EXPECT_EQ(as_text(next).find("D867DE3D"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace certrelay
