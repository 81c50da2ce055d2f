#include "relay/registry/read_window.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace certrelay {
namespace {

// A hundred bytes, each its own offset; counts what is asked of it.
class CountedFile final : public File {
 public:
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    ++reads;
    if (broken) return Error{ErrorCode::kIoError, "here"};
    std::size_t done = 0;
    for (; done < out.size() && offset + done < 100; ++done) {
      out[done] = static_cast<std::uint8_t>(offset + done);
    }
    return done;
  }
  Result<void> write_at(std::uint64_t, ByteView) override { return ok(); }
  Result<void> truncate(std::uint64_t) override { return ok(); }
  Result<std::uint64_t> size() override { return 100; }
  Result<void> sync() override { return ok(); }
  Result<void> lock() override { return ok(); }
  int reads = 0;
  bool broken = false;
};

struct ReadWindowTest : ::testing::Test {
  // What the window shows from `offset` on, after checking each byte.
  std::size_t seen(std::uint64_t offset, std::size_t size, std::size_t around) {
    const auto view = window.at(file, offset, size, around).value();
    for (std::size_t i = 0; i < view.size(); ++i) EXPECT_EQ(view[i], offset + i);
    return view.size();
  }
  CountedFile file;
  ReadWindow window;
};

TEST_F(ReadWindowTest, ANeighbourOnEitherSideNeedsNoReadOfItsOwn) {
  EXPECT_EQ(seen(50, 10, 20), 10U);
  EXPECT_EQ(seen(30, 20, 20), 20U);  // the first byte that was read on the left
  EXPECT_EQ(seen(60, 20, 20), 20U);  // the last on the right
  EXPECT_EQ(file.reads, 1);
  EXPECT_EQ(seen(29, 1, 0), 1U);  // one past the limit
  EXPECT_EQ(file.reads, 2);
  EXPECT_EQ(seen(50, 10, 20), 10U);
  EXPECT_EQ(seen(60, 21, 0), 21U);
  EXPECT_EQ(file.reads, 4);
}

TEST_F(ReadWindowTest, AtTheFilesTwoEndsThereIsNoMore) {
  EXPECT_EQ(seen(5, 10, 20), 10U);
  EXPECT_EQ(seen(0, 35, 20), 35U);
  EXPECT_EQ(file.reads, 1);
  EXPECT_EQ(seen(95, 10, 0), 5U);
  EXPECT_EQ(seen(100, 10, 0), 0U);
  EXPECT_EQ(seen(1000, 10, 5), 0U);
}

TEST_F(ReadWindowTest, AFailedReadLeavesNothingToBeSeen) {
  EXPECT_EQ(seen(50, 10, 0), 10U);
  file.broken = true;
  EXPECT_EQ(window.at(file, 60, 10, 0).error().code, ErrorCode::kIoError);
  EXPECT_EQ(window.at(file, 60, 10, 0).error().code, ErrorCode::kIoError);
  file.broken = false;
  EXPECT_EQ(seen(60, 10, 0), 10U);
}

}  // namespace
}  // namespace certrelay
