#include "firmware/daemon/decommissioning.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <filesystem>

#include "firmware/daemon/started.hpp"
#include "firmware/daemon/vault_open.hpp"
#include "relay/ledger/verify.hpp"
#include "relay/operators/operator_entries.hpp"
#include "relay/registry/erasure/decommission.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr const char* kRepeat = "mend it and call it again; what was done stays done";

DecommissionSettings settings_of(const Config& config) {
  const StatePaths paths(config.state_dir);
  DecommissionSettings out{.state_folder = config.state_dir,
                           .folders = {paths.reg, paths.spool},
                           .root_slots = paths.reg + "/root.slots",
                           .outer_key = std::nullopt,
                           .rule = {::geteuid(), 0600},
                           .program = "certrelay " CERTRELAY_VERSION};
  if (!config.keys.outer_key.empty()) out.outer_key = config.keys.outer_key;
  return out;
}

ActionResult order(DecommissionLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  auto entry = effect_entry(EntryKind::kDecommissionOrdered, approved);
  entry.flags = levers.config.demo ? kEntryDemo : 0;
  CERTRELAY_CO_TRY(co_await levers.ledger.append(std::move(entry)));
  const ErasureOrder by{approved.action.proposer, approved.approver, approved.action.reason};
  CERTRELAY_CO_TRY(
      begin_decommission(levers.files, settings_of(levers.config), by, levers.clock.utc_now()));
  levers.ordered.store(true);
  co_return "廃棄を受け付け、交付と更新を終了しました。certrelayd を停止し、"
            "certrelayctl decommission sanitise を実行してください。";
}

// The state of a relay that does not run: no other process may hold it.
std::unique_ptr<File> lock_stopped(const Config& config, Files& files) {
  const StatePaths paths(config.state_dir);
  auto lock = started(files.open(paths.lock, OpenMode::kCreate), paths.lock + " cannot be opened",
                      "check site.state_dir and the folder's rights");
  started(lock->lock(), "certrelayd still runs", "stop it first");
  return lock;
}

std::unique_ptr<OuterKey> outer_key_of(const Config& config, Files& files) {
  if (auto outer = open_outer_key(config, files)) return outer;
  return std::make_unique<StoredOuterKey>(files, config.keys.outer_key,
                                          FileRule{::geteuid(), 0600});
}

struct LedgerEnd {
  LedgerSequence size;
  Digest root{};
  UtcTime last_at;
  EntryKind last_kind{};
};

LedgerEnd end_of_ledger(const SqliteVfs& vfs, const std::string& path) {
  const auto mend = "run certrelayctl ledger verify, which names the first bad entry";
  auto store = started(LedgerStore::open_read_only(vfs, path), "the ledger " + path, mend);
  LedgerEnd out;
  const auto finding = started(
      store.walk([&out](const Entry& entry, ByteView, const ChainState& after) -> Result<void> {
        out.size = after.last;
        out.root = after.tree.root();
        out.last_at = entry.utc;
        out.last_kind = entry.kind;
        return ok();
      }),
      "the ledger " + path, mend);
  if (finding) throw StartFailure("the ledger " + path + " is not whole", mend);
  return out;
}

// The original by another name, a link or the state_dir itself, agrees with itself and dies with
// it: it is no copy (R19, R41).
void refuse_the_original(const std::string& own, const std::string& copy) {
  std::error_code error;
  if (!std::filesystem::equivalent(own, copy, error) && !error) return;
  throw StartFailure("the ledger stays: " + copy + " is not a file of its own",
                     "name with --copy the folder to which the ledger was copied");
}

asio::awaitable<void> append_or_throw(Ledger& ledger, Entry entry) {
  started(co_await ledger.append(std::move(entry)), "the entry about it", kRepeat);
}

void record_sanitised(const Config& config, const Vault::Seams& seams, const std::string& record) {
  const SqliteVfs vfs(seams.files, seams.entropy);
  const StatePaths paths(config.state_dir);
  if (end_of_ledger(vfs, paths.ledger).last_kind == EntryKind::kResidentsDestroyed) return;
  const auto key = open_checkpoint_key(config);
  const auto ledger = open_ledger(config, seams, vfs, key);
  Entry entry;
  entry.kind = EntryKind::kResidentsDestroyed;
  entry.flags = config.demo ? kEntryDemo : 0;
  entry.artifact_sha256 = sha256(as_bytes(record));
  asio::thread_pool work(1);
  asio::co_spawn(work, append_or_throw(*ledger, std::move(entry)), asio::use_future).get();
  work.join();
  started(ledger->close(), "the ledger did not close", kRepeat);
}

}  // namespace

void add_decommission_action(OperatorVerbs& verbs, const DecommissionLevers& levers) {
  verbs.add(
      {.code = "decommission.order", .parameters = {}, .carry_out = [levers](Approval approval) {
         return order(levers, std::move(approval));
       }});
}

std::string sanitise_site(const Config& config, Vault::Seams seams) {
  const auto lock = lock_stopped(config, seams.files);
  const auto state = started(decommission_state(seams.files, config.state_dir),
                             "site.state_dir " + config.state_dir, "check its rights");
  if (state == Decommissioned::kNo) {
    throw StartFailure("nobody has ordered this relay's decommissioning",
                       "let two persons order it with certrelayctl decommission order");
  }
  const auto outer = outer_key_of(config, seams.files);
  auto record = started(sanitise(seams.files, settings_of(config), *outer, seams.clock.utc_now()),
                        "the residents' data are not all destroyed", kRepeat);
  if (state != Decommissioned::kWhole) record_sanitised(config, seams, record);
  return record;
}

void destroy_site_ledger(const Config& config, Vault::Seams seams, const std::string& copy) {
  const auto lock = lock_stopped(config, seams.files);
  const SqliteVfs vfs(seams.files, seams.entropy);
  const StatePaths paths(config.state_dir);
  // A power cut left it half gone: it was compared then, and can be compared no more.
  if (started(resume_ledger_destruction(seams.files, settings_of(config), paths.ledger_folder),
              "the ledger is not all destroyed", kRepeat)) {
    return;
  }
  const auto own = end_of_ledger(vfs, paths.ledger);
  LedgerTakeOver take_over{.own_size = own.size.value(),
                           .own_root = own.root,
                           .copy_size = std::nullopt,
                           .copy_root = {},
                           .last_entry = own.last_at};
  if (!copy.empty()) {
    refuse_the_original(paths.ledger, StatePaths(copy).ledger);
    const auto other = end_of_ledger(vfs, StatePaths(copy).ledger);
    take_over.copy_size = other.size.value();
    take_over.copy_root = other.root;
  }
  started(destroy_ledger(seams.files, settings_of(config), paths.ledger_folder, take_over,
                         seams.clock.utc_now()),
          "the ledger stays",
          "sanitise first; then name a verified copy of the whole ledger with --copy");
}

}  // namespace certrelay
