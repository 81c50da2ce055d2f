// How many transactions a second the vault makes with one worker and with two, in this process and
// without sockets: workers_bench FOLDER [ROUNDS] prints [[one,two],...], a pair a round.
// Four rounds at most: answers are kept for two minutes, and the vault holds 4,096 transactions.
// The register and the ledger lie in FOLDER, durable; every card is an RSA card never seen before,
// its challenge signed before the clock runs, for that costs its holder more than the vault.
#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <cstdlib>
#include <future>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/event_message.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/registry/sealed_register.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/test_pki.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kTransactions = 400;  // of a round
constexpr std::size_t kAtOnce = 64;
constexpr std::size_t kRoundsDefault = 3;
const std::string kOpen = "/v1/transactions";

// One transaction that was opened, with its signed card.
struct Begun {
  std::string path;
  Bytes inquiry;
};

class Vault {
 public:
  explicit Vault(const std::string& folder) : folder_(folder), now_(clock_.utc_now()) {
    pki_.crl_spec.this_update = now_ - std::chrono::hours(1);
    pki_.crl_spec.next_update = now_ + std::chrono::hours(47);
    pki_.crl_spec.entries.clear();
    cards_ = CardVerifier::load(pki_.config()).value();
    open_register();
    open_ledger();
    issuance_.emplace(
        IssuanceSettings{
            .municipality = municipality_,
            .demo = true,
            .calendar = {{CertificateKind::kJuminhyo,
                          KindCalendar{{.opens_min = 0, .closes_min = 24 * 60}, {}, {}}}},
            .deadlines = {},
            .table = {}},
        IssuanceParts{clock_, entropy_, *cards_, *reg_, *ledger_, test_render_kit(), key_, alarm_,
                      refusals_, orders_});
  }

  // Opens so many, each with a card of its own. The clock does not run yet.
  std::vector<Begun> begin(std::size_t count) {
    std::vector<Begun> out;
    asio::thread_pool pool(1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy_))).value();
      const OpenRequest request{id, municipality_, KioskId::parse("KIOSK-1").value(),
                                CertificateKind::kJuminhyo};
      const auto answer =
          asio::co_spawn(pool, call(kOpen, encode(request).value()), asio::use_future).get();
      const auto payload = decode_open_answer(answer.body).value().signed_payload;
      out.push_back({kOpen + "/" + std::string(id.text()),
                     encode(InquiryRequest{next_card(), test_card_key().sign(payload).value(),
                                           CardAlgorithm::kRsaPkcs1Sha256})
                         .value()});
    }
    pool.join();
    return out;
  }

  // Inquiry, issuance and event of all of them by so many workers; transactions a second.
  double run(const std::vector<Begun>& begun, std::size_t workers) {
    asio::thread_pool pool(workers);
    std::atomic<std::size_t> next{0};
    std::vector<std::future<void>> ends;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      ends.push_back(asio::co_spawn(pool, take_turns(begun, next), asio::use_future));
    }
    for (auto& end : ends) end.get();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    pool.join();
    return static_cast<double>(begun.size()) / took.count();
  }

 private:
  void open_register() {
    RegisterSettings settings;
    settings.folder = folder_ + "/register";
    settings.outer_key = folder_ + "/outer.key";
    settings.any_file_system = true;
    settings.owner = files_.info(folder_).value().owner;
    settings.extract_age_max = std::chrono::hours(24 * 365 * 10);
    const RegisterEnv env{&files_, &entropy_, &clock_};
    CERTRELAY_CHECK(SealedRegister::init(env, settings).has_value());
    reg_ = SealedRegister::open(env, settings).value();
    auto content = sample::content(kHouseholds);
    content.catalogue = testing::sample_catalogue();
    auto extract = sample::extract(content);
    const auto card = cards_
                          ->verify(next_card(), as_bytes("payload"),
                                   test_card_key().sign(as_bytes("payload")).value(),
                                   CardAlgorithm::kRsaPkcs1Sha256, now_)
                          .value();
    extract.manifest.issuers = {card.card.issuer_der};
    sample::MemoryFiles source(extract);
    Diagnostics diagnostics;
    const auto built = reg_->build(extract.manifest, source, diagnostics).value();
    CERTRELAY_CHECK(reg_->activate(built, now_).has_value());
  }

  void open_ledger() {
    LedgerOptions options{.path = folder_ + "/ledger.db", .checkpoint_folder = folder_ + "/notes"};
    LedgerStore::create(vfs_, files_, options.path, checkpoint_.origin()).value();
    ledger_ = Ledger::open(
                  {vfs_, files_, clock_, checkpoint_, make_thread_driver(), make_thread_driver()},
                  std::move(options))
                  .value();
    ledger_->accept_clock(UtcTime{});
  }

  // A certificate never seen before, of the head of a household of three.
  Bytes next_card() {
    const auto household = 1 + 3 * (card_++ % (kHouseholds / 3));
    pki_.card_spec.serial = sample::card_of(sample::person_id(household * 10 + 1)).serial;
    return pki_.root().issue(pki_.card_spec, test_card_key()).value();
  }

  asio::awaitable<HttpAnswer> call(std::string path, Bytes body) {
    HttpRequest request{HttpMethod::kPost, std::move(path), {}, std::move(body)};
    request.headers.push_back({"content-digest", format_content_digest(sha256(request.body))});
    // Named, not written into the call: g++ 12 destroys a temporary of a co_await twice.
    RequestFrame frame{1, Role::kCenter, center_, request};
    auto answer = co_await issuance_->handle(std::move(frame), clock_.steady_now());
    if (answer.status < 200 || answer.status > 204) {
      std::fprintf(stderr, "%s: %d\n", request.path.c_str(), answer.status);
      std::abort();
    }
    co_return answer;
  }

  asio::awaitable<void> take_turns(const std::vector<Begun>& begun,
                                   std::atomic<std::size_t>& next) {
    for (auto i = next++; i < begun.size(); i = next++) {
      const auto& one = begun[i];
      std::string path = one.path + "/inquiry";
      Bytes body = one.inquiry;
      const auto inquiry = co_await call(std::move(path), std::move(body));
      path = one.path + "/issuance";
      body = encode(testing::IssuanceWorld::take_all(inquiry)).value();
      const auto document = co_await call(std::move(path), std::move(body));
      CERTRELAY_CHECK(document.body.size() > 10'000);
      const auto headers = parse_issuance_headers(document.headers).value();
      const EventReport printed{
          EventId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy_))).value(),
          PrintEvent::kPrinted,
          std::chrono::floor<std::chrono::seconds>(clock_.utc_now()),
          headers.sheets,
          true,
          headers.fee_yen};
      path = one.path + "/events";
      body = encode(printed).value();
      co_await call(std::move(path), std::move(body));
    }
  }

  static constexpr std::uint64_t kHouseholds = 3000;
  const std::string folder_;
  SystemClock clock_;
  UtcTime now_;
  PosixFiles files_;
  SystemEntropy entropy_;
  SqliteVfs vfs_{files_, entropy_};
  TestPki pki_;
  std::uint64_t card_ = 0;
  CheckpointKey checkpoint_ = CheckpointKey::generate("bench.example/ledger").value();
  AnswerKey key_ = AnswerKey::generate().value();
  const PeerName center_ = PeerName::parse("jlis-center").value();
  const MunicipalityCode municipality_ = MunicipalityCode::parse("392014").value();
  AlarmLatch alarm_;
  RefusalCounts refusals_;
  ServiceOrders orders_;
  std::unique_ptr<CardVerifier> cards_;
  std::unique_ptr<SealedRegister> reg_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<Issuance> issuance_;
};

int run(const std::string& folder, std::size_t rounds) {
  Vault vault(folder);
  vault.run(vault.begin(kTransactions), 2);  // what is made once a process
  std::printf("[");
  for (std::size_t round = 0; round < rounds; ++round) {
    std::array<double, 2> rates{};
    for (const std::size_t side : {round % 2, 1 - round % 2}) {
      const auto begun = vault.begin(kTransactions);
      rates.at(side) = vault.run(begun, side + 1);
    }
    std::printf("%s[%.1f,%.1f]", round == 0 ? "" : ",", rates[0], rates[1]);
  }
  std::printf("]\n");
  return 0;
}

}  // namespace
}  // namespace certrelay

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: workers_bench FOLDER [ROUNDS]\n", stderr);
    return 2;
  }
  return certrelay::run(argv[1], argc > 2 ? std::stoul(argv[2]) : certrelay::kRoundsDefault);
}
