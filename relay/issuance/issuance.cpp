#include "relay/issuance/issuance.hpp"

#include "protocol/base/check.hpp"
#include "protocol/wire/content_digest.hpp"
#include "relay/issuance/outer_problem.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kTransactions = "/v1/transactions";
constexpr std::string_view kSettlements = "/v1/settlements/";
constexpr std::string_view kRetryAfterSeconds = "2";

// Counts the requests that are being worked on, for as long as it lives.
class InProgress {
 public:
  explicit InProgress(std::atomic<std::size_t>& count) : count_(count), now_(++count_) {}
  ~InProgress() { --count_; }
  InProgress(const InProgress&) = delete;
  InProgress& operator=(const InProgress&) = delete;
  std::size_t now() const { return now_; }

 private:
  std::atomic<std::size_t>& count_;
  std::size_t now_;
};

// "/v1/transactions/{id}/{step}": the id and what follows it, "" for the transaction itself.
struct TransactionPath {
  TransactionId id;
  std::string_view rest;
};

Result<TransactionPath> parse_transaction_path(std::string_view path) {
  if (!path.starts_with(kTransactions)) return Error{ErrorCode::kNoSuchCall, "path"};
  path.remove_prefix(kTransactions.size());
  if (!path.starts_with('/')) return Error{ErrorCode::kNoSuchCall, "path"};
  path.remove_prefix(1);
  const auto slash = path.find('/');
  auto id = TransactionId::parse(path.substr(0, slash));
  if (!id) return Error{ErrorCode::kNoSuchCall, "path: transaction id"};
  return TransactionPath{id.value(), slash == std::string_view::npos ? "" : path.substr(slash)};
}

}  // namespace

namespace {

// Of what its owner keeps for as long as this.
template <class T>
std::shared_ptr<const T> borrowed(const T* thing) {
  return {std::shared_ptr<const T>(), thing};
}

}  // namespace

Issuance::Issuance(IssuanceSettings settings, IssuanceParts parts)
    : settings_(std::move(settings)),
      parts_(parts),
      offer_(std::make_shared<const Offer>(
          Offer{settings_.calendar, borrowed(&parts.kit), borrowed(parts.sealer)})),
      table_(settings_.table),
      // Each document takes at least one entry, so a number from here on was never given out
      // before.
      documents_(parts_.ledger.health().last.value()) {}

std::shared_ptr<const Offer> Issuance::offer() const {
  const std::lock_guard guard(offer_mutex_);
  return offer_;
}

void Issuance::set_offer(Offer offer) {
  auto next = std::make_shared<const Offer>(std::move(offer));
  const std::lock_guard guard(offer_mutex_);
  offer_ = std::move(next);
}

boost::asio::awaitable<HttpAnswer> Issuance::handle(RequestFrame frame, SteadyTime received) {
  Call call{frame, RequestParts::of(frame.request), received};
  const InProgress one(working_);
  if (one.now() > settings_.requests_max) {
    ++counters_.shed;
    co_return refuse(call, ErrorCode::kTransactionsFull, std::nullopt);
  }
  co_return co_await route(call);
}

// The whole attack surface of the center's front, on one screen.
Issuance::Answering Issuance::route(Call call) {
  const auto method = call.frame.request.method;
  const std::string_view path = call.frame.request.path;
  const bool post = method == HttpMethod::kPost;
  const bool get = method == HttpMethod::kGet;
  if (get && path == "/v1/service") co_return service(call);
  if (post) {
    const auto digest = check_content_digest(call.frame.request.headers, call.frame.request.body);
    if (!digest) co_return refuse(call, digest.error().code, std::nullopt);
    call.body = digest.value();
  }
  if (post && path == kTransactions) co_return co_await open(call);
  if (post && path == "/v1/incidents") co_return co_await incident(call);
  if (get && path.starts_with(kSettlements)) {
    const auto date = parse_iso_day(path.substr(kSettlements.size()));
    co_return date ? settlement(call, date.value())
                   : refuse(call, ErrorCode::kNoSuchCall, std::nullopt);
  }
  const auto named = parse_transaction_path(path);
  if (!named) co_return refuse(call, named.error().code, std::nullopt);
  const auto& [id, rest] = named.value();
  if (post && rest == "/inquiry") co_return co_await inquiry(call, id);
  if (post && rest == "/issuance") co_return co_await issuance(call, id);
  if (post && rest == "/events") co_return co_await event(call, id);
  if (get && rest.empty()) co_return state(call, id);
  co_return refuse(call, ErrorCode::kNoSuchCall, std::nullopt);
}

void Issuance::withdraw(const std::vector<HouseholdId>& households) {
  if (households.empty()) return;
  const std::set<HouseholdId> chosen(households.begin(), households.end());
  table_.withdraw([&](const HouseholdId& household) { return chosen.contains(household); });
}

void Issuance::withdraw_all() {
  table_.withdraw([](const HouseholdId&) { return true; });
}

ErrorCode Issuance::unavailable(Begins begins) const {
  if (parts_.alarm.latched()) return ErrorCode::kIssuingStopped;
  if (parts_.orders.stopped()) return ErrorCode::kStoppedByOperator;
  const auto ledger = parts_.ledger.health();
  // The disk's reserve is there to end what was begun (R42).
  const bool only_reserve = ledger.reason == ErrorCode::kLedgerReserve;
  if (only_reserve && begins == Begins::kNew) return ErrorCode::kLedgerReserve;
  if (!ledger.writable && !only_reserve) return ErrorCode::kLedgerNotWritable;
  if (ledger.clock_doubted) return ErrorCode::kClockDoubted;
  if (!parts_.reg.state().ready()) return ErrorCode::kRegisterNotReady;
  return ErrorCode::kNone;
}

bool Issuance::too_late(const Call& call) const {
  return parts_.clock.steady_now() >= after(call.received, settings_.deadlines.answer_s);
}

SteadyTime Issuance::after(SteadyTime time, int seconds) const {
  return time + std::chrono::seconds(seconds);
}

UtcTime Issuance::trusted_now() const {
  const auto ledger = parts_.ledger.health();
  return ledger.clock_doubted && ledger.last_trusted_utc ? *ledger.last_trusted_utc
                                                         : parts_.clock.utc_now();
}

HttpAnswer Issuance::sign(const Call& call, HttpAnswer answer) const {
  const auto signed_ok = sign_answer(answer, call.parts, parts_.key, parts_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());  // every answer here carries what is covered
  return answer;
}

HttpAnswer Issuance::json_answer(int status, Bytes body) const {
  return {status, {{"content-type", "application/json"}}, std::move(body)};
}

HttpAnswer Issuance::problem(ErrorCode reason, const std::optional<TransactionId>& id,
                             CertificateKind kind) const {
  const auto code = outer_problem(reason);
  const auto offered = offer();
  const auto calendar = offered->calendar.find(kind);
  const auto hours =
      calendar == offered->calendar.end() ? std::string() : hours_text(calendar->second);
  auto answer = problem_answer({code, problem_text(code, hours), id, ""});
  if (retry_of(code) == Retry::kSameRequest) {
    answer.headers.push_back({"retry-after", std::string(kRetryAfterSeconds)});
  }
  return answer;
}

HttpAnswer Issuance::refuse(const Call& call, ErrorCode reason,
                            const std::optional<TransactionId>& id, CertificateKind kind) {
  parts_.refusals.count(call.frame.role, call.frame.peer, reason);
  return sign(call, problem(reason, id, kind));
}

Entry Issuance::entry_about(const TransactionHead& head, EntryKind kind, ErrorCode reason,
                            const StepTrace& trace) const {
  Entry entry;
  entry.kind = kind;
  entry.reason = reason;
  entry.flags = settings_.demo ? kEntryDemo : 0;
  entry.role = Role::kCenter;
  entry.peer = head.peer;
  entry.kiosk = head.kiosk;
  entry.transaction = head.id;
  entry.certificate_kind = head.kind;
  entry.register_version = trace.version;
  if (trace.crl_number) entry.crl_number = crl_number_text(*trace.crl_number);
  if (trace.subject) entry.subjects = {*trace.subject};
  return entry;
}

boost::asio::awaitable<void> Issuance::latch_alarm(ErrorCode reason, TransactionHead head) {
  if (!parts_.alarm.latch(reason)) co_return;
  auto entry = entry_about(head, EntryKind::kAlarmLatched, reason, {});
  co_await record_alarm(parts_.alarm, parts_.ledger, std::move(entry));
}

boost::asio::awaitable<void> Issuance::end_stopped() {
  if (!parts_.orders.take_stop()) co_return;
  for (const auto& head : table_.take_waiting()) {
    (void)co_await parts_.ledger.append(
        entry_about(head, EntryKind::kAbandoned, ErrorCode::kStoppedByOperator, {}));
  }
}

boost::asio::awaitable<void> Issuance::expire_overdue() {
  co_await end_stopped();
  for (const auto& head : table_.take_expired(parts_.clock.steady_now())) {
    ++counters_.expired;
    // Without an entry the story still ends as expired: its deadlines have passed.
    (void)co_await parts_.ledger.append(
        entry_about(head, EntryKind::kExpired, ErrorCode::kStepExpired, {}));
  }
}

}  // namespace certrelay
