#include "relay/registry/generation.hpp"

#include "protocol/base/codec.hpp"
#include "protocol/extract/card_table.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kRecordLabel = "certrelay record v1";
constexpr std::string_view kPseudonymLabel = "certrelay pseudonym v1";
constexpr std::size_t kSealBytesMax = std::size_t{4} * 1024 * 1024;
constexpr const char* kFind =
    "SELECT slot, sealed FROM person WHERE row = (SELECT row FROM person_row WHERE id = ?1)";
constexpr const char* kList = "SELECT id FROM person_row WHERE id > ?1 ORDER BY id LIMIT ?2";

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
    if (reader_ == nullptr) return;
    const std::lock_guard guard(owner_->mutex_);
    owner_->idle_.push_back(std::move(reader_));
  }
  Reader& operator*() const { return *reader_; }

 private:
  const Generation* owner_;
  std::unique_ptr<Reader> reader_;
};

Generation::Generation(Files& files, const SqliteVfs& vfs, GenerationPlace place,
                       const Key256& root, GenerationSeal seal)
    : files_(&files),
      vfs_(&vfs),
      place_(std::move(place)),
      root_(root.reveal()),
      seal_(std::move(seal)) {}

Result<std::shared_ptr<const Generation>> Generation::open(Files& files, const SqliteVfs& vfs,
                                                           const GenerationPlace& place,
                                                           const Key256& root,
                                                           const FileRule& rule) {
  const auto path = [&](std::string_view end) { return place.stem + std::string(end); };
  for (const auto& file : {path(kBaseEnd), path(kIndexEnd), path(kSealEnd), place.keys}) {
    CERTRELAY_TRY(check_file(files, file, rule));
  }
  const RootRef ref{&root, place.epoch};
  CERTRELAY_TRY(const auto sealed, files.read_all(path(kSealEnd), kSealBytesMax));
  CERTRELAY_TRY(auto seal, open_generation_seal(sealed, ref, place.version.generation));
  CERTRELAY_TRY(expect_mark(files, path(kBaseEnd), seal.base));
  CERTRELAY_TRY(expect_mark(files, path(kIndexEnd), seal.index));
  CERTRELAY_TRY(const auto keys, KeyFile::open(files, place.keys, ref));
  CERTRELAY_TRY(const auto table, keys.load());
  if (table.size() != place.key_count) return Error{ErrorCode::kStoreCorrupt, "keys: count"};
  std::shared_ptr<const Generation> out =
      std::make_shared<const Generation>(files, vfs, place, root, std::move(seal));
  CERTRELAY_TRY(auto reader, out->open_reader());
  out->idle_.push_back(std::move(reader));
  return out;
}

Result<std::unique_ptr<Generation::Reader>> Generation::open_reader() const {
  CERTRELAY_TRY(auto base, Database::open(*vfs_, path(kBaseEnd), Database::Access::kImmutable));
  // A small cache: memory must not grow with the city.
  CERTRELAY_TRY(base.execute("PRAGMA cache_size=-256; PRAGMA query_only=1;"));
  CERTRELAY_TRY(auto find, base.prepare(kFind));
  CERTRELAY_TRY(auto index, CardIndex::open(*files_, path(kIndexEnd), seal_.index_keys));
  CERTRELAY_TRY(auto keys, KeyFile::open(*files_, place_.keys, root()));
  return std::make_unique<Reader>(
      Reader{std::move(base), std::move(find), std::move(index), std::move(keys)});
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

Result<LinkedPerson> Generation::find_card(const CardKey& card) const {
  CERTRELAY_TRY(const auto loan, borrow());
  CERTRELAY_TRY(const auto link, (*loan).index.find(card));
  return LinkedPerson{person_of(link.person), link.valid_from};
}

Result<Generation::SealedRow> Generation::row_of(Reader& reader, std::uint64_t person) {
  reader.find.bind(1, static_cast<std::int64_t>(person));
  const auto row = reader.find.step();
  Result<SealedRow> out = Error{ErrorCode::kUnknownPerson, "register"};
  if (!row) {
    out = row.error();
  } else if (row.value()) {
    const auto sealed = reader.find.blob(1);
    out = SealedRow{static_cast<std::uint64_t>(reader.find.integer(0)),
                    Bytes(sealed.begin(), sealed.end())};
  }
  reader.find.reset();
  return out;
}

Result<StoredPerson> Generation::record_of(Reader& reader, const PersonId& person) const {
  const std::uint64_t number = to_number(person);
  CERTRELAY_TRY(const auto row, row_of(reader, number));
  CERTRELAY_TRY(const auto key, reader.keys.key(row.slot, number));
  CERTRELAY_TRY(auto clear,
                open_sealed(key, record_context(place_.version.generation, number), row.sealed));
  auto stored = decode_stored_person(clear);
  wipe(clear);
  if (stored && stored.value().person.person != person) {
    return Error{ErrorCode::kStoreCorrupt, "register: another person's record"};
  }
  return stored;
}

Result<HouseholdView> Generation::household_of(const PersonId& person) const {
  CERTRELAY_TRY(const auto loan, borrow());
  CERTRELAY_TRY(auto applicant, record_of(*loan, person));
  HouseholdView out{applicant.household, {}};
  bool found = false;
  for (const auto& id : applicant.members) {
    if (id == person) {
      found = true;
      out.members.push_back(std::move(applicant.person));
      continue;
    }
    CERTRELAY_TRY(auto member, record_of(*loan, id));
    // Each member's record repeats the household; two opinions are damage.
    const bool same =
        member.household == applicant.household && member.members == applicant.members;
    if (!same) return Error{ErrorCode::kStoreCorrupt, "register: members disagree"};
    out.members.push_back(std::move(member.person));
  }
  if (!found) return Error{ErrorCode::kStoreCorrupt, "register: not a member of the household"};
  return out;
}

Result<StoredPerson> Generation::stored(const PersonId& person) const {
  CERTRELAY_TRY(const auto loan, borrow());
  return record_of(*loan, person);
}

Result<Key256> Generation::key_of(const PersonId& person) const {
  CERTRELAY_TRY(const auto loan, borrow());
  const std::uint64_t number = to_number(person);
  CERTRELAY_TRY(const auto row, row_of(*loan, number));
  return (*loan).keys.key(row.slot, number);
}

Result<std::vector<std::uint64_t>> Generation::persons_after(std::uint64_t after,
                                                             std::size_t max) const {
  CERTRELAY_TRY(const auto loan, borrow());
  CERTRELAY_TRY(auto list, (*loan).base.prepare(kList));
  list.bind(1, static_cast<std::int64_t>(after));
  list.bind(2, static_cast<std::int64_t>(max));
  std::vector<std::uint64_t> out;
  for (;;) {
    CERTRELAY_TRY(const bool any, list.step());
    if (!any) return out;
    out.push_back(static_cast<std::uint64_t>(list.integer(0)));
  }
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
