// Whose state this is, and whether this program on this machine may hold it (INV-8).
#include <unistd.h>

#include "firmware/daemon/build_id.hpp"
#include "firmware/daemon/started.hpp"
#include "firmware/daemon/vault_open.hpp"
#include "relay/env/network_file_system.hpp"
#include "relay/registry/erasure/decommission.hpp"

namespace certrelay {
namespace {

void make_folder(Files& files, const std::string& path) {
  const auto made = files.make_folder(path);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) {
    throw StartFailure("site.state_dir: " + path + " cannot be made",
                       "check the rights and the free space there");
  }
}

// A part of the state may be a mount of its own. The copies of checkpoints may lie elsewhere: they
// are what another place is for.
void refuse_network(Files& files, const StatePaths& paths) {
  for (const auto& path :
       {folder_of(paths.lock), paths.ledger_folder, paths.reg, paths.spool, paths.erasure}) {
    const auto there = files.info(path);
    if (!there && there.error().code == ErrorCode::kNotFound) continue;
    const auto local = check_local_file_system(path);
    if (local) continue;
    if (local.error().code != ErrorCode::kNetworkFileSystem)
      started(local, path, "check its rights");
    throw StartFailure(
        "site.state_dir: " + path + " lies on a network file system (" +
            std::string(local.error().where) + ")",
        "put it on a disk of this machine: no other place keeps its locks and syncs");
  }
}

// Munakata's mend never arrived: a site that names its build is not served by another one.
void refuse_other_build(const Config& config) {
  if (config.build.empty() || config.build == build_id().text()) return;
  throw StartFailure(
      "site.build is " + config.build + ", and this program is " + std::string(build_id().text()),
      "install the build that the site was accepted with, or accept this one");
}

}  // namespace

std::unique_ptr<File> take_state(const Config& config, Files& files) {
  const StatePaths paths(config.state_dir);
  refuse_other_build(config);
  make_folder(files, config.state_dir);
  refuse_decommissioned(config, files);
  const auto about = files.info(config.state_dir);
  if (!about || about.value().owner != ::geteuid() || (about.value().mode & 077) != 0) {
    throw StartFailure("site.state_dir " + config.state_dir + " is open to others",
                       "chown it to the relay's user and chmod 700");
  }
  refuse_network(files, paths);  // first: a lock there would prove nothing
  auto lock = started(files.open(paths.lock, OpenMode::kCreate), paths.lock + " cannot be opened",
                      "check the folder's rights");
  started(lock->lock(), "site.state_dir " + config.state_dir + " is in use by another certrelayd",
          "stop the other one; two must never serve one site");
  make_folder(files, paths.ledger_folder);
  make_folder(files, paths.spool);
  return lock;
}

void refuse_decommissioned(const Config& config, Files& files) {
  const auto state =
      started(decommission_state(files, config.state_dir),
              "site.state_dir " + config.state_dir + " cannot be read", "check its rights");
  if (state == Decommissioned::kNo) return;
  if (state == Decommissioned::kBegun) {
    throw StartFailure("this relay's decommissioning was begun and is not finished",
                       "finish it with certrelayctl decommission sanitise: residents' data may "
                       "still be on the disk");
  }
  throw StartFailure("this relay is decommissioned",
                     "see " + config.state_dir + "/DECOMMISSIONED; a successor has its own folder");
}

}  // namespace certrelay
