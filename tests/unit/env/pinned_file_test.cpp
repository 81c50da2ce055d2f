// What is pinned by a digest stays what it was, whoever writes to the file later: a glyph that was
// exchanged on the disk of a running relay would be printed under another character's name.
#include "relay/env/pinned_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "relay/env/posix_files.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

TEST(PinnedFile, StaysWhatItWasWhenTheFileIsWrittenOver) {
  const testing::TempFolder folder;
  const auto path = folder / "glyphs";
  PosixFiles files;
  const std::string before(10'000, 'a');
  std::ofstream(path) << before;
  const auto pinned = PinnedFile::open(files, path);
  ASSERT_TRUE(pinned);
  std::fstream(path, std::ios::in | std::ios::out) << std::string(10'000, 'b');  // the same inode
  EXPECT_EQ(as_text(pinned.value().bytes()), before);
  std::filesystem::resize_file(path, 1);  // a mapping of the file would be a bus error now
  EXPECT_EQ(as_text(pinned.value().bytes()), before);
}

TEST(PinnedFileDeathTest, NobodyWritesToIt) {
  const testing::TempFolder folder;
  std::ofstream(folder / "glyphs") << "glyphs";
  PosixFiles files;
  const auto pinned = PinnedFile::open(files, folder / "glyphs");
  ASSERT_TRUE(pinned);
  auto* byte = const_cast<std::uint8_t*>(pinned.value().bytes().data());
  EXPECT_DEATH(*byte = 0, "");
}

TEST(PinnedFile, AnAbsentOrEmptyFileIsNone) {
  const testing::TempFolder folder;
  PosixFiles files;
  EXPECT_EQ(PinnedFile::open(files, folder / "none").error().code, ErrorCode::kNotFound);
  std::ofstream(folder / "empty").flush();
  EXPECT_EQ(PinnedFile::open(files, folder / "empty").error().code, ErrorCode::kIoError);
}

}  // namespace
}  // namespace certrelay
