// Goal: the published faults (incidents) are each caught, and it is known by whom. Method: each is
// put around the relay by composition, here and nowhere else; no program contains one
// (no_plants_test.py).
#include <gtest/gtest.h>

#include "firmware/kiosk/document_check.hpp"
#include "tests/sim/simulation.hpp"
#include "tests/support/small_pdf.hpp"

namespace certrelay {
namespace planted {

using boost::asio::awaitable;
using testing::SimClock;
using namespace std::chrono_literals;

// Yokohama, Kawasaki: every finished document lies under one name until it is picked up.
class SharedSlot {
 public:
  awaitable<HttpAnswer> operator()(HttpAnswer answer, SimClock& clock) const {
    *slot_ = std::move(answer);
    co_await clock.sleep_until(clock.steady_now() + 400ms);
    co_return *slot_;
  }

 private:
  std::shared_ptr<HttpAnswer> slot_ = std::make_shared<HttpAnswer>();
};

// Yokohama: the slot has a lock, and whoever has waited for it too long forces it open.
class LockReleasedAtTimeOut {
 public:
  awaitable<HttpAnswer> operator()(HttpAnswer answer, SimClock& clock) const {
    for (int waited = 0; state_->locked && waited < 5; ++waited) {
      co_await clock.sleep_until(clock.steady_now() + 100ms);
    }
    state_->locked = true;
    state_->file = std::move(answer);
    co_await clock.sleep_until(clock.steady_now() + (++state_->turn % 3 == 0 ? 2'000ms : 50ms));
    state_->locked = false;
    co_return state_->file;
  }

 private:
  struct State {
    bool locked = false;
    int turn = 0;
    HttpAnswer file;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Munakata: the buffer of before is sent.
class PreviousBuffer {
 public:
  awaitable<HttpAnswer> operator()(HttpAnswer answer, SimClock& /*clock*/) const {
    std::swap(*buffer_, answer);
    if (answer.body.empty()) co_return *buffer_;
    co_return answer;
  }

 private:
  std::shared_ptr<HttpAnswer> buffer_ = std::make_shared<HttpAnswer>();
};

// Tokushima: the last page is of the document before.
class ForeignPage {
 public:
  awaitable<HttpAnswer> operator()(HttpAnswer answer, SimClock& /*clock*/) const {
    auto tags = read_subject_tags(as_text(answer.body)).value();
    const auto own = tags;
    if (!before_->empty()) tags.push_back(before_->back());
    *before_ = own;
    if (tags.size() == own.size()) co_return answer;
    std::vector<std::string> pages;
    for (const auto& page : tags) {
      std::string stream;
      for (const auto& tag : page) stream += "/CertrelaySubject <</Tag (" + tag + ")>> DP\n";
      pages.push_back(stream);
    }
    const auto spliced = pdf_of_pages(pages);
    answer.body.assign(spliced.begin(), spliced.end());
    co_return answer;
  }

 private:
  std::shared_ptr<std::vector<std::vector<std::string>>> before_ =
      std::make_shared<std::vector<std::vector<std::string>>>();
};

// Tokushima once more: what the answer says of its pages is another document's.
class ForeignHeader {
 public:
  explicit ForeignHeader(std::string_view name) : name_(name) {}
  awaitable<HttpAnswer> operator()(HttpAnswer answer, SimClock& /*clock*/) const {
    const auto found = std::ranges::find(answer.headers, name_, &HttpHeader::name);
    if (found != answer.headers.end()) {
      auto& last = found->value.back();
      last = last == '1' ? '2' : '1';
    }
    co_return answer;
  }

 private:
  std::string_view name_;
};

// Snapshots whose n-th look-up of a household answers with what the last transaction looked up.
class SlotSnapshot final : public RegisterSnapshot {
 public:
  using Slot = std::shared_ptr<std::optional<HouseholdView>>;
  SlotSnapshot(std::shared_ptr<const RegisterSnapshot> behind, Slot slot, int nth)
      : behind_(std::move(behind)), slot_(std::move(slot)), nth_(nth) {}
  RegisterVersion version() const override { return behind_->version(); }
  Result<LinkedPerson> find_card(const CardKey& card) const override {
    return behind_->find_card(card);
  }
  Result<HouseholdView> household_of(const PersonId& person) const override {
    auto mine = behind_->household_of(person);
    if (!mine || ++looked_up_ != nth_) return mine;
    auto given = slot_->has_value() ? **slot_ : mine.value();
    *slot_ = mine.value();
    return given;
  }
  Result<SubjectPseudonym> pseudonym(const PersonId& person) const override {
    return behind_->pseudonym(person);
  }
  Result<std::optional<IndividualNumber>> individual_number(const PersonId& person) const override {
    return behind_->individual_number(person);
  }
  const Catalogue& catalogue() const override { return behind_->catalogue(); }

 private:
  std::shared_ptr<const RegisterSnapshot> behind_;
  Slot slot_;
  int nth_;
  mutable int looked_up_ = 0;
};

class SlotRegister final : public RegisterPort {
 public:
  SlotRegister(const RegisterPort& behind, int nth) : behind_(behind), nth_(nth) {}
  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override {
    CERTRELAY_TRY(auto snapshot, behind_.snapshot());
    return std::shared_ptr<const RegisterSnapshot>(
        std::make_shared<SlotSnapshot>(std::move(snapshot), slot_, nth_));
  }
  RegisterState state() const override { return behind_.state(); }
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override {
    return behind_.still_current(version, household);
  }

 private:
  const RegisterPort& behind_;
  int nth_;
  SlotSnapshot::Slot slot_ = std::make_shared<std::optional<HouseholdView>>();
};

// Niigata, Saitama, Kumamoto: changes do not reach the issuing side.
class StaleRegister final : public RegisterPort {
 public:
  StaleRegister(const RegisterPort& behind, bool order_too)
      : behind_(behind), order_too_(order_too) {}
  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override {
    if (first_ == nullptr) {
      CERTRELAY_TRY(first_, behind_.snapshot());
    }
    return first_;
  }
  RegisterState state() const override { return behind_.state(); }
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override {
    return order_too_ ? Result<void>(ok()) : behind_.still_current(version, household);
  }

 private:
  const RegisterPort& behind_;
  bool order_too_;  // the point of order is deceived as well
  mutable std::shared_ptr<const RegisterSnapshot> first_;
};

}  // namespace planted

namespace {

using testing::SimPlants;
using testing::SimResult;
using testing::simulate;

SimResult with(SimPlants plants) {
  return simulate({.seed = 5, .transactions = 200, .crashes = false, .plants = std::move(plants)});
}
SimPlants delivery(SimPlants::Delivery plant) { return {.reg = {}, .delivery = std::move(plant)}; }
SimPlants slot_register(int nth) {
  return {.reg = [nth](const RegisterPort& reg) -> std::unique_ptr<RegisterPort> {
            return std::make_unique<planted::SlotRegister>(reg, nth);
          },
          .delivery = {}};
}
SimPlants stale_register(bool order_too) {
  return {.reg = [order_too](const RegisterPort& reg) -> std::unique_ptr<RegisterPort> {
            return std::make_unique<planted::StaleRegister>(reg, order_too);
          },
          .delivery = {}};
}

TEST(Planted, NothingIsFoundWhereNothingIsPlanted) {
  const auto result = with({});
  EXPECT_TRUE(result.broken.empty()) << result.broken.front();
  EXPECT_EQ(result.alarm, ErrorCode::kNone);
  EXPECT_GT(result.documents, 50U);
}

// Behind the vault's last look at the bytes: the checker, which is the center's own check.
TEST(Planted, CheckerFindsTheSharedSlot) {
  EXPECT_TRUE(with(delivery(planted::SharedSlot())).broke("INV-3"));
}
TEST(Planted, CheckerFindsTheLockReleasedAtTimeOut) {
  EXPECT_TRUE(with(delivery(planted::LockReleasedAtTimeOut())).broke("INV-3"));
}
TEST(Planted, CheckerFindsThePreviousBuffer) {
  EXPECT_TRUE(with(delivery(planted::PreviousBuffer())).broke("INV-3"));
}
TEST(Planted, CheckerFindsThePageOfAnotherDocument) {
  const auto result = with(delivery(planted::ForeignPage()));
  EXPECT_TRUE(result.broke("INV-4") || result.broke("INV-3"));
}

TEST(Planted, CheckerFindsAPageTooFewOrTooMany) {
  EXPECT_TRUE(with(delivery(planted::ForeignHeader(kSheetsHeader))).broke("INV-4 pages"));
}
TEST(Planted, CheckerFindsPagesUnderAnotherDocumentsId) {
  EXPECT_TRUE(with(delivery(planted::ForeignHeader(kDocumentIdHeader))).broke("INV-4 a page"));
}

// Before it: the relay. Readback compares the page with values read again, so one of the two
// look-ups alone cannot deceive it; the alarm latches, outlives a restart, and nobody is handed a
// wrong page.
TEST(Planted, RelayFindsTheLaterRequestThatOverwroteTheEarlier) {
  const auto result = with(slot_register(2));
  EXPECT_NE(result.alarm, ErrorCode::kNone);
  EXPECT_TRUE(result.broken.empty()) << result.broken.front();
}

// The relay refuses at the point of order what its snapshot did not know.
TEST(Planted, RelayRefusesWhatAStaleSnapshotKnows) {
  const auto result = with(stale_register(false));
  EXPECT_GT(result.changes, 0U);
  EXPECT_FALSE(result.broke("INV-6 a certificate"));
  EXPECT_LT(result.documents, with({}).documents);
}
// Where the whole port lies, only the city knows better.
TEST(Planted, CheckerFindsTheRegisterThatNeverChanges) {
  EXPECT_TRUE(with(stale_register(true)).broke("INV-6"));
}

// Takamatsu: the program of one server on two.
TEST(Planted, RelayRefusesASecondInstanceOnItsLedger) {  // INV-8
  testing::SimSite site(3, {});
  EXPECT_NE(site.start_second_ledger(), ErrorCode::kNone);
}

}  // namespace
}  // namespace certrelay
