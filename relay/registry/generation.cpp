#include "relay/registry/generation.hpp"

#include <algorithm>
#include <iterator>

#include "protocol/base/codec.hpp"
#include "protocol/extract/card_table.hpp"
#include "relay/registry/household_assembly.hpp"
#include "relay/registry/sealed_number.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kRecordLabel = "certrelay record v1";
constexpr std::string_view kPseudonymLabel = "certrelay pseudonym v1";
constexpr std::chrono::milliseconds kLookAgain{5};

Result<void> expect_mark(Files& files, const std::string& path, const FileMark& expected) {
  CERTRELAY_TRY(const auto found, mark_of(files, path));
  if (found != expected) return Error{ErrorCode::kDigestMismatch, "generation: file was changed"};
  return ok();
}

}  // namespace

Bytes record_context(std::uint64_t generation, std::uint64_t person) {
  ByteWriter out;
  out.raw(kRecordLabel);
  out.u8(0);
  out.u64(generation);
  out.u64(person);
  return std::move(out).take();
}

std::string seal_end(std::uint64_t epoch) { return "." + std::to_string(epoch) + ".seal"; }

// Gives the reader back when it dies.
class Generation::Loan {
 public:
  Loan(const Generation& owner, std::unique_ptr<Reader> reader)
      : owner_(&owner), reader_(std::move(reader)) {}
  Loan(Loan&&) = default;
  Loan& operator=(Loan&&) = delete;
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  ~Loan() {
    if (reader_ != nullptr) owner_->give_back(std::move(reader_));
  }
  Reader& operator*() const { return *reader_; }

 private:
  const Generation* owner_;
  std::unique_ptr<Reader> reader_;
};

Generation::Generation(Files& files, GenerationPlace place, const Key256& root, GenerationSeal seal,
                       Rows rows)
    : files_(&files),
      stem_(std::move(place.stem)),
      version_(place.version),
      key_count_(place.key_count),
      seal_(std::move(seal)),
      rows_(std::move(rows)),
      ring_(std::make_shared<const Keyring>(
          Keyring{std::move(place.keys), place.epoch, Key256(root.reveal())})),
      numbers_ended_(seal_.numbers_ended) {}

Result<std::shared_ptr<Generation>> Generation::open(Files& files, const GenerationPlace& place,
                                                     const Key256& root, const FileRule& rule) {
  const auto path = [&](std::string_view end) { return place.stem + std::string(end); };
  const auto seal_path = path(seal_end(place.epoch));
  for (const auto& file : {path(kBaseEnd), path(kIndexEnd), seal_path, place.keys}) {
    CERTRELAY_TRY(check_file(files, file, rule));
  }
  const RootRef ref{&root, place.epoch};
  CERTRELAY_TRY(const auto sealed, files.read_all(seal_path, kGenerationSealBytesMax));
  CERTRELAY_TRY(auto seal, open_generation_seal(sealed, ref, place.version.generation));
  CERTRELAY_TRY(expect_mark(files, path(kBaseEnd), seal.base));
  CERTRELAY_TRY(expect_mark(files, path(kIndexEnd), seal.index));
  CERTRELAY_TRY(const auto keys, KeyFile::open(files, place.keys, ref));
  CERTRELAY_TRY(const auto counts, keys.check());
  if (counts.slots != place.key_count) return Error{ErrorCode::kStoreCorrupt, "keys: count"};
  CERTRELAY_TRY(auto persons, BaseReader::persons_of(files, path(kBaseEnd)));
  CERTRELAY_TRY(auto cards, CardIndex::rows_of(files, path(kIndexEnd)));
  auto out = std::make_shared<Generation>(files, place, root, std::move(seal),
                                          Rows{std::move(persons), std::move(cards)});
  CERTRELAY_TRY(auto reader, out->open_reader());
  out->idle_.push_back(std::move(reader));
  return out;
}

std::shared_ptr<const Generation::Keyring> Generation::ring() const {
  const std::lock_guard guard(mutex_);
  return ring_;
}

GenerationPlace Generation::place() const {
  const std::lock_guard guard(mutex_);
  return {stem_, ring_->path, version_, ring_->epoch, key_count_};
}

Result<std::unique_ptr<Generation::Reader>> Generation::open_reader() const {
  CERTRELAY_TRY(auto base, BaseReader::open(*files_, path(kBaseEnd), rows_.persons));
  CERTRELAY_TRY(auto index,
                CardIndex::open(*files_, path(kIndexEnd), seal_.index_keys, rows_.cards));
  auto ring = this->ring();
  CERTRELAY_TRY(auto keys, KeyFile::open(*files_, ring->path, {&ring->root, ring->epoch}));
  return std::make_unique<Reader>(
      Reader{std::move(base), std::move(index), std::move(ring), std::move(keys)});
}

Result<Generation::Loan> Generation::borrow() const {
  {
    const std::lock_guard guard(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return Loan(*this, std::move(reader));
    }
  }
  CERTRELAY_TRY(auto reader, open_reader());
  return Loan(*this, std::move(reader));
}

// A reader of the former keys is not kept.
void Generation::give_back(std::unique_ptr<Reader> reader) const {
  {
    const std::lock_guard guard(mutex_);
    if (reader->ring == ring_) {
      idle_.push_back(std::move(reader));
      return;
    }
  }
  reader.reset();
  // Locked, so that rekey() cannot look and then sleep between the two.
  const std::lock_guard guard(mutex_);
  returned_.notify_all();
}

void Generation::rekey(const std::string& keys, std::uint64_t epoch, const Key256& root) {
  auto next = std::make_shared<const Keyring>(Keyring{keys, epoch, Key256(root.reveal())});
  std::weak_ptr<const Keyring> former;
  std::vector<std::unique_ptr<Reader>> stale;
  {
    const std::lock_guard guard(mutex_);
    former = ring_;
    ring_ = std::move(next);
    left_behind_.reset();
    stale.swap(idle_);
  }
  stale.clear();
  // Look-ups are short, and no caller of this is one. Woken now and then, for a reader that could
  // not be opened gives nothing back.
  std::unique_lock guard(mutex_);
  while (!returned_.wait_for(guard, kLookAgain, [&] { return former.expired(); })) {
  }
}

Result<LinkedPerson> Generation::find_card(const CardKey& card) const {
  CERTRELAY_TRY(const auto loan, borrow());
  CERTRELAY_TRY(const auto link, (*loan).index.find(card));
  return LinkedPerson{person_of(link.person), link.valid_from};
}

Result<StoredPerson> Generation::record_of(const Reader& reader, const PersonId& person,
                                           SubjectPseudonym* subject) const {
  const std::uint64_t number = to_number(person);
  CERTRELAY_TRY(const auto row, reader.base.find(number));
  CERTRELAY_TRY(const auto key, reader.keys.key(row.slot, number));
  CERTRELAY_TRY(const auto sealed, reader.base.sealed(row));
  CERTRELAY_TRY(auto clear, open_sealed(key, record_context(version_.generation, number), sealed));
  auto stored = decode_stored_person(clear);
  wipe(clear);
  if (stored && stored.value().person.person != person) {
    return Error{ErrorCode::kStoreCorrupt, "register: another person's record"};
  }
  if (subject != nullptr) *subject = pseudonym_under(key);
  return stored;
}

Result<HouseholdView> Generation::household_of(const PersonId& person) const {
  CERTRELAY_TRY(const auto loan, borrow());
  return assemble_household(person, [&](const PersonId& id, SubjectPseudonym& subject) {
    return record_of(*loan, id, &subject);
  });
}

Result<std::vector<std::uint64_t>> Generation::left_behind() const {
  {
    const std::lock_guard guard(mutex_);
    if (left_behind_) return *left_behind_;
  }
  CERTRELAY_TRY(const auto loan, borrow());
  CERTRELAY_TRY(const auto keyed, (*loan).keys.persons());
  std::vector<std::uint64_t> out;
  auto rest = keyed.begin();
  CERTRELAY_TRY((*loan).base.walk([&](const BaseRow& row) {
    const auto next = std::lower_bound(rest, keyed.end(), row.person);
    out.insert(out.end(), rest, next);
    rest = next != keyed.end() && *next == row.person ? next + 1 : next;
    return ok();
  }));
  out.insert(out.end(), rest, keyed.end());
  const std::lock_guard guard(mutex_);
  if ((*loan).ring == ring_) left_behind_ = out;
  return out;
}

Result<std::vector<std::uint64_t>> Generation::with_key(
    const std::vector<std::uint64_t>& persons) const {
  CERTRELAY_TRY(const auto loan, borrow());
  CERTRELAY_TRY(const auto keyed, (*loan).keys.persons());
  std::vector<std::uint64_t> out;
  std::set_intersection(keyed.begin(), keyed.end(), persons.begin(), persons.end(),
                        std::back_inserter(out));
  return out;
}

Result<void> Generation::each_person(
    const std::function<Result<void>(std::uint64_t)>& visit) const {
  CERTRELAY_TRY(const auto loan, borrow());
  return (*loan).base.walk([&](const BaseRow& row) { return visit(row.person); });
}

Result<std::vector<std::uint64_t>> Generation::person_ids() const {
  std::vector<std::uint64_t> out;
  out.reserve(seal_.persons);
  CERTRELAY_TRY(each_person([&](std::uint64_t person) {
    out.push_back(person);
    return ok();
  }));
  return out;
}

Result<StoredPerson> Generation::stored(const PersonId& person, SubjectPseudonym* subject) const {
  CERTRELAY_TRY(const auto loan, borrow());
  return record_of(*loan, person, subject);
}

Result<Key256> Generation::key_of(const PersonId& person) const {
  CERTRELAY_TRY(const auto loan, borrow());
  const std::uint64_t number = to_number(person);
  CERTRELAY_TRY(const auto row, (*loan).base.find(number));
  return (*loan).keys.key(row.slot, number);
}

Result<Key256> Generation::number_key(std::uint64_t person, std::uint64_t slot) const {
  CERTRELAY_TRY(const auto loan, borrow());
  return (*loan).keys.key(slot, number_key_of(person));
}

Result<std::optional<IndividualNumber>> Generation::individual_number(
    const PersonId& person) const {
  CERTRELAY_TRY(const auto stored, this->stored(person));
  if (!stored.number) return std::optional<IndividualNumber>();
  const auto number = to_number(person);
  CERTRELAY_TRY(const auto key, number_key(number, stored.number->slot));
  CERTRELAY_TRY(const auto opened, open_sealed_number(key, number, *stored.number));
  return std::optional(opened);
}

std::uint64_t Generation::numbers_ended() const {
  const std::lock_guard guard(mutex_);
  return numbers_ended_;
}

void Generation::settle_numbers() {
  const std::lock_guard guard(mutex_);
  numbers_ended_ = 0;
}

SubjectPseudonym pseudonym_under(const Key256& key) {
  const auto tag = hmac_sha256(key, as_bytes(kPseudonymLabel));
  SubjectPseudonym out{};
  std::copy_n(tag.begin(), out.size(), out.begin());
  return out;
}

Result<SubjectPseudonym> Generation::pseudonym(const PersonId& person) const {
  CERTRELAY_TRY(const auto key, key_of(person));
  return pseudonym_under(key);
}

}  // namespace certrelay
