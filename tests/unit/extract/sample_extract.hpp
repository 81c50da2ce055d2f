// A small fictional extract in memory (見本): what the tests of extract and registry begin with.
#pragma once

#include <map>

#include "protocol/extract/manifest.hpp"
#include "protocol/extract/record_codec.hpp"

namespace certrelay::sample {

struct Household {
  HouseholdRecord household;
  std::vector<PersonRecord> members;
};

struct Content {
  Catalogue catalogue;
  std::vector<Household> households;
  std::vector<CardRecord> cards;
  std::map<std::string, Bytes> images;  // "name.png"
  std::uint64_t generation = 1;
  IndividualNumbers numbers = IndividualNumbers::kNotHeld;
};

PersonId person_id(std::uint64_t number);
HouseholdId household_id(std::uint64_t number);
PersonalText text(std::string_view value);
RegisterDate date(std::string_view iso);
Bytes issuer_der();
// One bit a pixel, 48 high; not a decodable picture.
Bytes png();

// `number` from 1: persons number * 10 + 1 ..., each with a card of serial (0x01, id as 8 bytes).
Household household(std::uint64_t number, std::size_t members);
CardRecord card_of(const PersonId& person);
CardKey key_of(const CardRecord& card);
Catalogue catalogue();
// Households of three, two, one, three ... with a card each.
Content content(std::size_t households);
// A fictional number (0000...) of that running number, with its check digit.
IndividualNumber individual_number(std::uint64_t running);
// The same people with a number each, by their ids, and a kind that offers it.
Content numbered(std::size_t households);

struct Extract {
  Manifest manifest;
  std::map<std::string, std::string> files;
};
// Tables, images and the manifest that names them.
Extract extract(const Content& content);
// Digests and lengths of what `files` now holds.
void refresh(Extract& extract);

class MemoryFiles final : public ExtractFiles {
 public:
  explicit MemoryFiles(const Extract& extract) : extract_(&extract) {}
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) override;

 private:
  const Extract* extract_;
};

}  // namespace certrelay::sample
