#include "firmware/ctl/init/first_state.hpp"

#include "firmware/ctl/init/key_table.hpp"
#include "firmware/ctl/init/site_keys.hpp"
#include "firmware/ctl/init/site_text.hpp"
#include "relay/keys/checkpoint_key.hpp"
#include "relay/keys/outer_key.hpp"
#include "relay/ledger/ledger_store.hpp"
#include "relay/operators/operator_store.hpp"

namespace certrelay {
namespace {

constexpr std::uint64_t kFirstAccountsVersion = 1;  // OperatorStore::create's

Result<void> fresh_folder(Files& files, const std::string& path) {
  const auto made = files.make_folder(path);
  if (made || made.error().code != ErrorCode::kAlreadyExists) return made;
  CERTRELAY_TRY(const auto names, files.list(path));
  for (const auto& name : names) {
    const auto left = path + "/" + name;
    CERTRELAY_TRY(const auto about, files.info(left));
    if (about.kind == FileInfo::Kind::kFolder) {
      CERTRELAY_TRY(fresh_folder(files, left));
    } else {
      CERTRELAY_TRY(files.remove(left));
    }
  }
  return ok();
}

Entry account_entry(const Operator& person, const Digest& application, std::string_view action) {
  Entry out;
  out.kind = EntryKind::kOperatorsChanged;
  out.operator_name = person.name;
  out.account = person.name;
  out.action = ActionCode::parse(action).value();
  out.stated_reason = StatedReason::parse("初期設定").value();
  out.artifact_sha256 = application;
  out.count = kFirstAccountsVersion;
  return out;
}

std::vector<Entry> first_entries(const ReceivedSite& site, const Digest& configuration) {
  Entry created;
  created.kind = EntryKind::kLedgerCreated;
  std::vector<Entry> out{created};
  for (std::size_t i = 0; i < site.people.size(); ++i) {
    out.push_back(account_entry(site.people[i], site.applications.at(i), "operator.first"));
  }
  // The door: who looks for how accounts came to be finds that none came this way after it.
  Entry closed;
  closed.kind = EntryKind::kOperatorsChanged;
  closed.action = ActionCode::parse("enrolment.close").value();
  closed.stated_reason = StatedReason::parse("初期設定の終了").value();
  closed.artifact_sha256 = configuration;
  closed.count = kFirstAccountsVersion;
  out.push_back(std::move(closed));
  return out;
}

Result<void> write_ledger(Files& files, Entropy& entropy, const std::string& path,
                          const std::string& origin, std::vector<Entry> entries, UtcTime now) {
  const SqliteVfs vfs(files, entropy);
  CERTRELAY_TRY(LedgerStore::create(vfs, files, path, origin));
  CERTRELAY_TRY(auto store, LedgerStore::open(vfs, path));
  auto state = store.stated();
  std::vector<LedgerRow> rows;
  for (auto& entry : entries) {
    entry.sequence = state.last.next();
    entry.utc = now;
    CERTRELAY_TRY(auto bytes, encode(entry));
    extend_chain(state, bytes);
    rows.push_back({entry.sequence, std::move(bytes), state.chain, std::nullopt});
  }
  CERTRELAY_TRY(store.commit(rows, state));
  return store.tidy(true);
}

Result<void> write_accounts(Files& files, Entropy& entropy, const InitPlan& plan,
                            const ReceivedSite& site, const std::string& folder) {
  CERTRELAY_TRY(const auto outer,
                read_outer_key(files, folder + "/" + std::string(site_key("operators.key")->file)));
  CERTRELAY_TRY(OperatorStore::create(
      files, entropy, {folder + "/state/operators.sealed", plan.municipality}, outer, site.people));
  return ok();
}

}  // namespace

Result<void> finish_site(Files& files, Entropy& entropy, const InitPlan& plan,
                         const ReceivedSite& site, const std::string& folder, UtcTime now) {
  CERTRELAY_TRY(const auto lock, files.open(folder + "/init.lock", OpenMode::kCreate));
  CERTRELAY_TRY(lock->lock());
  if (is_finished_site(files, folder)) {
    return Error{ErrorCode::kAlreadyExists, "init: the site is finished"};
  }
  for (const char* name : {"/certificates", "/state", "/state/ledger"}) {
    CERTRELAY_TRY(fresh_folder(files, folder + name));
  }
  for (const auto& [name, text] : site.files) {
    if (name.ends_with(".application.json")) continue;  // its digest is in the ledger
    CERTRELAY_TRY(files.write_durably(folder + "/certificates/" + name, as_bytes(text)));
  }
  const auto text = planned_site_text(plan, site);
  CERTRELAY_TRY(write_accounts(files, entropy, plan, site, folder));
  CERTRELAY_TRY(write_ledger(files, entropy, folder + "/state/ledger/ledger.db",
                             ledger_origin(plan.municipality), first_entries(site, sha256(text)),
                             now));
  return files.write_durably(folder + "/" + kSiteConfigFile, as_bytes(text));
}

}  // namespace certrelay
