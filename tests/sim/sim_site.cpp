#include "tests/sim/sim_site.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "protocol/base/check.hpp"
#include "protocol/extract/change.hpp"
#include "protocol/wire/content_digest.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

const AnswerKey& answer_key() {
  static const auto key = AnswerKey::generate().value();
  return key;
}
const FeederKey& feeder_key() {
  static const auto key = FeederKey::generate().value();
  return key;
}

// A disk that now and then takes its time, before an entry gets its number and after.
class SlowLedger final : public LedgerPort {
 public:
  SlowLedger(LedgerPort& behind, SimClock& clock, std::mt19937_64& random)
      : behind_(behind), clock_(clock), random_(random) {}
  asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override {
    co_await dawdle();
    auto written = co_await behind_.append(std::move(entry), std::move(guard));
    co_await dawdle();
    co_return written;
  }
  Result<bool> knows_transaction(const TransactionId& id) override {
    return behind_.knows_transaction(id);
  }
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override {
    return behind_.entries_of(id);
  }
  Result<std::vector<Entry>> intents_on(JstDay day) override { return behind_.intents_on(day); }
  LedgerHealth health() const override { return behind_.health(); }

 private:
  asio::awaitable<void> dawdle() {
    const auto draw = random_() % 100;
    if (draw < 60) co_return;
    // Once in a while so long that the answer's deadline lies within.
    const auto wait =
        std::chrono::milliseconds(draw == 99 ? 9'995 + random_() % 10 : random_() % 400);
    co_await clock_.sleep_until(clock_.steady_now() + wait);
  }
  LedgerPort& behind_;
  SimClock& clock_;
  std::mt19937_64& random_;
};

// Rendering that now and then ends within milliseconds of its deadline (INV-2): time passes while
// the step holds its thread.
class SlowRegister final : public RegisterPort {
 public:
  SlowRegister(const RegisterPort& behind, SimClock& clock, std::mt19937_64& random)
      : behind_(behind), clock_(clock), random_(random) {}
  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override {
    if (random_() % 200 == 0) clock_.pass(std::chrono::milliseconds(9'998 + random_() % 4));
    return behind_.snapshot();
  }
  RegisterState state() const override { return behind_.state(); }
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override {
    return behind_.still_current(version, household);
  }

 private:
  const RegisterPort& behind_;
  SimClock& clock_;
  std::mt19937_64& random_;
};

RequestFrame frame_of(Role role, const PeerName& peer, HttpMethod method, std::string path,
                      Bytes body, HttpHeaders headers) {
  if (method == HttpMethod::kPost) {
    headers.push_back({"content-digest", format_content_digest(sha256(ByteView(body)))});
  }
  return {1, role, peer, {method, std::move(path), std::move(headers), std::move(body)}};
}

}  // namespace

SimSite::SimSite(std::uint64_t seed, SimPlants plants)
    : entropy(seed),
      random_(seed),
      plants_(std::move(plants)),
      feeder_(feeder_key()),
      verifier_(FeederVerifier::from_pems({public_key_pem(feeder_.spki())}).value()) {
  cards_.issuer_der = sample::issuer_der();
  settings_.folder = "/s/register";
  settings_.outer_key = "/s/outer.key";
  settings_.extract_age_max = std::chrono::hours(24 * 365);
  CERTRELAY_CHECK(files.make_folder("/s").has_value());
  settings_.owner = files.info("/s").value().owner;
  ledger_options_.path = "/s/ledger";
  ledger_options_.checkpoint_folder = "/s/checkpoints";
  CERTRELAY_CHECK(SealedRegister::init(env(), settings_).has_value());
  CERTRELAY_CHECK(
      LedgerStore::create(vfs_, files, ledger_options_.path, kLedgerOrigin).has_value());
  start();
  CERTRELAY_CHECK(swap(SimCity()));
}

SimSite::~SimSite() { stop(); }

Ledger::Parts SimSite::ledger_parts() {
  return {.vfs = vfs_,
          .files = files,
          .clock = clock,
          .key = checkpoint_key(),
          .driver = make_executor_driver(running_->io->get_executor()),
          .background = make_executor_driver(running_->io->get_executor())};
}

void SimSite::start() {
  running_ = std::make_unique<Running>();
  auto& now = *running_;
  now.io = std::make_unique<asio::io_context>(1);
  now.ledger = Ledger::open(ledger_parts(), ledger_options_).value();
  CERTRELAY_CHECK(now.ledger->accept_clock(UtcTime{}));
  if (const auto alarm = now.ledger->latched_alarm(); alarm != ErrorCode::kNone) {
    now.alarm.latch(alarm);
  }
  now.reg = SealedRegister::open(env(), settings_).value();
  now.slow_ledger = std::make_unique<SlowLedger>(*now.ledger, clock, random_);
  now.slow_register = std::make_unique<SlowRegister>(*now.reg, clock, random_);
  const RegisterPort* reg = now.slow_register.get();
  if (plants_.reg) {
    now.planted_register = plants_.reg(*reg);
    reg = now.planted_register.get();
  }
  now.issuance = std::make_unique<Issuance>(
      IssuanceSettings{.municipality = municipality,
                       .demo = true,
                       .calendar = {{CertificateKind::kJuminhyo, KindCalendar{}}},
                       .deadlines = {},
                       .table = {},
                       .requests_max = 6},
      IssuanceParts{clock, entropy, cards_, *reg, *now.slow_ledger, test_render_kit(), answer_key(),
                    now.alarm, now.refusals, now.orders});
  now.verbs = std::make_unique<RegistryVerbs>(
      RegistrySettings{.municipality = municipality, .spool_folder = "/s/spool"},
      RegistryParts{files, clock, entropy, *now.reg, verifier_, *now.slow_ledger, *now.issuance,
                    now.io->get_executor(), now.io->get_executor()});
  CERTRELAY_CHECK(now.verbs->start().has_value());
  // As the vault does before it answers anybody.
  const auto close = [](Ledger& ledger) -> asio::awaitable<void> {
    CERTRELAY_CHECK((co_await ledger.close_unfinished()).has_value());
  };
  asio::co_spawn(*now.io, close(*now.ledger), asio::detached);
  now.front = std::make_unique<SimFront>(
      *now.io, clock, std::vector{center, stranger},
      FrontVerbs{.answer =
                     [&now](RequestFrame frame, SteadyTime received) {
                       return now.issuance->handle(std::move(frame), received);
                     },
                 .refused = [](const RefusalsFrame&) {},
                 .serving = [] { return true; }});
  run_ready();
}

void SimSite::run_ready() {
  do {
    testing::run_ready(io());
  } while (running_->front->run_ready());
}

void SimSite::stop() {
  if (running_) running_->front.reset();
  clock.forget_alarms();
  if (!running_) return;
  running_->ledger.reset();  // completes who waited; they are dropped with the executor
  running_->io.reset();
  running_.reset();
}

void SimSite::crash() {
  files.power_cut(random_());
  stop();
  start();
}

std::vector<Entry> SimSite::close_and_read() {
  files.heal();
  files.power_cut();  // nothing that was handed out may rest on what is not durable
  stop();
  std::vector<Entry> out;
  auto store = LedgerStore::open(vfs_, ledger_options_.path).value();
  const auto finding = store.walk([&](const Entry& entry, ByteView, const ChainState&) {
    out.push_back(entry);
    return Result<void>(ok());
  });
  CERTRELAY_CHECK(!finding.value().has_value());
  return out;
}

asio::awaitable<HttpAnswer> SimSite::call(HttpMethod method, std::string path, Bytes body,
                                          PeerName peer, LineFate fate) {
  auto frame = frame_of(Role::kCenter, peer, method, std::move(path), std::move(body), {});
  auto answer = co_await running_->front->call(peer, std::move(frame.request), fate);
  const bool document = answer.status == 200 && as_text(answer.body).starts_with("%PDF");
  if (!plants_.delivery || !document) co_return answer;
  co_return co_await plants_.delivery(std::move(answer), clock);
}

asio::awaitable<int> SimSite::change(std::uint64_t generation, std::uint64_t sequence,
                                     Bytes clear) {
  const auto feeder = PeerName::parse("feeder").value();
  auto get = frame_of(Role::kRegistry, feeder, HttpMethod::kGet, "/v1/register", {}, {});
  const auto answered = co_await running_->verbs->handle(std::move(get));
  const auto status = decode_register_status(answered.body);
  if (!status) co_return 0;
  clock.pass(1ms);
  const auto statement = feeder_.sign(StatementKind::kChange, municipality,
                                      {generation, sequence, clock.utc_now()}, clear);
  HttpHeaders headers{{std::string(kStatementHeader), format_statement(statement.value())}};
  auto post = frame_of(Role::kRegistry, feeder, HttpMethod::kPost, "/v1/changes",
                       seal_change(status.value().change_key, clear), std::move(headers));
  const auto answer = co_await running_->verbs->handle(std::move(post));
  co_return answer.status;
}

bool SimSite::swap(const SimCity& city) {
  const auto extract = city.extract();
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  const auto built = running_->reg->build(extract.manifest, source, diagnostics);
  if (!built) return false;
  if (!running_->reg->activate(built.value(), clock.utc_now())) return false;
  running_->issuance->withdraw_all();
  return true;
}

ErrorCode SimSite::start_second_ledger() {
  const auto second = Ledger::open(ledger_parts(), ledger_options_);
  return second ? ErrorCode::kNone : second.error().code;
}

}  // namespace certrelay::testing
