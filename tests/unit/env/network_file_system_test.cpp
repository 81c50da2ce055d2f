#include "relay/env/network_file_system.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

TEST(NetworkFileSystemTest, NamesEachKindThatAnotherMachineMayHold) {  // INV-8
  EXPECT_EQ(network_file_system(0x6969), "NFS");
  EXPECT_EQ(network_file_system(0xFF534D42), "SMB");
  EXPECT_EQ(network_file_system(0xFE534D42), "SMB");
  EXPECT_EQ(network_file_system(0x65735546), "FUSE");
  EXPECT_EQ(network_file_system(0x01021997), "9P");
  EXPECT_EQ(network_file_system(0x00C36400), "Ceph");
  EXPECT_EQ(network_file_system(0x01161970), "GFS2");
  EXPECT_EQ(network_file_system(0x7461636F), "OCFS2");
  EXPECT_EQ(network_file_system(0x0BD00BD0), "Lustre");
}

TEST(NetworkFileSystemTest, TakesTheFileSystemsOfThisMachine) {
  for (const std::uint64_t type : {0xEF53U, 0x58465342U, 0x9123683EU, 0x01021994U, 0x794C7630U}) {
    EXPECT_EQ(network_file_system(type), "") << type;  // ext4, XFS, btrfs, tmpfs, overlay
  }
}

TEST(NetworkFileSystemTest, ReadsASignExtendedTypeByItsLowBits) {
  EXPECT_EQ(network_file_system(0xFFFFFFFFFF534D42), "SMB");
}

TEST(NetworkFileSystemTest, LooksAtTheFolderItself) {
  const testing::TempFolder folder;
  EXPECT_TRUE(check_local_file_system(folder.path()).has_value());
  EXPECT_EQ(check_local_file_system(folder.path() + "/none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace certrelay
