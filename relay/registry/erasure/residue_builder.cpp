#include "relay/registry/erasure/residue_builder.hpp"

#include <algorithm>

namespace certrelay {
namespace {

GenerationSeal seal_like(const GenerationSeal& from, Entropy& entropy) {
  return {.generation = from.generation,
          .persons = 0,
          .households = from.households,
          .cards = 0,
          .created = from.created,
          .base = {},
          .index = {},
          .index_keys = random_index_keys(entropy),
          .catalogue = from.catalogue,
          .files = from.files,
          .numbers = from.numbers};
}

// Adds the person's cards to the index.
Result<std::uint64_t> add_cards(CardIndexBuilder& index, std::uint64_t person, const Key256& key,
                                std::uint64_t generation, ByteView sealed) {
  CERTRELAY_TRY(auto clear, open_sealed(key, record_context(generation, person), sealed));
  const auto stored = decode_stored_person(clear);
  wipe(clear);
  if (!stored) return stored.error();
  const auto& cards = stored.value().cards;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    index.add(cards[i], {person, stored.value().cards_valid_from[i]});
  }
  return std::uint64_t{cards.size()};
}

// In the order in which they lie: households stay together.
Result<std::vector<BaseRow>> rows_in_place(const BaseReader& base) {
  std::vector<BaseRow> out;
  CERTRELAY_TRY(base.walk([&](const BaseRow& row) {
    out.push_back(row);
    return ok();
  }));
  std::sort(out.begin(), out.end(),
            [](const BaseRow& a, const BaseRow& b) { return a.offset < b.offset; });
  return out;
}

}  // namespace

Result<RebuiltGeneration> rebuild_without_residue(Files& files, Entropy& entropy,
                                                  const Generation& from, const Key256& root,
                                                  const std::string& stem) {
  const auto place = from.place();
  CERTRELAY_TRY(const auto key_file, KeyFile::open(files, place.keys, {&root, place.epoch}));
  CERTRELAY_TRY(const auto keys, key_file.load());
  RebuiltGeneration out{seal_like(from.contents(), entropy)};
  CardIndexBuilder index(out.seal.index_keys, entropy);
  index.reserve(from.contents().cards);
  CERTRELAY_TRY(auto writer, BaseWriter::create(files, stem + std::string(kBaseEnd)));
  {
    const auto base_path = place.stem + std::string(kBaseEnd);
    CERTRELAY_TRY(const auto persons, BaseReader::persons_of(files, base_path));
    CERTRELAY_TRY(const auto base, BaseReader::open(files, base_path, persons));
    CERTRELAY_TRY(const auto rows, rows_in_place(base));
    for (const auto& row : rows) {
      if (row.slot >= keys.size()) return Error{ErrorCode::kStoreCorrupt, "register: slot"};
      const auto person = keys.person(row.slot);
      if (person == kNoPerson) {
        ++out.dropped;
        continue;
      }
      CERTRELAY_TRY(const auto sealed, base.sealed(row));
      CERTRELAY_TRY(const auto cards,
                    add_cards(index, person, keys.key(row.slot), out.seal.generation, sealed));
      out.seal.cards += cards;
      CERTRELAY_TRY(writer.add(person, row.slot, sealed));
    }
  }
  out.seal.persons = writer.size();
  CERTRELAY_TRY(writer.finish());
  CERTRELAY_TRY(index.write(files, stem + std::string(kIndexEnd)));
  CERTRELAY_TRY(out.seal.base, mark_of(files, stem + std::string(kBaseEnd)));
  CERTRELAY_TRY(out.seal.index, mark_of(files, stem + std::string(kIndexEnd)));
  return out;
}

}  // namespace certrelay
