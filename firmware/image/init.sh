#!/bin/sh
# The initrd's only program: finds the partition whose file system is this version's, lets the kernel
# verify every block that is ever read from it against the root hash of the signed command line, goes on.
export PATH=/bin:/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=0755,nosuid,nodev run /run

# No shell is offered: the machine starts again, and after three times the boot loader takes the
# version before.
die() {
  echo "initrd: REFUSED: $*" >/dev/console
  sleep 3
  echo b >/proc/sysrq-trigger
  sleep 60
}

for word in $(cat /proc/cmdline); do
  case $word in
    appliance.roothash=*) hash=${word#*=} ;;
    appliance.uuid=*) uuid=${word#*=} ;;
    appliance.hashoffset=*) offset=${word#*=} ;;
  esac
done
[ -n "$hash" ] && [ -n "$uuid" ] && [ -n "$offset" ] || die "the command line names no root"
# Which disk and processor the machine has, the first loop finds out; without the second there is no root.
for module in virtio_pci virtio_blk virtio_scsi ahci nvme sd_mod sha256_ssse3 crc32c_intel qemu_fw_cfg; do
  modprobe "$module" 2>/dev/null
done
for module in sha256_generic crc32c_generic dm_verity erofs; do
  modprobe "$module" || die "no kernel module $module"
done

# The UUID in erofs's superblock, 48 bytes into it, tells which slot was written with this version.
uuid_of() { dd if="$1" bs=1 skip=1072 count=16 2>/dev/null | od -A n -t x1 | tr -d ' \n'; }
find_root() {
  for entry in /sys/class/block/*; do
    part=$(sed -n 's/^PARTNAME=root-\([ab]\)$/\1/p' "$entry/uevent")
    [ -n "$part" ] || continue
    device=/dev/$(sed -n 's/^DEVNAME=//p' "$entry/uevent")
    [ "$(uuid_of "$device")" = "$uuid" ] && slot=$part && return 0
  done
  return 1
}
tries=0
until find_root; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || die "no slot holds the version of this kernel"
  sleep 0.2
done

mkdir -p /run/cryptsetup /run/appliance
veritysetup open "$device" root "$device" "$hash" --hash-offset="$offset" --restart-on-corruption ||
  die "slot $slot does not have the root hash of this kernel"
mount -t erofs -o ro,nodev,nosuid /dev/mapper/root /sysroot ||
  die "slot $slot does not have the root hash of this kernel"
echo "SLOT=$slot" >/run/appliance/slot
echo "initrd: slot $slot verified by root hash $hash" >/dev/console
for folder in dev proc sys run; do mount --move "/$folder" "/sysroot/$folder"; done
exec switch_root /sysroot /usr/lib/systemd/systemd
