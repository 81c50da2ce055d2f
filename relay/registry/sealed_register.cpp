#include "relay/registry/sealed_register.hpp"

#include <algorithm>
#include <utility>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/register_names.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kRootFile = "root.slots";
// An activation is looked for once a second and takes less than one.
constexpr std::chrono::seconds kActivationGrace{5};

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

// A generation that was to be in force by now is not: its push was lost, or it was refused.
bool follower_missed(const FeedState& feed, UtcTime now) {
  return std::any_of(feed.scheduled.begin(), feed.scheduled.end(),
                     [&](const ScheduledFrame& one) { return now >= one.at + kActivationGrace; });
}

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
  CERTRELAY_TRY(generation_, Generation::open(*env_.files, place, *root, rule()));
  if (generation_->contents().numbers == IndividualNumbers::kHeld && !may_hold_numbers()) {
    return Error{ErrorCode::kForbiddenItem, "register: individual numbers are in force"};
  }
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
                      name.starts_with(kOverlayPrefix) || name.ends_with(kFreshEnd);
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
  const auto now = env_.clock->utc_now();
  const auto age = now - feed.last_contact;
  out.age = std::chrono::duration_cast<std::chrono::seconds>(age);
  // A source system's clock may be a minute ahead of ours; more is our clock gone back.
  if (age < -std::chrono::seconds(60)) {
    out.reason = RegisterReason::kClockDoubted;
  } else if (feed.gap()) {
    out.reason = RegisterReason::kGap;
  } else if (age > out.age_max || follower_missed(feed, now)) {
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

}  // namespace certrelay
