// The part of SealedRegister that makes a generation from an extract and puts it in force.
#include <algorithm>
#include <iterator>
#include <utility>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/import_sink.hpp"
#include "relay/registry/register_names.hpp"
#include "relay/registry/sealed_register.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::hours kNumberRests{1};

// "over-M.log" and "over-M.keys"
std::string added_name(const std::string& overlay) {
  return overlay.substr(0, overlay.rfind('.')) + std::string(kAddedEnd);
}

std::string name_in_folder(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

// Those of keys.bin and those that were added since.
Result<KeyTable> SealedRegister::keys_in_force() const {
  const auto overlay = this->overlay();
  if (overlay == nullptr) return KeyTable();
  const auto place = overlay->base()->place();
  CERTRELAY_TRY(const Key256* root, roots_.root(place.epoch));
  CERTRELAY_TRY(const auto file, KeyFile::open(*env_.files, place.keys, {root, place.epoch}));
  CERTRELAY_TRY(auto table, file.load());
  overlay->fold_keys(table);
  table.close_gaps();
  return table;
}

Result<SealedRegister::Built> SealedRegister::build(const Manifest& manifest, ExtractFiles& files,
                                                    Diagnostics& diagnostics) {
  if (manifest.numbers == IndividualNumbers::kHeld && !may_hold_numbers()) {
    return Error{ErrorCode::kForbiddenItem, "register: individual numbers"};
  }
  const std::lock_guard one_at_a_time(building_);
  {
    const std::lock_guard activation(activation_);
    CERTRELAY_TRY(settle());
  }
  const auto force = in_force();
  if (force != nullptr && manifest.generation == force->version().generation) {
    return Error{ErrorCode::kOldGeneration, "register"};
  }
  // A fresh name each time, so that no leftover and no snapshot in use is ever written over.
  const auto mark = to_hex(random_bytes<8>(*env_.entropy));
  Built names{nullptr, std::string(kGenerationPrefix) + mark,
              std::string(kKeysPrefix) + mark + ".bin"};
  names.base_generation = manifest.base_generation;
  names.last_change = manifest.last_change;
  std::shared_ptr<const OverlaidRegister> now;
  if (const auto overlay = this->overlay()) {
    names.added_keys = overlay->added_keys();
    now = OverlaidRegister::now(overlay);
    names.compared = now->version();
  }
  auto out = build_in(manifest, files, diagnostics, names, std::move(now));
  if (!out) {
    discard(names);
    return out;
  }
  const std::lock_guard guard(activation_);
  std::erase_if(pending_, [](const Pending& one) { return one.generation.expired(); });
  pending_.push_back({out.value().generation, out.value().stem});
  return out;
}

std::string SealedRegister::fresh_keys_name() const {
  return std::string(kKeysPrefix) + to_hex(random_bytes<8>(*env_.entropy)) + ".bin";
}

Result<SealedRegister::Built> SealedRegister::build_in(const Manifest& manifest,
                                                       ExtractFiles& files,
                                                       Diagnostics& diagnostics, Built names,
                                                       OverlaidPtr now) {
  const std::uint64_t epoch = roots_.newest();
  CERTRELAY_TRY(const Key256* root, roots_.root(epoch));
  CERTRELAY_TRY(auto keys, keys_in_force());
  std::uint64_t key_count = 0;
  {
    CERTRELAY_TRY(auto builder,
                  GenerationBuilder::create(*env_.files, *env_.entropy,
                                            {path(names.stem), path(names.keys), {root, epoch}},
                                            manifest, std::move(keys)));
    CERTRELAY_TRY(auto planner, PlanMaker::create(std::move(now)));
    ImportSink sink(*builder, std::move(planner), env_.print_check, manifest,
                    jst_day(env_.clock->utc_now()), diagnostics);
    CERTRELAY_TRY(walk_extract(manifest, files, sink, diagnostics));
    CERTRELAY_TRY(names.plan, sink.finish());
    names.closed_members = sink.closed_members();
    names.touched = sink.take_touched();
    CERTRELAY_TRY(key_count, builder->finish());
  }
  const GenerationPlace place{
      path(names.stem), path(names.keys), {manifest.generation, 0}, epoch, key_count};
  // What was written is opened like at a start: nothing is put in force that would not open.
  CERTRELAY_TRY(names.generation, Generation::open(*env_.files, place, *root, rule()));
  return names;
}

void SealedRegister::discard(const Built& built) {
  const std::lock_guard one_at_a_time(activation_);
  if (activating_ && activating_->next.stem == built.stem) {
    activating_->discarded = built;  // CURRENT may name it
    return;
  }
  remove_built(built);
}

void SealedRegister::remove_built(const Built& built) {
  // What cannot be removed now is swept at the next start; it is sealed.
  const auto remove = [&](const std::string& name) {
    static_cast<void>(env_.files->remove(path(name)).has_value());
  };
  if (built.generation != nullptr) {
    const auto place = built.generation->place();
    for (const auto& end : {std::string(kBaseEnd), std::string(kIndexEnd), seal_end(place.epoch)}) {
      remove(built.stem + end);
    }
    remove(name_in_folder(place.keys));
    return;
  }
  // By name's beginning: a disk that filled up half-way leaves files on their way too (.new,
  // -journal).
  const auto names = env_.files->list(settings_.folder);
  if (!names) return;
  for (const auto& name : names.value()) {
    if (name.starts_with(built.stem) || name.starts_with(built.keys)) remove(name);
  }
}

void SealedRegister::remove_overlay(const CurrentRegister& next) {
  static_cast<void>(env_.files->remove(path(next.overlay)).has_value());
  static_cast<void>(env_.files->remove(path(next.added)).has_value());
}

// Changes are numbered from 1 in each generation, so that none can be carried over: an extract that
// lacks one would take an acknowledged change back.
Result<void> SealedRegister::check_contained(const Built& built) const {
  const auto overlay = this->overlay();
  if (overlay == nullptr) return ok();
  const auto feed = overlay->feed();
  const bool of_ours = built.base_generation == overlay->base()->version().generation;
  // What was sent and did not come counts too: no number of it would be asked for any more.
  const bool contained = feed.announced == 0 || (of_ours && built.last_change >= feed.announced);
  // A key that was made since the build would be lost, and the person's pseudonym with it.
  const bool no_new_key = built.added_keys == overlay->added_keys();
  if (contained && no_new_key) return ok();
  return Error{ErrorCode::kChangesNotContained, "register: activate"};
}

Result<std::shared_ptr<Overlay>> SealedRegister::new_overlay(const Built& built,
                                                             CurrentRegister& next,
                                                             UtcTime contact) {
  CERTRELAY_TRY(const Key256* root, roots_.root(next.epoch));
  ContactFrame first{contact, UtcTime{}, false};
  std::vector<Overlay::Hold> holds;
  if (const auto before = this->overlay()) {
    const auto feed = before->feed();
    first.complete_until = feed.complete_until;
    first.fed = feed.fed;
    for (auto& hold : before->holds()) {
      const auto stored = built.generation->stored(person_of(hold.person));
      if (!stored && stored.error().code == ErrorCode::kUnknownPerson) continue;
      if (!stored) return stored.error();
      hold.household = to_number(stored.value().household.household);
      holds.push_back(std::move(hold));
    }
  }
  next.overlay = std::string(kOverlayPrefix) + to_hex(random_bytes<8>(*env_.entropy)) + ".log";
  next.added = added_name(next.overlay);
  next.overlay_key = random_bytes<32>(*env_.entropy);
  auto made = Overlay::create(overlay_env(), overlay_place(next), built.generation,
                              {root, next.epoch}, Key256(next.overlay_key), first, holds);
  if (!made) {
    remove_overlay(next);
    return made.error();
  }
  CERTRELAY_TRY(keep_expected(*made.value(), built));
  next.overlay_frames = made.value()->frames();
  return made;
}

// What is to follow this generation is to follow the one after it too.
Result<void> SealedRegister::keep_expected(Overlay& next, const Built& built) const {
  const auto before = this->overlay();
  if (before == nullptr) return ok();
  for (const auto& expected : before->feed().scheduled) {
    if (expected.generation <= built.generation->version().generation) continue;
    CERTRELAY_TRY(next.append(expected));
  }
  return ok();
}

// What was planned and approved was so against one generation; over another it says nothing.
Result<void> SealedRegister::may_follow(const Built& built, Older older) const {
  const auto force = in_force();
  const std::uint64_t now = force == nullptr ? 0 : force->version().generation;
  const std::uint64_t next = built.generation->version().generation;
  if (next == now || (next < now && older == Older::kRefused)) {
    return Error{ErrorCode::kOldGeneration, "register: activate"};
  }
  // A page knows its generation by number alone: one number is not two contents within its life.
  const std::lock_guard guard(mutex_);
  const bool in_use = std::any_of(swaps_.begin(), swaps_.end(), [&](const Swap& one) {
    return one.former.generation == next && env_.clock->steady_now() - one.at < kNumberRests;
  });
  if (in_use) return Error{ErrorCode::kOldGeneration, "register: number just used"};
  if (built.plan.base_generation != now) {
    return Error{ErrorCode::kBaseChanged, "register: activate"};
  }
  return ok();
}

Result<void> SealedRegister::expect_activation(const Built& built, UtcTime at) {
  const std::lock_guard one_at_a_time(activation_);
  CERTRELAY_TRY(settle_turning());
  const auto overlay = this->overlay();
  if (overlay == nullptr) return ok();  // nothing serves until then
  return overlay->append(ScheduledFrame{built.generation->version().generation, at});
}

Result<void> SealedRegister::activate(const Built& built, UtcTime contact, Older older) {
  const std::lock_guard one_at_a_time(activation_);
  CERTRELAY_TRY(settle_turning());
  const auto place = built.generation->place();
  CERTRELAY_TRY(const Key256* root, roots_.root(place.epoch));
  CurrentRegister next{place.epoch, place.version.generation,   place.version.sequence,
                       built.stem,  name_in_folder(place.keys), place.key_count,
                       contact};
  CERTRELAY_TRY(may_follow(built, older));
  CERTRELAY_TRY(check_contained(built));
  CERTRELAY_TRY(auto overlay, new_overlay(built, next, contact));
  CERTRELAY_TRY(write_activation(next, *root));
  adopt_activation(built, std::move(next), std::move(overlay));
  std::erase_if(pending_, [&](const Pending& one) { return one.stem == built.stem; });
  remove_retired();
  return ok();
}

// Ok: CURRENT names `next`, durably. After an error it does not, or activating_ waits for the
// folder's sync: between a rename and its sync nobody knows what a power cut leaves.
Result<void> SealedRegister::write_activation(const CurrentRegister& next, const Key256& root) {
  const auto bytes = seal_current(next, root, *env_.entropy);
  const auto named = env_.files->sync_folder(settings_.folder);
  if (!named) {
    remove_overlay(next);
    return named.error();
  }
  activating_ = Activating{next};
  const auto written = env_.files->write_durably(path(kCurrentFile), bytes);
  if (written) {
    activating_.reset();
    return ok();
  }
  // What cannot be taken back now is by the next call that writes.
  static_cast<void>(take_back_activation().has_value());
  return written.error();
}

Result<bool> SealedRegister::current_names(const CurrentRegister& next) const {
  const auto bytes = env_.files->read_all(path(kCurrentFile), kCurrentBytesMax);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return false;
  if (!bytes) return bytes.error();
  CERTRELAY_TRY(const auto epoch, epoch_of_current(bytes.value()));
  CERTRELAY_TRY(const Key256* root, roots_.root(epoch));
  CERTRELAY_TRY(const auto current, open_current(bytes.value(), *root));
  return current.stem == next.stem;
}

// The activation was refused: CURRENT names durably what it named before, and only then do the
// files go that it may have named.
Result<void> SealedRegister::take_back_activation() {
  if (!activating_) return ok();
  CERTRELAY_TRY(const bool named, current_names(activating_->next));
  if (named && current_) {
    CERTRELAY_TRY(const Key256* root, roots_.root(current_->epoch));
    CERTRELAY_TRY(env_.files->write_durably(path(kCurrentFile),
                                            seal_current(*current_, *root, *env_.entropy)));
  } else {
    if (named) {
      CERTRELAY_TRY(env_.files->remove(path(kCurrentFile)));
    }
    static_cast<void>(env_.files->remove(path(kCurrentFile) + std::string(kFreshEnd)).has_value());
    CERTRELAY_TRY(env_.files->sync_folder(settings_.folder));
  }
  const auto activating = std::move(*activating_);
  activating_.reset();
  remove_overlay(activating.next);
  if (activating.discarded) remove_built(*activating.discarded);
  return ok();
}

void SealedRegister::adopt_activation(const Built& built, CurrentRegister next,
                                      std::shared_ptr<Overlay> overlay) {
  const auto before = state().version;
  const std::lock_guard guard(mutex_);
  if (current_) {
    // Over changes that the plan does not know, and over erasures, it does not say what stayed.
    const bool plan_holds = before.sequence == built.compared.sequence && !turned_;
    swaps_.push_back({before, env_.clock->steady_now(), plan_holds, built.touched});
    if (swaps_.size() > kSwapsMax) swaps_.pop_front();
    retired_.push_back({generation_,
                        {path(current_->stem + std::string(kBaseEnd)),
                         path(current_->stem + std::string(kIndexEnd)),
                         path(current_->stem + seal_end(current_->epoch)), path(current_->keys),
                         path(current_->overlay), path(current_->added)}});
  }
  current_ = std::move(next);
  generation_ = built.generation;
  turned_ = false;
  overlay_ = std::move(overlay);
}

void SealedRegister::remove_retired() {
  std::vector<Retired> unused;
  {
    const std::lock_guard guard(mutex_);
    const auto in_use = [](const Retired& old) { return !old.generation.expired(); };
    const auto first = std::partition(retired_.begin(), retired_.end(), in_use);
    unused.assign(std::make_move_iterator(first), std::make_move_iterator(retired_.end()));
    retired_.erase(first, retired_.end());
  }
  // What cannot be removed now is swept at the next start.
  for (const auto& old : unused) {
    for (const auto& one : old.paths) static_cast<void>(env_.files->remove(one).has_value());
  }
}

}  // namespace certrelay
