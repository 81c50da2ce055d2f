#include "relay/registry/block_scan.hpp"

#include <algorithm>
#include <map>

#include "protocol/extract/block_digest.hpp"
#include "protocol/extract/card_table.hpp"

namespace certrelay {
namespace {

// Who is asked about, block by block, ascending.
class AskedPeople {
 public:
  explicit AskedPeople(const ReconciliationRequest& request) : blocks_(request.blocks) {
    for (const auto& block : request.stated) people_[block.block] = {};
  }
  Result<void> add(std::uint64_t person) {
    const auto found = people_.find(person % blocks_);
    if (found == people_.end()) return ok();
    if (++count_ > kReconciledPersonsMax) {
      return Error{ErrorCode::kLimitExceeded, "reconciliation: too many people"};
    }
    found->second.push_back(person);
    return ok();
  }
  std::vector<std::uint64_t>& of(std::uint64_t block) {
    auto& people = people_[block];
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    return people;
  }

 private:
  std::uint64_t blocks_;
  std::size_t count_ = 0;
  std::map<std::uint64_t, std::vector<std::uint64_t>> people_;
};

}  // namespace

Result<ReconciliationAnswer> compare_blocks(const OverlaidRegister& now, const Overlay& overlay,
                                            const ReconciliationRequest& request) {
  AskedPeople asked(request);
  CERTRELAY_TRY(
      overlay.base()->each_person([&](std::uint64_t person) { return asked.add(person); }));
  for (const auto person : overlay.persons()) {
    CERTRELAY_TRY(asked.add(person));
  }
  const auto numbers = now.extract().numbers;
  ReconciliationAnswer out{.version = now.version(), .differing = {}};
  for (const auto& stated : request.stated) {
    BlockDigest digest(request.nonce, request.blocks, stated.block);
    for (const auto person : asked.of(stated.block)) {
      auto stored = now.stored(person_of(person));
      if (!stored && stored.error().code == ErrorCode::kUnknownPerson) continue;
      CERTRELAY_TRY(auto record, std::move(stored));
      CERTRELAY_TRY(record.person.individual_number, now.number_of(record));
      digest.add(record.household, record.person, record.cards, record.cards_valid_from, numbers);
    }
    const auto persons = digest.persons();
    if (persons == stated.persons && digest.finish() == stated.digest) continue;
    out.differing.push_back({stated.block, persons});
  }
  return out;
}

}  // namespace certrelay
