// Goal: the start-up self-test (INV-12) passes on the code as it is and names each planted mix-up.
// Method: the real issuance on the self-test's own city; a fault is put into one port, or between
// issuance and the applicants, under the very key that signs.
#include "firmware/selftest/self_test.hpp"

#include <gtest/gtest.h>

#include "tests/unit/selftest/planted_site.hpp"

namespace certrelay::testing {
namespace {

TEST(SelfTestTest, EverybodyGetsHisOwnAndNobodyGetsWhatIsLate) {
  PlantedSite site;
  const auto report = site.run();
  ASSERT_TRUE(report) << report.error().where;
  EXPECT_EQ(report.value().documents, 15U);
  EXPECT_GE(report.value().pages, 15U);
  EXPECT_EQ(report.value().repeats, 3U);
  EXPECT_EQ(report.value().late, 6U);
  EXPECT_EQ(report.value().refused_cards, 3U);
  EXPECT_FALSE(site.alarm.latched());
}

TEST(SelfTestTest, BuildsItsOwnSiteWhateverTheClockAndTheCalendarSay) {
  for (const auto* const when : {"1970-01-01T00:00:01Z", "2026-11-22T16:00:00Z"}) {
    HastyClock clock(parse_rfc3339(when).value());
    SystemEntropy entropy;
    const auto report = run_self_test(settings(), {clock, entropy, test_render_kit()});
    ASSERT_TRUE(report) << report.error().where;
    EXPECT_EQ(report.value().documents, 15U);
  }
}

// A machine so starved that between any two looks at its clock an answer's time is over.
class StarvedClock final : public Clock {
 public:
  UtcTime utc_now() const override { return today(); }
  SteadyTime steady_now() const override {
    constexpr std::chrono::seconds kBetweenLooks(ServiceDeadlines{}.answer_s);
    return SteadyTime(kBetweenLooks * ++looks_);
  }
  asio::awaitable<void> sleep_until(SteadyTime deadline) override {
    while (steady_now() < deadline) {
    }
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  }

 private:
  mutable std::atomic<int> looks_{0};
};

TEST(SelfTestTest, AStarvedMachineIsSlowAndNotMistaken) {
  StarvedClock clock;
  SystemEntropy entropy;
  const auto report = run_self_test(settings(), {clock, entropy, test_render_kit()});
  ASSERT_TRUE(report) << report.error().where;
  EXPECT_EQ(report.value().documents, 15U);
  EXPECT_EQ(report.value().repeats, 3U);
  EXPECT_EQ(report.value().late, 6U);
}

// On a slow machine a whole round outlasts the patience of a stop.
TEST(SelfTestTest, AStopWaitsForTheAnswersAtWorkAndHasFoundNothing) {
  PlantedSite site;
  std::atomic<std::size_t> begun{0};
  site.on_the_way_in = [&](const RequestFrame&, SteadyTime&) { ++begun; };
  site.stopped = [&] { return begun > 0; };
  const auto report = site.run();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kVaultNotServing);
  EXPECT_LE(begun.load(), settings().workers);  // each had one in hand, of 24 that were asked for
}

TEST(SelfTestTest, AStopHidesNothingThatWasFoundBeforeIt) {
  PlantedSite site;
  std::atomic<bool> out{false};
  site.on_the_way_out = [&](const RequestFrame& asked, HttpAnswer& answer) {
    if (!is_document(answer)) return;
    answer.body.back() ^= 1U;
    site.sign_again(asked, answer);
    out = true;
  };
  site.stopped = [&] { return out.load(); };
  const auto report = site.run();
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().code, ErrorCode::kVaultNotServing);
}

TEST(SelfTestTest, NamesADocumentThatTheNextApplicantGets) {  // Munakata: the previous buffer
  PlantedSite site;
  std::mutex mutex;
  std::optional<HttpAnswer> previous;
  site.on_the_way_out = [&](const RequestFrame& asked, HttpAnswer& answer) {
    if (!is_document(answer)) return;
    const std::lock_guard guard(mutex);
    auto mine = answer;
    if (previous) answer = *previous;
    previous = std::move(mine);
    site.sign_again(asked, answer);
  };
  // The applicant before was of another household, or of the same one in another transaction.
  const auto fault = fault_of(site.run());
  EXPECT_TRUE(fault == "self-test: not the household's address" ||
              fault == "self-test: tags of somebody else")
      << fault;
}

TEST(SelfTestTest, NamesAnAnswerThatWentToAnother) {  // Kawasaki: a shared slot
  PlantedSite site;
  std::mutex mutex;
  std::optional<HttpAnswer> slot;
  site.on_the_way_out = [&](const RequestFrame&, HttpAnswer& answer) {
    if (!is_document(answer)) return;
    const std::lock_guard guard(mutex);
    if (slot) std::swap(*slot, answer);
    if (!slot) slot = answer;
  };
  EXPECT_EQ(fault_of(site.run()), "self-test: an answer to another request");
}

TEST(SelfTestTest, NamesADeadlineThatHoldsNobodyUp) {  // Yokohama: only the lock was released
  PlantedSite site;
  site.on_the_way_in = [&](const RequestFrame&, SteadyTime& received) {
    received = site.clock.steady_now();
  };
  EXPECT_EQ(fault_of(site.run()), "self-test: delivered after the deadline");
}

// Of every document, under the vault's signature.
std::string_view fault_of_documents(const std::function<void(HttpAnswer&)>& change) {
  PlantedSite site;
  site.on_the_way_out = [&](const RequestFrame& asked, HttpAnswer& answer) {
    if (!is_document(answer)) return;
    change(answer);
    site.sign_again(asked, answer);
  };
  return fault_of(site.run());
}

void change_header(HttpAnswer& answer, std::string_view name,
                   const std::function<std::string(const std::string&)>& change) {
  const auto found = std::ranges::find(answer.headers, name, &HttpHeader::name);
  CERTRELAY_CHECK(found != answer.headers.end());
  found->value = change(found->value);
}

TEST(SelfTestTest, NamesADocumentWithAPageTooFew) {  // INV-4
  EXPECT_EQ(fault_of_documents([](HttpAnswer& answer) {
              change_header(answer, kSheetsHeader, [](const std::string& sheets) {
                return std::to_string(std::stoi(sheets) + 1);
              });
            }),
            "self-test: not as many pages as sheets");
}

TEST(SelfTestTest, NamesAPageOfAnotherDocument) {  // INV-4
  EXPECT_EQ(fault_of_documents([](HttpAnswer& answer) {
              change_header(answer, kDocumentIdHeader, [](std::string id) {
                id.back() = id.back() == '0' ? '1' : '0';
                return id;
              });
            }),
            "self-test: a page of another document");
}

TEST(SelfTestTest, NamesAPageWithoutATag) {  // INV-4
  EXPECT_EQ(fault_of_documents([](HttpAnswer& answer) {
              constexpr std::string_view kBegins = "/CertrelaySubject";
              constexpr std::string_view kEnds = ">> DP";
              std::string text(as_text(answer.body));
              for (auto at = text.find(kBegins); at != std::string::npos; at = text.find(kBegins)) {
                const auto size = text.find(kEnds, at) + kEnds.size() - at;
                text.replace(at, size, size, ' ');
              }
              std::ranges::copy(text, answer.body.begin());
            }),
            "self-test: a page without a tag");
}

TEST(SelfTestTest, NamesAnOutputOfBefore) {  // INV-7
  PlantedSite site;
  site.on_the_way_out = [&](const RequestFrame& asked, HttpAnswer& answer) {
    if (!is_document(answer)) return;
    answer.body.clear();
    answer.body.push_back('%');
    site.sign_again(asked, answer);
  };
  EXPECT_EQ(site.run().error().code, ErrorCode::kPdfUnreadable);
}

TEST(SelfTestTest, NamesARepeatThatIsMadeAnew) {  // INV-10
  PlantedSite site;
  std::mutex mutex;
  std::set<std::string> seen;
  site.on_the_way_out = [&](const RequestFrame& asked, HttpAnswer& answer) {
    if (!is_document(answer)) return;
    const std::lock_guard guard(mutex);
    if (!seen.insert(asked.request.path).second) answer.body.push_back('\n');
  };
  EXPECT_EQ(fault_of(site.run()), "self-test: a repeat is another answer");
}

// Everybody's household is the one of the person before.
class DisplacedRegister final : public RegisterPort {
 public:
  explicit DisplacedRegister(const FictionalRegister& honest) : honest_(honest) {}
  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override {
    return std::shared_ptr<const RegisterSnapshot>(
        std::make_shared<Snapshot>(honest_.snapshot().value()));
  }
  RegisterState state() const override { return honest_.state(); }
  Result<void> still_current(const RegisterVersion&, const HouseholdId&) const override {
    return ok();
  }

 private:
  class Snapshot final : public RegisterSnapshot {
   public:
    explicit Snapshot(std::shared_ptr<const RegisterSnapshot> honest)
        : honest_(std::move(honest)) {}
    RegisterVersion version() const override { return honest_->version(); }
    Result<LinkedPerson> find_card(const CardKey& card) const override {
      CERTRELAY_TRY(const auto own, honest_->find_card(card));
      const auto& households = city().households;
      const auto at = std::ranges::find_if(
          households, [&](const auto& one) { return one.view.household.head == own.person; });
      const auto next = (at - households.begin() + 1) % std::ssize(households);
      return LinkedPerson{households[static_cast<std::size_t>(next)].view.household.head,
                          own.valid_from};
    }
    Result<HouseholdView> household_of(const PersonId& person) const override {
      return honest_->household_of(person);
    }
    Result<std::optional<IndividualNumber>> individual_number(
        const PersonId& person) const override {
      return honest_->individual_number(person);
    }
    Result<SubjectPseudonym> pseudonym(const PersonId& person) const override {
      return honest_->pseudonym(person);
    }
    const Catalogue& catalogue() const override { return honest_->catalogue(); }

   private:
    std::shared_ptr<const RegisterSnapshot> honest_;
  };
  const FictionalRegister& honest_;
};

TEST(SelfTestTest, NamesARegisterThatLiesAsAWhole) {  // which readback cannot see
  PlantedSite site;
  const DisplacedRegister displaced(site.honest_register);
  site.reg = &displaced;
  EXPECT_EQ(fault_of(site.run()), "self-test: another's household is listed");
}

class CredulousCards final : public CardPort {
 public:
  Result<VerifiedCard> verify(ByteView certificate, ByteView, ByteView, CardAlgorithm,
                              UtcTime) const override {
    for (const auto& one : city().households) {
      if (std::ranges::equal(one.card.certificate, certificate)) {
        VerifiedCard out;
        out.card = one.card_key;
        return out;
      }
    }
    return Error{ErrorCode::kCardSignature, "test"};
  }
  CardHealth health() const override { return {}; }
};

TEST(SelfTestTest, NamesACardCheckThatAcceptsAnybodysSignature) {
  PlantedSite site;
  const CredulousCards credulous;
  site.cards = &credulous;
  EXPECT_EQ(fault_of(site.run()), "self-test: another's signature was accepted");
}

// Keeps other entries than it was given; one that it does not keep it calls durable all the same.
class LyingLedger final : public LedgerPort {
 public:
  using Lie = std::function<bool(Entry&)>;  // whether it is kept
  LyingLedger(FictionalLedger& honest, Lie lie) : honest_(honest), lie_(std::move(lie)) {}
  asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override {
    if (!lie_(entry)) co_return LedgerSequence(1);
    co_return co_await honest_.append(std::move(entry), std::move(guard));
  }
  Result<bool> knows_transaction(const TransactionId& id) override {
    return honest_.knows_transaction(id);
  }
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override {
    return honest_.entries_of(id);
  }
  Result<std::vector<Entry>> intents_on(JstDay day) override { return honest_.intents_on(day); }
  LedgerHealth health() const override { return honest_.health(); }

 private:
  FictionalLedger& honest_;
  const Lie lie_;
};

std::string_view fault_with(const LyingLedger::Lie& lie) {
  PlantedSite site;
  LyingLedger lying(site.honest_ledger, lie);
  site.ledger = &lying;
  return fault_of(site.run());
}

TEST(SelfTestTest, NamesADocumentThatTheLedgerDoesNotHave) {
  EXPECT_EQ(fault_with([](Entry& entry) { return entry.kind != EntryKind::kProvisionIntent; }),
            "self-test: a document without its one intent");
}

TEST(SelfTestTest, NamesALedgerThatNamesOtherBytes) {
  EXPECT_EQ(fault_with([](Entry& entry) {
              if (entry.document_sha256) entry.document_sha256->front() ^= 1;
              return true;
            }),
            "self-test: the ledger names other bytes");
}

TEST(SelfTestTest, NamesADeadlineThatTheLedgerDoesNotTell) {  // INV-2
  EXPECT_EQ(fault_with([](Entry& entry) { return entry.reason != ErrorCode::kAnswerTooLate; }),
            "self-test: a deadline that the ledger does not tell");
}

}  // namespace
}  // namespace certrelay::testing
