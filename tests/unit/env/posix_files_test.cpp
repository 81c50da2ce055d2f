#include "relay/env/posix_files.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

class PosixFilesTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ / name; }
  testing::TempFolder folder_;
  PosixFiles files_;
};

TEST_F(PosixFilesTest, NewFilesAndFoldersBelongToTheOwnerAlone) {
  ASSERT_TRUE(files_.open(path("file"), OpenMode::kCreate));
  ASSERT_TRUE(files_.make_folder(path("folder")));
  EXPECT_EQ(files_.info(path("file")).value().mode, 0600U);
  EXPECT_EQ(files_.info(path("folder")).value().mode, 0700U);
  EXPECT_EQ(files_.info(path("folder")).value().kind, FileInfo::Kind::kFolder);
}

TEST_F(PosixFilesTest, ReadsWhatItWroteAndFewerBytesAtTheEndOnly) {
  auto file = files_.open(path("a"), OpenMode::kCreateNew).value();
  ASSERT_TRUE(file->write_at(2, as_bytes("xyz")));
  ASSERT_TRUE(file->sync());
  Bytes out(8);
  EXPECT_EQ(file->read_at(0, out).value(), 5U);
  EXPECT_EQ(to_hex(ByteView(out).first(5)), "000078797a");
  ASSERT_TRUE(file->truncate(3));
  EXPECT_EQ(file->size().value(), 3U);
}

TEST_F(PosixFilesTest, OpenSaysWhatIsWrong) {
  EXPECT_EQ(files_.open(path("none"), OpenMode::kRead).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.open(path("none"), OpenMode::kReadWrite).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(files_.open(path("a"), OpenMode::kCreateNew));
  EXPECT_EQ(files_.open(path("a"), OpenMode::kCreateNew).error().code, ErrorCode::kAlreadyExists);
}

TEST_F(PosixFilesTest, NeverWritesThroughASymbolicLink) {
  ASSERT_TRUE(files_.open(path("target"), OpenMode::kCreate));
  std::filesystem::create_symlink(path("target"), path("link"));
  EXPECT_FALSE(files_.open(path("link"), OpenMode::kReadWrite).has_value());
  EXPECT_FALSE(files_.open(path("link"), OpenMode::kCreate).has_value());
  EXPECT_TRUE(files_.open(path("link"), OpenMode::kRead).has_value());
}

TEST_F(PosixFilesTest, ASecondLockIsRefusedUntilTheFirstFileCloses) {
  auto first = files_.open(path("a"), OpenMode::kCreate).value();
  auto second = files_.open(path("a"), OpenMode::kReadWrite).value();
  ASSERT_TRUE(first->lock());
  EXPECT_EQ(second->lock().error().code, ErrorCode::kLocked);
  first.reset();
  EXPECT_TRUE(second->lock().has_value());
}

TEST_F(PosixFilesTest, WriteDurablyReplacesTheWholeFile) {
  ASSERT_TRUE(files_.write_durably(path("a"), as_bytes("a longer text")));
  ASSERT_TRUE(files_.write_durably(path("a"), as_bytes("short")));
  EXPECT_EQ(as_text(files_.read_all(path("a"), 5).value()), "short");
  EXPECT_EQ(files_.read_all(path("a"), 4).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(files_.list(folder_.path()).value(), std::vector<std::string>{"a"});
}

TEST_F(PosixFilesTest, ListIsSortedAndRemoveRemoves) {
  for (const auto* name : {"b", "a", "c"}) ASSERT_TRUE(files_.open(path(name), OpenMode::kCreate));
  ASSERT_TRUE(files_.remove(path("c")));
  ASSERT_TRUE(files_.rename(path("b"), path("z")));
  EXPECT_EQ(files_.list(folder_.path()).value(), (std::vector<std::string>{"a", "z"}));
  EXPECT_EQ(files_.remove(path("c")).error().code, ErrorCode::kNotFound);
}

TEST(FolderOfTest, NamesTheFolderThatHoldsThePath) {
  EXPECT_EQ(folder_of("a"), ".");
  EXPECT_EQ(folder_of("/a"), "/");
  EXPECT_EQ(folder_of("/a/b/c"), "/a/b");
}

}  // namespace
}  // namespace certrelay
