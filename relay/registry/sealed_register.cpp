#include "relay/registry/sealed_register.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace certrelay {
namespace {

constexpr std::string_view kCurrentFile = "CURRENT";
constexpr std::string_view kRootFile = "root.slots";
constexpr std::string_view kGenerationPrefix = "gen-";
constexpr std::string_view kKeysPrefix = "keys-";
constexpr std::string_view kFresh = ".new";
constexpr std::size_t kCurrentBytesMax = 4096;

}  // namespace

SealedRegister::SealedRegister(const RegisterEnv& env, RegisterSettings settings, RootSlots roots)
    : env_(env), settings_(std::move(settings)), roots_(std::move(roots)) {}

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
  CERTRELAY_TRY(unless_there(create_outer_key(files, *env.entropy, settings.outer_key)));
  CERTRELAY_TRY(const auto outer,
                load_outer_key(files, settings.outer_key, {settings.owner, 0600}));
  CERTRELAY_TRY(RootSlots::create(files, *env.entropy,
                                  settings.folder + "/" + std::string(kRootFile), outer));
  return ok();
}

Result<std::unique_ptr<SealedRegister>> SealedRegister::open(const RegisterEnv& env,
                                                             RegisterSettings settings) {
  Files& files = *env.files;
  CERTRELAY_TRY(const auto folder, files.info(settings.folder));
  const bool ours = folder.kind == FileInfo::Kind::kFolder && folder.owner == settings.owner &&
                    folder.mode == 0700;
  if (!ours) return Error{ErrorCode::kWrongOwner, "register: folder"};
  const FileRule rule{settings.owner, 0600};
  CERTRELAY_TRY(const auto outer, load_outer_key(files, settings.outer_key, rule));
  CERTRELAY_TRY(auto roots, RootSlots::open(files, settings.folder + "/" + std::string(kRootFile),
                                            rule, outer));
  auto out = std::make_unique<SealedRegister>(env, std::move(settings), std::move(roots));
  CERTRELAY_TRY(out->load_current());
  CERTRELAY_TRY(out->sweep());
  return out;
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
  current_ = std::move(current);
  return ok();
}

Result<void> SealedRegister::sweep() const {
  CERTRELAY_TRY(const auto names, env_.files->list(settings_.folder));
  for (const auto& name : names) {
    const bool used = current_ && (name == current_->keys || name.starts_with(current_->stem));
    const bool ours = name.starts_with(kGenerationPrefix) || name.starts_with(kKeysPrefix) ||
                      name.ends_with(kFresh);
    if (used || !ours) continue;
    CERTRELAY_TRY(env_.files->remove(path(name)));
  }
  return env_.files->sync_folder(settings_.folder);
}

std::shared_ptr<const Generation> SealedRegister::in_force() const {
  const std::lock_guard guard(mutex_);
  return generation_;
}

RegisterState SealedRegister::state() const {
  const std::lock_guard guard(mutex_);
  RegisterState out;
  out.age_max = settings_.feed_silence_max.value_or(settings_.extract_age_max);
  if (!current_) return out;
  out.version = generation_->version();
  out.last_contact = current_->last_contact;
  const auto age = env_.clock->utc_now() - current_->last_contact;
  out.age = std::chrono::duration_cast<std::chrono::seconds>(age);
  // A source system's clock may be a minute ahead of ours; more is our clock gone back.
  if (age < -std::chrono::seconds(60)) {
    out.reason = RegisterReason::kClockDoubted;
  } else if (age > out.age_max) {
    out.reason = RegisterReason::kTooOld;
  } else {
    out.reason = RegisterReason::kReady;
  }
  return out;
}

Result<std::shared_ptr<const RegisterSnapshot>> SealedRegister::snapshot() const {
  if (!state().ready()) return Error{ErrorCode::kRegisterNotReady, "register"};
  return std::shared_ptr<const RegisterSnapshot>(in_force());
}

// Without changes a version differs only by an activation in between. An intent that was prepared
// from the generation before is refused: its household may be another now.
Result<void> SealedRegister::still_current(const RegisterVersion& version,
                                           const HouseholdId& /*household*/) const {
  const auto now = state();
  if (!now.ready()) return Error{ErrorCode::kRegisterNotReady, "register"};
  if (now.version != version) return Error{ErrorCode::kRegisterChanged, "register"};
  return ok();
}

Result<KeyTable> SealedRegister::keys_in_force() const {
  const auto generation = in_force();
  if (generation == nullptr) return KeyTable();
  CERTRELAY_TRY(const Key256* root, roots_.root(generation->place().epoch));
  CERTRELAY_TRY(const auto file, KeyFile::open(*env_.files, generation->place().keys,
                                               {root, generation->place().epoch}));
  return file.load();
}

Result<SealedRegister::Built> SealedRegister::build(const Manifest& manifest, ExtractFiles& files,
                                                    Diagnostics& diagnostics) {
  const auto force = in_force();
  if (force != nullptr && manifest.generation <= force->version().generation) {
    return Error{ErrorCode::kOldGeneration, "register"};
  }
  // A fresh name each time, so that no leftover and no snapshot in use is ever written over.
  const auto mark = to_hex(random_bytes<8>(*env_.entropy));
  Built names{nullptr, std::string(kGenerationPrefix) + mark,
              std::string(kKeysPrefix) + mark + ".bin"};
  auto out = build_in(manifest, files, diagnostics, names);
  if (!out) discard(names);
  return out;
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
    CERTRELAY_TRY(walk_extract(manifest, files, *builder, diagnostics));
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
  for (const auto end : {kBaseEnd, kIndexEnd, kSealEnd}) {
    static_cast<void>(env_.files->remove(path(built.stem) + std::string(end)).has_value());
  }
  static_cast<void>(env_.files->remove(path(built.keys)).has_value());
}

Result<void> SealedRegister::activate(const Built& built, UtcTime contact) {
  const auto& place = built.generation->place();
  CERTRELAY_TRY(const Key256* root, roots_.root(place.epoch));
  CurrentRegister next{place.epoch,
                       place.version.generation,
                       place.version.sequence,
                       built.stem,
                       built.keys,
                       place.key_count,
                       contact};
  const auto bytes = seal_current(next, *root, *env_.entropy);
  const std::lock_guard one_at_a_time(activation_);
  if (const auto force = in_force();
      force != nullptr && next.generation <= force->version().generation) {
    return Error{ErrorCode::kOldGeneration, "register: activate"};
  }
  CERTRELAY_TRY(env_.files->sync_folder(settings_.folder));
  CERTRELAY_TRY(env_.files->write_durably(path(kCurrentFile), bytes));
  {
    const std::lock_guard guard(mutex_);
    if (current_) {
      retired_.push_back({generation_, {nullptr, current_->stem, current_->keys}});
    }
    current_ = std::move(next);
    generation_ = built.generation;
  }
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
  for (const auto& old : unused) discard(old.names);
}

}  // namespace certrelay
