#include "relay/registry/generation_builder.hpp"

#include <algorithm>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/generation.hpp"

namespace certrelay {
namespace {

// No journal: a generation that is not finished is thrown away whole, and finish() syncs the file.
constexpr const char* kSchema =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192;"
    "CREATE TABLE person(row INTEGER PRIMARY KEY, slot INTEGER NOT NULL, sealed BLOB NOT NULL);"
    "CREATE TABLE person_row(id INTEGER PRIMARY KEY, row INTEGER NOT NULL);"
    "BEGIN;";
constexpr const char* kInsert = "INSERT INTO person(row, slot, sealed) VALUES(?1, ?2, ?3)";
constexpr const char* kInsertRow = "INSERT INTO person_row(id, row) VALUES(?1, ?2)";

}  // namespace

GenerationBuilder::GenerationBuilder(Files& files, Entropy& entropy, Target target,
                                     const Manifest& manifest, KeyTable keys, Database base,
                                     Statement insert)
    : files_(&files),
      entropy_(&entropy),
      target_(std::move(target)),
      manifest_(&manifest),
      keys_(std::move(keys)),
      base_(std::move(base)),
      insert_(std::move(insert)),
      seal_{.generation = manifest.generation,
            .persons = manifest.persons,
            .households = manifest.households,
            .cards = manifest.cards,
            .created = manifest.created,
            .base = {},
            .index = {},
            .index_keys = random_index_keys(entropy),
            .catalogue = {}},
      index_(seal_.index_keys, entropy) {}

Result<std::unique_ptr<GenerationBuilder>> GenerationBuilder::create(
    Files& files, const SqliteVfs& vfs, Entropy& entropy, Target target, const Manifest& manifest,
    KeyTable keys) {
  CERTRELAY_TRY(auto base, Database::open(vfs, target.stem + std::string(kBaseEnd),
                                          Database::Access::kCreate));
  CERTRELAY_TRY(base.execute(kSchema));
  CERTRELAY_TRY(auto insert, base.prepare(kInsert));
  return std::make_unique<GenerationBuilder>(files, entropy, std::move(target), manifest,
                                             std::move(keys), std::move(base), std::move(insert));
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
    auto clear = encode(stored);
    const auto sealed =
        seal(keys_.key(slot), record_context(manifest_->generation, person), clear, *entropy_);
    wipe(clear);
    rows_.push_back({person, static_cast<std::int64_t>(rows_.size() + 1)});
    insert_->bind(1, rows_.back().row);
    insert_->bind(2, static_cast<std::int64_t>(slot));
    insert_->bind(3, ByteView(sealed));
    CERTRELAY_TRY(insert_->run());
  }
  return ok();
}

Result<void> GenerationBuilder::finish_base() {
  std::sort(rows_.begin(), rows_.end(),
            [](const PersonRow& a, const PersonRow& b) { return a.person < b.person; });
  {
    CERTRELAY_TRY(auto insert, base_->prepare(kInsertRow));
    for (const auto& row : rows_) {
      insert.bind(1, static_cast<std::int64_t>(row.person));
      insert.bind(2, row.row);
      CERTRELAY_TRY(insert.run());
    }
  }
  CERTRELAY_TRY(base_->execute("COMMIT;"));
  insert_.reset();
  base_.reset();
  CERTRELAY_TRY(const auto file, files_->open(path(kBaseEnd), OpenMode::kReadWrite));
  return file->sync();
}

Result<std::uint64_t> GenerationBuilder::finish() {
  CERTRELAY_TRY(finish_base());
  CERTRELAY_TRY(index_.write(*files_, path(kIndexEnd)));
  CERTRELAY_TRY(seal_.base, mark_of(*files_, path(kBaseEnd)));
  CERTRELAY_TRY(seal_.index, mark_of(*files_, path(kIndexEnd)));
  CERTRELAY_TRY(
      files_->write_durably(path(kSealEnd), seal_generation(seal_, target_.root, *entropy_)));
  CERTRELAY_TRY(keys_.write(*files_, target_.keys, target_.root, *entropy_));
  CERTRELAY_TRY(files_->sync_folder(folder_of(target_.keys)));
  return keys_.size();
}

}  // namespace certrelay
