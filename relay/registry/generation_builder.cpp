#include "relay/registry/generation_builder.hpp"

#include "protocol/extract/card_table.hpp"
#include "relay/registry/generation.hpp"
#include "relay/registry/guard_rails.hpp"
#include "relay/registry/sealed_number.hpp"

namespace certrelay {

GenerationBuilder::GenerationBuilder(Files& files, Entropy& entropy, Target target,
                                     const Manifest& manifest, KeyTable keys, BaseWriter base)
    : files_(&files),
      entropy_(&entropy),
      target_(std::move(target)),
      manifest_(&manifest),
      keys_(std::move(keys)),
      base_(std::move(base)),
      seal_{.generation = manifest.generation,
            .persons = manifest.persons,
            .households = manifest.households,
            .cards = manifest.cards,
            .created = manifest.created,
            .base = {},
            .index = {},
            .index_keys = random_index_keys(entropy),
            .catalogue = {},
            .files = file_bytes_of(manifest),
            .numbers = manifest.numbers},
      index_(seal_.index_keys, entropy) {
  index_.reserve(manifest.cards);
}

Result<std::unique_ptr<GenerationBuilder>> GenerationBuilder::create(Files& files, Entropy& entropy,
                                                                     Target target,
                                                                     const Manifest& manifest,
                                                                     KeyTable keys) {
  CERTRELAY_TRY(auto base, BaseWriter::create(files, target.stem + std::string(kBaseEnd)));
  return std::make_unique<GenerationBuilder>(files, entropy, std::move(target), manifest,
                                             std::move(keys), std::move(base));
}

Result<void> GenerationBuilder::catalogue(Catalogue catalogue) {
  seal_.catalogue = std::move(catalogue);
  return ok();
}

void GenerationBuilder::add_cards(const std::vector<CardRecord>& cards) {
  for (const auto& card : cards) {
    index_.add({manifest_->issuers[card.issuer], card.serial},
               {to_number(card.person), card.valid_from});
  }
}

void GenerationBuilder::seal_number_of(StoredPerson& stored, std::uint64_t person) {
  auto& number = stored.person.individual_number;
  if (!number) return;
  const auto slot = keys_.add_number_key(person, *entropy_);
  stored.number = SealedNumber{slot, seal_number(keys_.key(slot), person, *number, *entropy_)};
  number.reset();
}

Result<void> GenerationBuilder::household(HouseholdRows rows,
                                          std::vector<std::vector<CardRecord>> cards) {
  std::vector<PersonId> members;
  for (const auto& member : rows.members) members.push_back(member.person);
  for (std::size_t i = 0; i < rows.members.size(); ++i) {
    StoredPerson stored{std::move(rows.members[i]), rows.household, members, {}, {}};
    for (const auto& card : cards[i]) {
      stored.cards.push_back({manifest_->issuers[card.issuer], card.serial});
      stored.cards_valid_from.push_back(card.valid_from);
    }
    add_cards(cards[i]);
    const std::uint64_t person = to_number(stored.person.person);
    const std::uint64_t slot = keys_.slot_of(person, *entropy_);
    seal_number_of(stored, person);
    auto clear = encode(stored);
    const auto sealed =
        seal(keys_.key(slot), record_context(manifest_->generation, person), clear, *entropy_);
    wipe(clear);
    CERTRELAY_TRY(base_.add(person, slot, sealed));
  }
  return ok();
}

Result<std::uint64_t> GenerationBuilder::finish() {
  CERTRELAY_TRY(base_.finish());
  CERTRELAY_TRY(index_.write(*files_, path(kIndexEnd)));
  CERTRELAY_TRY(seal_.base, mark_of(*files_, path(kBaseEnd)));
  CERTRELAY_TRY(seal_.index, mark_of(*files_, path(kIndexEnd)));
  CERTRELAY_TRY(files_->write_durably(
      path(seal_end(target_.root.epoch)),
      seal_generation(seal_, keys_.numbers_ended(), target_.root, *entropy_)));
  CERTRELAY_TRY(keys_.write(*files_, target_.keys, target_.root, *entropy_));
  CERTRELAY_TRY(files_->sync_folder(folder_of(target_.keys)));
  return keys_.size();
}

}  // namespace certrelay
