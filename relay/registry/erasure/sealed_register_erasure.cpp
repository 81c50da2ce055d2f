// The part of SealedRegister that takes keys away: a new file of keys under a new root, one durable
// step (CURRENT), then the end of the old root. FORMAT.md, "Erasure".
#include <algorithm>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/sealed_register.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kCurrentFile = "CURRENT";
constexpr std::size_t kCurrentBytesMax = 4096;

// Whoever is erased loses both keys. Ascending, as `persons` are.
std::vector<std::uint64_t> with_numbers(std::vector<std::uint64_t> persons) {
  const auto count = persons.size();
  persons.reserve(2 * count);
  for (std::size_t i = 0; i < count; ++i) persons.push_back(number_key_of(persons[i]));
  return persons;
}

}  // namespace

Result<RootTurn> SealedRegister::destroy_keys(std::vector<std::uint64_t> persons) {
  const std::unique_lock building(building_, std::try_to_lock);
  if (!building) return Error{ErrorCode::kErasureBusy, "erasure: an import is running"};
  const std::lock_guard activation(activation_);
  // A snapshot of an older generation reads other slots: it could still open an erased person.
  if (!residue_gone()) return Error{ErrorCode::kErasureBusy, "erasure: an older register is read"};
  CERTRELAY_TRY(settle());
  if (!current_) return Error{ErrorCode::kRegisterNotReady, "erasure: nothing was activated"};
  std::sort(persons.begin(), persons.end());
  const auto stem = current_->stem;
  return turn_root(with_numbers(std::move(persons)), stem, in_force()->contents(), false);
}

Result<SealedRegister::NumbersDue> SealedRegister::numbers_due() {
  const std::lock_guard activation(activation_);
  const auto overlay = this->overlay();
  if (overlay == nullptr) return NumbersDue{};
  CERTRELAY_TRY(const auto ended, overlay->ended_numbers());
  const auto by_extract = overlay->base()->numbers_ended();
  return NumbersDue{ended.persons.size() + by_extract, ended.at_once || by_extract > 0};
}

Result<void> SealedRegister::may_turn() {
  const std::unique_lock building(building_, std::try_to_lock);
  if (!building) return Error{ErrorCode::kErasureBusy, "erasure: an import is running"};
  if (!residue_gone()) return Error{ErrorCode::kErasureBusy, "erasure: an older register is read"};
  return ok();
}

Result<RootTurn> SealedRegister::end_numbers() {
  const std::unique_lock building(building_, std::try_to_lock);
  if (!building) return Error{ErrorCode::kErasureBusy, "numbers: an import is running"};
  const std::lock_guard activation(activation_);
  if (!residue_gone()) return Error{ErrorCode::kErasureBusy, "numbers: an older register is read"};
  CERTRELAY_TRY(settle());
  if (!current_) return Error{ErrorCode::kRegisterNotReady, "numbers: nothing was activated"};
  CERTRELAY_TRY(const auto ended, overlay()->ended_numbers());
  const auto count = ended.persons.size() + in_force()->numbers_ended();
  if (count == 0) return Error{ErrorCode::kNothingToDo, "numbers"};
  std::vector<std::uint64_t> rows;
  for (const auto person : ended.persons) rows.push_back(number_key_of(person));
  const auto stem = current_->stem;
  CERTRELAY_TRY(auto turn, turn_root(rows, stem, in_force()->contents(), false));
  turn.numbers = count;
  return turn;
}

Result<ResidueDrop> SealedRegister::drop_residue() {
  const std::unique_lock building(building_, std::try_to_lock);
  if (!building) return Error{ErrorCode::kErasureBusy, "residue: an import is running"};
  {
    const std::lock_guard activation(activation_);
    CERTRELAY_TRY(settle());
  }
  const auto from = in_force();
  if (from == nullptr) return Error{ErrorCode::kRegisterNotReady, "residue: nothing was activated"};
  const auto place = from->place();
  const auto stem = "gen-" + to_hex(random_bytes<8>(*env_.entropy));
  ResidueDrop out;
  auto rebuilt = [&]() -> Result<RebuiltGeneration> {
    CERTRELAY_TRY(const Key256* root, roots_.root(place.epoch));
    return rebuild_without_residue(*env_.files, *env_.entropy, *from, *root, path(stem));
  }();
  const auto done = [&]() -> Result<void> {
    if (!rebuilt) return rebuilt.error();
    const std::lock_guard activation(activation_);
    if (!residue_gone()) return Error{ErrorCode::kErasureBusy, "residue: an older one is read"};
    CERTRELAY_TRY(settle());
    if (in_force() != from) return Error{ErrorCode::kRegisterChanged, "residue"};
    CERTRELAY_TRY(out.turn, turn_root({}, stem, rebuilt.value().seal, true));
    return ok();
  }();
  if (!done) {
    // Unless it is in force all the same, or may be: resolve_turning() needs the files.
    const std::lock_guard activation(activation_);
    if (!turning_ && current_->stem != stem) {
      for (const auto end : {kBaseEnd, kIndexEnd}) {
        static_cast<void>(env_.files->remove(path(stem) + std::string(end)).has_value());
      }
    }
    return done.error();
  }
  out.rows = rebuilt.value().dropped;
  out.base_before = from->contents().base;
  out.index_before = from->contents().index;
  out.base_after = rebuilt.value().seal.base;
  out.index_after = rebuilt.value().seal.index;
  return out;
}

bool SealedRegister::residue_gone() {
  remove_retired();
  const std::lock_guard guard(mutex_);
  return retired_.empty();
}

Result<void> SealedRegister::settle_roots() {
  const std::unique_lock building(building_, std::try_to_lock);
  if (!building) return Error{ErrorCode::kErasureBusy, "erasure: an import is running"};
  const std::lock_guard activation(activation_);
  return settle();
}

Result<FileMark> SealedRegister::keys_mark() const {
  const auto force = in_force();
  if (force == nullptr) return Error{ErrorCode::kRegisterNotReady, "keys"};
  return mark_of(*env_.files, force->place().keys);
}

Result<std::vector<std::uint64_t>> SealedRegister::with_key(
    std::vector<std::uint64_t> persons) const {
  const auto force = in_force();
  if (force == nullptr || persons.empty()) return std::vector<std::uint64_t>();
  std::sort(persons.begin(), persons.end());
  CERTRELAY_TRY(auto out, force->with_key(persons));
  const auto added = overlay()->added_among(persons);
  out.insert(out.end(), added.begin(), added.end());
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::vector<std::uint64_t>> SealedRegister::left_behind() const {
  const auto force = in_force();
  if (force == nullptr) return std::vector<std::uint64_t>();
  const auto overlay = this->overlay();
  CERTRELAY_TRY(auto out, force->left_behind());
  std::erase_if(out, [&](std::uint64_t person) { return overlay->has_record(person); });
  // Whoever a change deleted stood in the extract or was added by a change: one look-up each, not
  // every page of keys, because each change asks anew.
  const auto deleted = overlay->deleted();
  for (const auto person : deleted) {
    const auto key = force->key_of(person_of(person));
    if (key) out.push_back(person);
    if (!key && key.error().code != ErrorCode::kUnknownPerson) return key.error();
  }
  const auto added = overlay->added_among(deleted);
  out.insert(out.end(), added.begin(), added.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// `seal` is sealed again under the next root; `stem` names its base and index, rebuilt or as
// before.
Result<RootTurn> SealedRegister::turn_root(const std::vector<std::uint64_t>& without,
                                           const std::string& stem, const GenerationSeal& seal,
                                           bool rebuilt) {
  Turning turning{.next = *current_, .rebuilt = {}, .overlay = {}, .added = {}, .without = without};
  auto& next = turning.next;
  next.stem = stem;
  next.keys = fresh_keys_name();
  next.added = "over-" + to_hex(random_bytes<8>(*env_.entropy)) + ".keys";
  CERTRELAY_TRY(next.epoch, roots_.add(*env_.entropy));
  auto prepared = prepare_turn(turning, seal);
  const auto opened = prepared ? open_turned(turning, rebuilt) : prepared.error();
  if (!opened) {
    undo_turn(next);
    return opened.error();
  }
  const auto bytes = seal_current(next, *roots_.root(next.epoch).value(), *env_.entropy);
  turning_ = std::move(turning);
  // After an error here nobody knows which CURRENT the disk has: settle() asks it.
  CERTRELAY_TRY(env_.files->write_durably(path(kCurrentFile), bytes));
  CERTRELAY_TRY(adopt_turn());
  CERTRELAY_TRY(settle());
  return prepared;
}

// What will be in force is opened like at a start; a base and an index that stay as they are were
// checked then, and hashing them again would take seconds.
Result<void> SealedRegister::open_turned(Turning& turning, bool rebuilt) {
  const auto& next = turning.next;
  CERTRELAY_TRY(const Key256* root, roots_.root(next.epoch));
  const RootRef ref{root, next.epoch};
  if (rebuilt) {
    const GenerationPlace place{path(next.stem), path(next.keys), in_force()->version(), next.epoch,
                                next.key_count};
    CERTRELAY_TRY(turning.rebuilt, Generation::open(*env_.files, place, *root, rule()));
    CERTRELAY_TRY(turning.overlay, Overlay::open(overlay_env(), overlay_place(next),
                                                 turning.rebuilt, ref, Key256(next.overlay_key)));
    return ok();
  }
  CERTRELAY_TRY(const auto keys, KeyFile::open(*env_.files, path(next.keys), ref));
  CERTRELAY_TRY(const auto counts, keys.check());
  if (counts.slots != next.key_count) return Error{ErrorCode::kStoreCorrupt, "keys: count"};
  CERTRELAY_TRY(const auto sealed, env_.files->read_all(path(next.stem) + seal_end(next.epoch),
                                                        kGenerationSealBytesMax));
  CERTRELAY_TRY(open_generation_seal(sealed, ref, next.generation));
  return ok();
}

Result<RootTurn> SealedRegister::prepare_turn(Turning& turning, const GenerationSeal& seal) {
  auto& next = turning.next;
  const auto& without = turning.without;
  Files& files = *env_.files;
  const auto place = in_force()->place();
  CERTRELAY_TRY(const Key256* old_root, roots_.root(place.epoch));
  CERTRELAY_TRY(const Key256* new_root, roots_.root(next.epoch));
  const RootRef to{new_root, next.epoch};
  RootTurn out;
  out.epoch_before = place.epoch;
  out.epoch_after = next.epoch;
  CERTRELAY_TRY(out.keys_before, mark_of(files, place.keys));
  CERTRELAY_TRY(const auto keys, KeyFile::open(files, place.keys, {old_root, place.epoch}));
  CERTRELAY_TRY(const auto copy,
                keys.copy_without(without, files, path(next.keys), to, *env_.entropy));
  out.persons = copy.dropped;
  next.key_count = copy.counts.slots;
  CERTRELAY_TRY(out.keys_after, mark_of(files, path(next.keys)));
  for (const auto row : overlay()->added_among(without)) {
    if (!is_number_key(row)) ++out.persons;
  }
  CERTRELAY_TRY(turning.added, overlay()->copy_added(path(next.added), to, without));
  // An older copy of the log is short of what is named here: put back, it does not open.
  next.overlay_frames = overlay()->frames();
  // No number waits for its end any more: what the former root sealed ends with it.
  CERTRELAY_TRY(files.write_durably(path(next.stem) + seal_end(next.epoch),
                                    seal_generation(seal, 0, to, *env_.entropy)));
  CERTRELAY_TRY(prepare_pending(without, to));
  CERTRELAY_TRY(files.sync_folder(settings_.folder));
  return out;
}

// Generations that wait for their activation come along; a restart drops them anyway.
Result<void> SealedRegister::prepare_pending(const std::vector<std::uint64_t>& without,
                                             const RootRef& to) {
  std::erase_if(pending_, [](const Pending& one) { return one.generation.expired(); });
  for (auto& one : pending_) {
    const auto generation = one.generation.lock();
    if (generation == nullptr) continue;
    const auto place = generation->place();
    CERTRELAY_TRY(const Key256* root, roots_.root(place.epoch));
    CERTRELAY_TRY(const auto keys, KeyFile::open(*env_.files, place.keys, {root, place.epoch}));
    one.next_keys = fresh_keys_name();
    CERTRELAY_TRY(keys.copy_without(without, *env_.files, path(one.next_keys), to, *env_.entropy));
    const auto& seal = generation->contents();
    CERTRELAY_TRY(
        env_.files->write_durably(path(one.stem) + seal_end(to.epoch),
                                  seal_generation(seal, seal.numbers_ended, to, *env_.entropy)));
  }
  return ok();
}

// Nothing of it was in force. What cannot be removed now goes with settle() or the next start.
void SealedRegister::undo_turn(const CurrentRegister& next) {
  const auto remove = [&](const std::string& name) {
    static_cast<void>(env_.files->remove(path(name)).has_value());
  };
  remove(next.keys);
  remove(next.added);
  remove(next.stem + seal_end(next.epoch));
  for (auto& one : pending_) {
    if (!one.next_keys.empty()) remove(std::exchange(one.next_keys, {}));
    remove(one.stem + seal_end(next.epoch));
  }
  static_cast<void>(roots_.destroy(next.epoch).has_value());
}

// CURRENT is the new one, durably: memory follows. After it nobody holds the old root but its slot.
Result<void> SealedRegister::adopt_turn() {
  auto turning = std::move(*turning_);
  turning_.reset();
  CERTRELAY_TRY(const Key256* root, roots_.root(turning.next.epoch));
  std::shared_ptr<Generation> force;
  const auto former = *current_;
  const auto overlay = this->overlay();
  condemned_.push_back(path(former.keys));
  condemned_.push_back(path(former.added));
  condemned_.push_back(path(former.stem + seal_end(former.epoch)));
  {
    const std::lock_guard guard(mutex_);
    force = generation_;
    current_ = turning.next;
    // No plan of a swap knows who was erased: what was prepared before it is asked for again.
    turned_ = true;
    for (auto& one : swaps_) one.plan_holds = false;
    if (turning.rebuilt != nullptr) {
      turning.overlay->continue_from(*overlay);
      generation_ = turning.rebuilt;
      overlay_ = turning.overlay;
      retired_.push_back({force,
                          {path(former.stem + std::string(kBaseEnd)),
                           path(former.stem + std::string(kIndexEnd))}});
    }
  }
  // A former overlay is only read any more: it needs no file to add keys to.
  overlay->turn_keys(turning.rebuilt == nullptr ? std::move(turning.added) : std::nullopt,
                     turning.without);
  force->rekey(path(turning.next.keys), turning.next.epoch, *root);
  force->settle_numbers();
  for (auto& one : pending_) {
    const auto generation = one.generation.lock();
    if (generation == nullptr || one.next_keys.empty()) continue;
    const auto place = generation->place();
    generation->rekey(path(std::exchange(one.next_keys, {})), turning.next.epoch, *root);
    condemned_.push_back(place.keys);
    condemned_.push_back(path(one.stem) + seal_end(place.epoch));
  }
  return ok();
}

// Ends every root that CURRENT does not name, then the files that were sealed under it.
Result<void> SealedRegister::settle() {
  CERTRELAY_TRY(take_back_activation());
  if (!current_) return ok();
  CERTRELAY_TRY(resolve_turning());
  for (const auto epoch : roots_.epochs()) {
    if (epoch != current_->epoch) {
      CERTRELAY_TRY(roots_.destroy(epoch));
    }
  }
  CERTRELAY_TRY(roots_.scrub());
  if (condemned_.empty()) return ok();
  for (const auto& one : condemned_) {
    CERTRELAY_TRY(env_.files->overwrite_and_remove(one));
  }
  condemned_.clear();
  return env_.files->sync_folder(settings_.folder);
}

// Which CURRENT it became is what can be read, once the folder is synced.
Result<void> SealedRegister::resolve_turning() {
  if (!turning_) return ok();
  CERTRELAY_TRY(env_.files->sync_folder(settings_.folder));
  CERTRELAY_TRY(const auto bytes, env_.files->read_all(path(kCurrentFile), kCurrentBytesMax));
  CERTRELAY_TRY(const auto epoch, epoch_of_current(bytes));
  if (epoch == turning_->next.epoch) return adopt_turn();
  const auto turning = std::move(*turning_);
  turning_.reset();
  undo_turn(turning.next);
  return ok();
}

}  // namespace certrelay
