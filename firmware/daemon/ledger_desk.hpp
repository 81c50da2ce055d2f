// The ledger as operators read it while the relay works: queries, histories, exports, reports. One
// thread of its own, slice by slice, so that neither an append nor an order waits for it.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <deque>

#include "protocol/report/report.hpp"
#include "protocol/report/report_period.hpp"
#include "protocol/wire/operator_message.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/ledger/ledger_export.hpp"
#include "relay/ledger/ledger_pruning.hpp"
#include "relay/ports/ledger_desk_port.hpp"
#include "render/text/font_list.hpp"

namespace certrelay {

// All outlive the desk.
struct LedgerDeskParts {
  Ledger& ledger;
  Clock& clock;
  Files& files;
  const CheckpointKey& key;
  const FontList& fonts;
  std::string checkpoint_folder;
  std::string site;  // 市区町村
  bool demo = false;
  std::uint32_t active_max = 9;
  UtcTime began;  // the ledger: nothing is known of the days before
  // Asked on the executor of the desk's callers.
  std::function<std::vector<OperatorLine>()> operators;
};

class LedgerDesk final : public LedgerDeskPort {
 public:
  explicit LedgerDesk(LedgerDeskParts parts) : parts_(std::move(parts)) {}

  boost::asio::awaitable<Result<LedgerPage>> query(LedgerQuery query,
                                                   LedgerSequence after) override;
  Result<void> check(const ReportRequest& request) const override;
  boost::asio::awaitable<Result<ReportFile>> report(ReportRequest request) override;
  boost::asio::awaitable<Result<Bytes>> result(ActionId action, std::uint32_t page) override;

  // Keeps what that action found for its proposer, and tells how many lines it has. Errors: the
  // ledger's.
  boost::asio::awaitable<Result<std::size_t>> find_history(ActionId action,
                                                           SubjectPseudonym subject);
  // The entries of [from, until). Errors: kPeriodInvalid, the ledger's.
  boost::asio::awaitable<Result<EntryRange>> find_period(UtcTime from, UtcTime until);
  // Every entry that is there now, for a backup.
  EntryRange everything() const;
  // Keeps the export of that range under the action, signed; `entry` is the export's own, already
  // durable (R45). `incident`: with checkpoints and configurations (R48). Errors: the ledger's.
  boost::asio::awaitable<Result<void>> prepare_export(ActionId action, EntryRange range,
                                                      LedgerSequence entry, bool incident);
  // Signs the tree as it is now and keeps the note under the action; says over how many entries.
  // Errors: the ledger's.
  boost::asio::awaitable<Result<std::uint64_t>> hand_out_checkpoint(ActionId action);
  // A period that has begun, and of which the ledger knows something. Errors: kPeriodInvalid.
  Result<void> check_days(const ReportPeriod& period) const;
  // SHA-256 of the report's text as it is now. Errors: as report().
  boost::asio::awaitable<Result<Digest>> digest_of(ReportPeriod period);
  // The tree of the first `size` entries. Errors: kStatementInvalid (there are fewer), the
  // ledger's.
  boost::asio::awaitable<Result<Digest>> root_of(std::uint64_t size);

  // What may leave after its five years, as plan_pruning says. Errors: kRetentionNotOver, the
  // ledger's.
  boost::asio::awaitable<Result<std::vector<PruningStatement>>> find_expired();
  // Signs the statements and lets the entries leave, a block each; the entry about it is durable.
  // Errors: Ledger::prune's.
  boost::asio::awaitable<Result<void>> prune(std::vector<PruningStatement> statements);

  // Waits for what is being read.
  void join() { thread_.join(); }

 private:
  struct Kept {
    ActionId action;
    SteadyTime until;
    std::function<Result<Bytes>(std::uint32_t page)> page;
  };
  LedgerSource source();
  StorySource story();
  LedgerSequence last() const { return parts_.ledger.health().last; }
  void keep(ActionId action, std::function<Result<Bytes>(std::uint32_t)> page);
  Result<Report> make(const ReportPeriod& period, std::vector<OperatorLine> operators);
  Result<std::vector<std::string>> notes_over(const EntryRange& range);
  Result<void> prepare(const ActionId& action, const EntryRange& range, LedgerSequence entry,
                       bool incident);
  Result<ReportFile> file_of(const ReportRequest& request, std::vector<OperatorLine> operators);

  const LedgerDeskParts parts_;
  std::deque<Kept> kept_;  // on the desk's thread alone
  boost::asio::thread_pool thread_{1};
};

}  // namespace certrelay
