// Where overwriting is proof. R21, R51.
#include "relay/env/overwriting.hpp"

#include <gtest/gtest.h>

#include "relay/env/posix_files.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

TEST(Overwriting, IsReliedOnWhereBlocksAreWrittenInPlaceOnly) {
  constexpr std::uint64_t kExt = 0xEF53;
  constexpr std::uint64_t kXfs = 0x58465342;
  EXPECT_EQ(overwriting_of(kExt, "rw,errors=remount-ro"), Overwriting::kInPlace);
  EXPECT_EQ(overwriting_of(kXfs, "rw"), Overwriting::kInPlace);
  EXPECT_EQ(overwriting_of(kExt, "rw,data=journal"), Overwriting::kJournaled);
  // btrfs, ZFS, bcachefs, F2FS, overlay, FUSE, NFS, CIFS, SMB2, 9p, tmpfs, one that nobody knows
  for (const std::uint64_t type :
       {0x9123683EUL, 0x2FC12FC1UL, 0xCA451A4EUL, 0xF2F52010UL, 0x794C7630UL, 0x65735546UL,
        0x6969UL, 0xFF534D42UL, 0xFE534D42UL, 0x01021997UL, 0x01021994UL, 0x12345678UL}) {
    EXPECT_EQ(overwriting_of(type, "rw"), Overwriting::kKeepsOld) << std::hex << type;
  }
}

TEST(Overwriting, OptionsAreThoseOfTheDevicesMount) {
  constexpr std::string_view kMounts =
      "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"
      "36 35 254:1 /mnt1 /mnt2 rw,noatime master:1 - ext4 /dev/vdb rw,data=journal\n";
  EXPECT_EQ(mount_options_of(kMounts, 254, 0), "rw,discard");
  EXPECT_EQ(mount_options_of(kMounts, 254, 1), "rw,data=journal");
  EXPECT_EQ(mount_options_of(kMounts, 25, 4), "");
}

TEST(Overwriting, MachineAnswersForAFolderAndNotForNone) {
  const testing::TempFolder folder;
  PosixFiles files;
  EXPECT_TRUE(files.overwriting(folder.path()).has_value());
  EXPECT_EQ(files.overwriting(folder / "none").error().code, ErrorCode::kNotFound);
}

TEST(Overwriting, OverwrittenFileIsZeroBeforeItIsGone) {
  const testing::TempFolder folder;
  PosixFiles files;
  const auto path = folder / "file";
  constexpr std::size_t kSize = 1024 * 1024 + 7;
  ASSERT_TRUE(files.write_durably(path, Bytes(kSize, 9)).has_value());
  // A second name of the same file shows what became of its bytes.
  std::filesystem::create_hard_link(path, folder / "other");
  ASSERT_TRUE(files.overwrite_and_remove(path).has_value());
  EXPECT_FALSE(files.info(path).has_value());
  EXPECT_EQ(files.read_all(folder / "other", kSize).value(), Bytes(kSize));
  EXPECT_TRUE(files.overwrite_and_remove(path).has_value());  // there is none
}

}  // namespace
}  // namespace certrelay
