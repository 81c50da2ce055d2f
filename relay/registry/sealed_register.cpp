#include "relay/registry/sealed_register.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/import_sink.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kCurrentFile = "CURRENT";
constexpr std::string_view kRootFile = "root.slots";
constexpr std::string_view kGenerationPrefix = "gen-";
constexpr std::string_view kKeysPrefix = "keys-";
constexpr std::string_view kOverlayPrefix = "over-";
constexpr std::string_view kAddedEnd = ".keys";
constexpr std::string_view kFresh = ".new";
constexpr std::size_t kCurrentBytesMax = 4096;
constexpr std::chrono::hours kNumberRests{1};

// "over-M.log" and "over-M.keys"
std::string added_name(const std::string& overlay) {
  return overlay.substr(0, overlay.rfind('.')) + ".keys";
}

std::unique_ptr<OuterKey> stored_outer_key(const RegisterEnv& env,
                                           const RegisterSettings& settings) {
  return std::make_unique<StoredOuterKey>(*env.files, settings.outer_key,
                                          FileRule{settings.owner, 0600});
}

// Where the root dies by overwriting, the file system must write in place.
Result<void> check_overwriting(const RegisterEnv& env, const RegisterSettings& settings) {
  const bool token = env.outer != nullptr && env.outer->destroys();
  if (token || settings.any_file_system) return ok();
  CERTRELAY_TRY(const auto overwriting, env.files->overwriting(settings.folder));
  if (overwriting != Overwriting::kInPlace) {
    return Error{ErrorCode::kOverwriteUnsafe, "register: file system"};
  }
  return ok();
}

std::string name_in_folder(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

SealedRegister::SealedRegister(const RegisterEnv& env, RegisterSettings settings,
                               std::unique_ptr<OuterKey> own, RootSlots roots)
    : env_(env),
      settings_(std::move(settings)),
      own_outer_(std::move(own)),
      roots_(std::move(roots)) {}

std::string SealedRegister::path(std::string_view name) const {
  return settings_.folder + "/" + std::string(name);
}

bool SealedRegister::initialised(const RegisterEnv& env, const RegisterSettings& settings) {
  return env.files->info(settings.folder + "/" + std::string(kRootFile)).has_value();
}

Result<void> SealedRegister::init(const RegisterEnv& env, const RegisterSettings& settings) {
  Files& files = *env.files;
  const auto unless_there = [](const Result<void>& made) -> Result<void> {
    if (!made && made.error().code != ErrorCode::kAlreadyExists) return made.error();
    return ok();
  };
  CERTRELAY_TRY(unless_there(files.make_folder(settings.folder)));
  CERTRELAY_TRY(files.sync_folder(folder_of(settings.folder)));
  CERTRELAY_TRY(check_overwriting(env, settings));
  std::unique_ptr<OuterKey> own;
  if (env.outer == nullptr) {
    CERTRELAY_TRY(unless_there(create_outer_key(files, *env.entropy, settings.outer_key)));
    own = stored_outer_key(env, settings);
  }
  CERTRELAY_TRY(RootSlots::create(files, *env.entropy,
                                  settings.folder + "/" + std::string(kRootFile),
                                  own ? *own : *env.outer));
  return ok();
}

Result<std::unique_ptr<SealedRegister>> SealedRegister::open(const RegisterEnv& env,
                                                             RegisterSettings settings) {
  Files& files = *env.files;
  CERTRELAY_TRY(const auto folder, files.info(settings.folder));
  const bool ours = folder.kind == FileInfo::Kind::kFolder && folder.owner == settings.owner &&
                    folder.mode == 0700;
  if (!ours) return Error{ErrorCode::kWrongOwner, "register: folder"};
  CERTRELAY_TRY(check_overwriting(env, settings));
  const FileRule rule{settings.owner, 0600};
  auto own = env.outer == nullptr ? stored_outer_key(env, settings) : nullptr;
  CERTRELAY_TRY(auto roots, RootSlots::open(files, settings.folder + "/" + std::string(kRootFile),
                                            rule, own ? *own : *env.outer));
  auto out =
      std::make_unique<SealedRegister>(env, std::move(settings), std::move(own), std::move(roots));
  CERTRELAY_TRY(out->load_current());
  CERTRELAY_TRY(out->settle());
  CERTRELAY_TRY(out->sweep());
  return out;
}

std::uint64_t SealedRegister::epoch() const {
  const std::lock_guard guard(mutex_);
  return current_ ? current_->epoch : 0;
}

Result<void> SealedRegister::load_current() {
  auto there = check_file(*env_.files, path(kCurrentFile), rule());
  if (!there) {
    if (there.error().code == ErrorCode::kNotFound) return ok();  // nothing activated yet
    return there.error();
  }
  CERTRELAY_TRY(const auto bytes, env_.files->read_all(path(kCurrentFile), kCurrentBytesMax));
  CERTRELAY_TRY(const auto epoch, epoch_of_current(bytes));
  CERTRELAY_TRY(const Key256* root, roots_.root(epoch));
  CERTRELAY_TRY(auto current, open_current(bytes, *root));
  const GenerationPlace place{path(current.stem),
                              path(current.keys),
                              {current.generation, current.sequence},
                              epoch,
                              current.key_count};
  CERTRELAY_TRY(generation_, Generation::open(*env_.files, *env_.vfs, place, *root, rule()));
  CERTRELAY_TRY(overlay_, Overlay::open(overlay_env(), overlay_place(current), generation_,
                                        {root, epoch}, Key256(current.overlay_key)));
  current_ = std::move(current);
  return ok();
}

Result<void> SealedRegister::sweep() const {
  CERTRELAY_TRY(const auto names, env_.files->list(settings_.folder));
  for (const auto& name : names) {
    const bool used =
        current_ && (name == current_->keys || name == current_->stem + std::string(kBaseEnd) ||
                     name == current_->stem + std::string(kIndexEnd) ||
                     name == current_->stem + seal_end(current_->epoch) ||
                     name == current_->overlay || name == current_->added);
    const bool ours = name.starts_with(kGenerationPrefix) || name.starts_with(kKeysPrefix) ||
                      name.starts_with(kOverlayPrefix) || name.ends_with(kFresh);
    if (used || !ours) continue;
    // Of a file of keys not even what nobody can open stays.
    if (name.starts_with(kKeysPrefix) || name.ends_with(kAddedEnd)) {
      CERTRELAY_TRY(env_.files->overwrite_and_remove(path(name)));
    } else {
      CERTRELAY_TRY(env_.files->remove(path(name)));
    }
  }
  return env_.files->sync_folder(settings_.folder);
}

std::shared_ptr<const Generation> SealedRegister::in_force() const {
  const std::lock_guard guard(mutex_);
  return generation_;
}

std::shared_ptr<Overlay> SealedRegister::overlay() const {
  const std::lock_guard guard(mutex_);
  return overlay_;
}

Overlay::Env SealedRegister::overlay_env() const {
  return {env_.files, env_.entropy, rule(), settings_.overlay};
}

Overlay::Place SealedRegister::overlay_place(const CurrentRegister& current) const {
  return {path(current.overlay), path(current.added), current.overlay_frames};
}

RegisterState SealedRegister::state() const {
  RegisterState out;
  out.age_max = settings_.extract_age_max;
  const auto overlay = this->overlay();
  if (overlay == nullptr) return out;
  const auto feed = overlay->feed();
  out.version = overlay->version();
  out.last_contact = feed.last_contact;
  out.complete_until = feed.complete_until;
  out.announced = feed.announced;
  out.quarantined = feed.quarantined;
  if (feed.fed) out.age_max = settings_.feed_silence_max.value_or(settings_.extract_age_max);
  // A promise that nothing changes bears silence for as long as it reaches.
  const auto promised = std::chrono::floor<std::chrono::seconds>(feed.complete_until) -
                        std::chrono::floor<std::chrono::seconds>(feed.last_contact);
  out.age_max = std::max(out.age_max, std::chrono::seconds(promised));
  const auto age = env_.clock->utc_now() - feed.last_contact;
  out.age = std::chrono::duration_cast<std::chrono::seconds>(age);
  // A source system's clock may be a minute ahead of ours; more is our clock gone back.
  if (age < -std::chrono::seconds(60)) {
    out.reason = RegisterReason::kClockDoubted;
  } else if (feed.gap()) {
    out.reason = RegisterReason::kGap;
  } else if (age > out.age_max) {
    out.reason = RegisterReason::kTooOld;
  } else {
    out.reason = RegisterReason::kReady;
  }
  return out;
}

Result<std::shared_ptr<const RegisterSnapshot>> SealedRegister::snapshot() const {
  if (!state().ready()) return Error{ErrorCode::kRegisterNotReady, "register"};
  return std::shared_ptr<const RegisterSnapshot>(OverlaidRegister::now(overlay()));
}

// An intent that was prepared from the generation before is refused where the household may be
// another now, and only there: a swap fails no other request (INV-6). Within one generation only
// what touched this very household counts.
Result<void> SealedRegister::still_current(const RegisterVersion& version,
                                           const HouseholdId& household) const {
  const auto now = state();
  if (!now.ready()) return Error{ErrorCode::kRegisterNotReady, "register"};
  const auto overlay = this->overlay();
  const auto number = to_number(household);
  if (overlay->base()->version().generation == version.generation) {
    return overlay->untouched_since(version.edition, number);
  }
  const std::lock_guard guard(mutex_);
  const auto swap = std::find_if(swaps_.begin(), swaps_.end(),
                                 [&](const Swap& one) { return one.former == version; });
  const bool touched = std::any_of(swap, swaps_.end(), [&](const Swap& one) {
    return !one.plan_holds || std::binary_search(one.touched.begin(), one.touched.end(), number);
  });
  if (swap == swaps_.end() || touched) return Error{ErrorCode::kRegisterChanged, "register"};
  return ok();
}

// Those of keys.bin and those that were added since.
Result<KeyTable> SealedRegister::keys_in_force() const {
  const auto overlay = this->overlay();
  if (overlay == nullptr) return KeyTable();
  const auto place = overlay->base()->place();
  CERTRELAY_TRY(const Key256* root, roots_.root(place.epoch));
  CERTRELAY_TRY(const auto file, KeyFile::open(*env_.files, place.keys, {root, place.epoch}));
  CERTRELAY_TRY(auto table, file.load());
  table.close_gaps();
  overlay->fold_keys(table);
  return table;
}

Result<SealedRegister::Built> SealedRegister::build(const Manifest& manifest, ExtractFiles& files,
                                                    Diagnostics& diagnostics) {
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
  if (const auto overlay = this->overlay()) names.added_keys = overlay->added_keys();
  auto out = build_in(manifest, files, diagnostics, names);
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
                                                       Diagnostics& diagnostics, Built names) {
  const std::uint64_t epoch = roots_.newest();
  CERTRELAY_TRY(const Key256* root, roots_.root(epoch));
  CERTRELAY_TRY(auto keys, keys_in_force());
  std::uint64_t key_count = 0;
  {
    CERTRELAY_TRY(auto builder,
                  GenerationBuilder::create(*env_.files, *env_.vfs, *env_.entropy,
                                            {path(names.stem), path(names.keys), {root, epoch}},
                                            manifest, std::move(keys)));
    CERTRELAY_TRY(auto planner, PlanMaker::create(in_force()));
    ImportSink sink(*builder, std::move(planner), env_.print_check, manifest, diagnostics);
    CERTRELAY_TRY(walk_extract(manifest, files, sink, diagnostics));
    CERTRELAY_TRY(names.plan, sink.finish());
    names.closed_members = sink.closed_members();
    names.touched = sink.take_touched();
    CERTRELAY_TRY(key_count, builder->finish());
  }
  const GenerationPlace place{
      path(names.stem), path(names.keys), {manifest.generation, 0}, epoch, key_count};
  // What was written is opened like at a start: nothing is put in force that would not open.
  CERTRELAY_TRY(names.generation, Generation::open(*env_.files, *env_.vfs, place, *root, rule()));
  return names;
}

void SealedRegister::discard(const Built& built) {
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
    static_cast<void>(env_.files->remove(path(next.overlay)).has_value());
    static_cast<void>(env_.files->remove(path(next.added)).has_value());
    return made.error();
  }
  next.overlay_frames = made.value()->frames();
  return made;
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
  const auto bytes = seal_current(next, *root, *env_.entropy);
  const auto before = state().version;
  CERTRELAY_TRY(env_.files->sync_folder(settings_.folder));
  CERTRELAY_TRY(env_.files->write_durably(path(kCurrentFile), bytes));
  {
    const std::lock_guard guard(mutex_);
    if (current_) {
      // Over changes and erasures the plan, which knows the extracts alone, does not say what
      // stayed.
      const bool plan_holds = before.sequence == 0 && !turned_;
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
  std::erase_if(pending_, [&](const Pending& one) { return one.stem == built.stem; });
  remove_retired();
  return ok();
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
