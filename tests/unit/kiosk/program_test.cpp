#include "firmware/kiosk/program.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

TEST(RunFilter, PassesMoreThanAPipeHolds) {
  Bytes input(std::size_t{3} * 1024 * 1024);
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::uint8_t>(i * 7);
  EXPECT_EQ(run_filter({"cat"}, input).value(), input);
}

TEST(RunFilter, GivesNothingOfAProgramThatFailed) {
  EXPECT_EQ(run_filter({"false"}, as_bytes("x")).error().code, ErrorCode::kProgramFailed);
  EXPECT_EQ(run_filter({"certrelay-no-such-program"}, {}).error().code, ErrorCode::kNotFound);
}

TEST(RunFilter, EndsWhenTheProgramReadsNoInput) {
  EXPECT_TRUE(run_filter({"true"}, Bytes(std::size_t{1} << 20)).value().empty());
}

}  // namespace
}  // namespace certrelay
