// What is true in a simulated city (見本), version by version: the checker's own memory, made from
// what the source system sent and never from what the relay answered.
#pragma once

#include <map>

#include "protocol/extract/change.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay::testing {

class SimCity {
 public:
  static constexpr std::uint64_t kHouseholds = 12;

  struct Household {
    std::uint64_t edition = 1;  // stands in its address: a sentinel of every version
    bool deleted = false;
  };
  using Households = std::map<std::uint64_t, Household>;
  using Version = std::pair<std::uint64_t, std::uint64_t>;  // generation, change

  SimCity() { at_[{1, 0}] = now(); }

  static std::uint64_t members_of(std::uint64_t household) { return 3 - (household - 1) % 3; }
  static std::uint64_t household_of(std::uint64_t person) { return person / 10; }
  static std::string name_of(std::uint64_t person) { return "見本　" + std::to_string(person); }
  std::string address_of(std::uint64_t household, const Version& version) const;

  Version version() const { return version_; }
  const Households& now() const { return now_; }
  // The state that `version` has; null: the source system never made such a version.
  const Households* at(const Version& version) const;

  sample::Extract extract() const;
  // The next generation, every address another; in force with adopt().
  SimCity next_generation() const;
  // The next change: `household` moves, or, when it is one person and `leave`, is deleted.
  SimCity changed(std::uint64_t household, bool leave) const;
  // The bytes of the change that leads here from the version before.
  RegisterChange change_of(std::uint64_t household) const;

 private:
  static Households first();
  static std::string address(std::uint64_t household, std::uint64_t edition);
  sample::Household rows(std::uint64_t household) const;

  Version version_{1, 0};
  Version base_{0, 0};
  Households now_ = first();
  std::map<Version, Households> at_;
};

}  // namespace certrelay::testing
