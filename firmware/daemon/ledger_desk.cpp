#include "firmware/daemon/ledger_desk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/wire/vault_frame.hpp"
#include "relay/ledger/reports/report_reading.hpp"
#include "render/report/report_sheet.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::hours kKeptFor{1};
constexpr std::size_t kKeptMax = 16;
constexpr std::size_t kIncidentNotesMax = 512;

template <class T>
asio::awaitable<void> run_into(std::function<T()> work, std::optional<T>* out) {
  out->emplace(work());
  co_return;
}

// On the desk's thread. Asio wants a default for what a coroutine returns, and a Result has none.
template <class T>
asio::awaitable<T> run_on(asio::thread_pool& thread, std::function<T()> work) {
  std::optional<T> out;
  auto running = run_into(std::move(work), &out);
  co_await asio::co_spawn(thread, std::move(running), asio::use_awaitable);
  co_return std::move(*out);
}

bool is_format(std::string_view format) {
  return format == "text" || format == "csv" || format == "pdf";
}

Result<ReportPeriod> period_of(const ReportRequest& request) {
  CERTRELAY_TRY(const auto kind, parse_report_kind(request.report));
  return ReportPeriod::parse(kind, request.period);
}

Bytes bytes_of(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

// What one answer carries; a longer list is read by `ledger query`.
Result<ReportFile> file_within(Bytes bytes, std::string type) {
  if (bytes.size() > kAnswerBodyBytesMax) {
    return Error{ErrorCode::kLimitExceeded, "report: too long"};
  }
  return ReportFile{std::move(bytes), std::move(type)};
}

}  // namespace

LedgerSource LedgerDesk::source() {
  return [this](LedgerSequence after, std::size_t max) {
    return parts_.ledger.read_after(after, max);
  };
}

StorySource LedgerDesk::story() {
  return [this](const TransactionId& id) { return parts_.ledger.entries_of(id); };
}

void LedgerDesk::keep(ActionId action, std::function<Result<Bytes>(std::uint32_t)> page) {
  if (kept_.size() == kKeptMax) kept_.pop_front();
  kept_.push_back({action, parts_.clock.steady_now() + kKeptFor, std::move(page)});
}

asio::awaitable<Result<LedgerPage>> LedgerDesk::query(LedgerQuery query, LedgerSequence after) {
  std::function<Result<LedgerPage>()> work = [this, query, after]() -> Result<LedgerPage> {
    CERTRELAY_TRY(auto told, read_story(source(), story(), last(), query, after));
    if (told) return std::move(*told);
    return read_page(source(), last(), query, after);
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<Bytes>> LedgerDesk::result(ActionId action, std::uint32_t page) {
  std::function<Result<Bytes>()> work = [this, action, page]() -> Result<Bytes> {
    const auto now = parts_.clock.steady_now();
    std::erase_if(kept_, [&](const Kept& one) { return one.until <= now; });
    for (const auto& one : kept_) {
      if (one.action == action) return one.page(page);
    }
    return Error{ErrorCode::kNotFound, "desk: result"};
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<std::size_t>> LedgerDesk::find_history(ActionId action,
                                                              SubjectPseudonym subject) {
  std::function<Result<std::size_t>()> work = [this, action, subject]() -> Result<std::size_t> {
    CERTRELAY_TRY(const auto history, read_history(source(), last(), subject));
    CERTRELAY_TRY(auto bytes, encode(history));
    keep(action, [bytes = std::move(bytes)](std::uint32_t page) -> Result<Bytes> {
      if (page != 0) return Error{ErrorCode::kNotFound, "desk: page"};
      return bytes;
    });
    return history.provisions.size();
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<EntryRange>> LedgerDesk::find_period(UtcTime from, UtcTime until) {
  std::function<Result<EntryRange>()> work = [this, from, until] {
    return find_range(source(), last(), from, until);
  };
  co_return co_await run_on(thread_, std::move(work));
}

EntryRange LedgerDesk::everything() const {
  return {parts_.ledger.base().last, last(), parts_.clock.utc_now()};
}

// The notes over sizes within the range, and the first one past it, which vouches for its end.
Result<std::vector<std::string>> LedgerDesk::notes_over(const EntryRange& range) {
  CheckpointFolder folder(parts_.files, parts_.checkpoint_folder);
  CERTRELAY_TRY(const auto sizes, folder.sizes());
  std::vector<std::string> out;
  for (const auto size : sizes) {
    if (size <= range.before.value()) continue;
    CERTRELAY_TRY(auto note, folder.note(size));
    out.push_back(std::move(note));
    if (size >= range.last.value() || out.size() == kIncidentNotesMax) break;
  }
  return out;
}

Result<void> LedgerDesk::prepare(const ActionId& action, const EntryRange& range,
                                 LedgerSequence entry, bool incident) {
  CERTRELAY_TRY(auto plan,
                plan_export(source(), parts_.ledger.milestone_before(range.before), range));
  ExportManifest manifest{.first = range.before.next(),
                          .last = range.last,
                          .entry = entry,
                          .retention_until = retention_until(range.last_at),
                          .checkpoints = {},
                          .configurations = {}};
  if (incident) {
    CERTRELAY_TRY(manifest.checkpoints, notes_over(range));
    manifest.configurations = plan.configurations;
    for (auto& mark : manifest.configurations) {
      mark.at = std::chrono::floor<std::chrono::seconds>(mark.at);
    }
  }
  CERTRELAY_TRY(auto first, encode(manifest));
  CERTRELAY_TRY(auto head, export_head(plan, parts_.key, entry));
  // What comes first carries the statement about what came before.
  const auto base = parts_.ledger.base();
  if (plan.before == base && base.last != LedgerSequence()) {
    CERTRELAY_TRY(head.pruning, parts_.ledger.pruning());
  }
  auto pages = std::make_shared<ExportPages>(source(), std::move(plan), std::move(head));
  keep(action, [first = std::move(first), pages](std::uint32_t page) -> Result<Bytes> {
    if (page == 0) return first;
    return pages->page(page - 1);
  });
  return ok();
}

asio::awaitable<Result<void>> LedgerDesk::prepare_export(ActionId action, EntryRange range,
                                                         LedgerSequence entry, bool incident) {
  std::function<Result<void>()> work = [this, action, range, entry, incident] {
    return prepare(action, range, entry, incident);
  };
  co_return co_await run_on(thread_, std::move(work));
}

Result<Report> LedgerDesk::make(const ReportPeriod& period, std::vector<OperatorLine> operators) {
  ReportMaker maker(period, {.site = parts_.site,
                             .demo = parts_.demo,
                             .active_max = parts_.active_max,
                             .operators = std::move(operators)});
  auto now = parts_.ledger.now();
  return read_report(
      std::move(maker),
      {.entries = source(), .story = story(), .last = now.at.last, .now = std::move(now.state)});
}

// A report of days to come would be a form without content; one of days before the ledger would say
// that nothing happened, which nobody knows.
Result<void> LedgerDesk::check_days(const ReportPeriod& period) const {
  return check_recorded(period, parts_.began, parts_.clock.utc_now());
}

Result<void> LedgerDesk::check(const ReportRequest& request) const {
  if (!is_format(request.format)) return Error{ErrorCode::kReportUnknown, "report: format"};
  CERTRELAY_TRY(const auto period, period_of(request));
  return check_days(period);
}

Result<ReportFile> LedgerDesk::file_of(const ReportRequest& request,
                                       std::vector<OperatorLine> operators) {
  CERTRELAY_TRY(check(request));
  CERTRELAY_TRY(const auto period, period_of(request));
  CERTRELAY_TRY(const auto report, make(period, std::move(operators)));
  if (request.format == "pdf") {
    CERTRELAY_TRY(auto pdf, render_report(report, parts_.fonts));
    return file_within(std::move(pdf), "application/pdf");
  }
  const bool csv = request.format == "csv";
  return file_within(bytes_of(csv ? report_csv(report) : report_text(report)),
                     csv ? "text/csv; charset=utf-8" : "text/plain; charset=utf-8");
}

asio::awaitable<Result<ReportFile>> LedgerDesk::report(ReportRequest request) {
  std::function<Result<ReportFile>()> work = [this, request, operators = parts_.operators()] {
    return file_of(request, operators);
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<Digest>> LedgerDesk::digest_of(ReportPeriod period) {
  std::function<Result<Digest>()> work = [this, period,
                                          operators = parts_.operators()]() -> Result<Digest> {
    CERTRELAY_TRY(const auto report, make(period, operators));
    return report_digest(report);
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<Digest>> LedgerDesk::root_of(std::uint64_t size) {
  std::function<Result<Digest>()> work = [this, size]() -> Result<Digest> {
    if (size == 0 || size > last().value()) {
      return Error{ErrorCode::kStatementInvalid, "ledger: size"};
    }
    const LedgerSequence at(size);
    CERTRELAY_TRY(const auto state,
                  state_at(source(), parts_.ledger.milestone_before(at).state, at));
    return state.tree.root();
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<std::uint64_t>> LedgerDesk::hand_out_checkpoint(ActionId action) {
  std::function<Result<std::uint64_t>()> work = [this, action]() -> Result<std::uint64_t> {
    const auto at = parts_.ledger.now().at;
    CERTRELAY_TRY(const auto note, parts_.key.sign(checkpoint_of(parts_.key.origin(), at)));
    keep(action, [note](std::uint32_t page) -> Result<Bytes> {
      if (page != 0) return Error{ErrorCode::kNotFound, "desk: page"};
      return bytes_of(note);
    });
    return at.last.value();
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<std::vector<PruningStatement>>> LedgerDesk::find_expired() {
  std::function<Result<std::vector<PruningStatement>>()> work = [this] {
    return plan_pruning(source(), parts_.key.origin(), parts_.ledger.base(), last(),
                        parts_.clock.utc_now());
  };
  co_return co_await run_on(thread_, std::move(work));
}

asio::awaitable<Result<void>> LedgerDesk::prune(std::vector<PruningStatement> statements) {
  std::function<Result<void>()> work = [this, statements]() -> Result<void> {
    for (const auto& statement : statements) {
      CERTRELAY_TRY(const auto note, parts_.key.sign(to_checkpoint(statement)));
      CERTRELAY_TRY(parts_.ledger.prune(note));
    }
    return ok();
  };
  co_return co_await run_on(thread_, std::move(work));
}

}  // namespace certrelay
