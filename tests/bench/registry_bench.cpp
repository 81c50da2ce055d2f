// Import of a city, its opening, look-ups in it, changes and an erasure of a thousand, on the
// machine's own disk. The tables lie in a folder, so that memory is the register's alone.
// Usage: registry_bench [HOUSEHOLDS, two persons each on average; default 50000] [FOLDER]
// A folder that holds the register of an earlier run is only looked up in, so that two builds can
// take turns over the same one: registry_bench HOUSEHOLDS FOLDER only-import makes it.
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "firmware/ctl/folder_files.hpp"
#include "protocol/extract/change.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/registry/sealed_register.hpp"
#include "tests/bench/bench_city.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace {

using namespace certrelay;  // NOLINT(google-build-using-namespace)

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

struct Span {
  double wall = wall_seconds();
  double cpu = cpu_seconds();
  void print(const char* what, double count = 1, const char* unit = "s", double scale = 1) const {
    std::printf("%-28s wall %10.3f %s  cpu %10.3f %s\n", what,
                (wall_seconds() - wall) * scale / count, unit,
                (cpu_seconds() - cpu) * scale / count, unit);
  }
};

// Peak resident memory since reset_peak(), MB.
double peak_mb() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}
double reset_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
  return peak_mb();
}

// Anonymous memory now, MB: what malloc holds back is given back first.
double anonymous_mb() {
  malloc_trim(0);
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::strtod(line.c_str() + 8, nullptr) / 1024;
  }
  return 0;
}

// A start against the bare digest of the same files, in turn: noise of the machine hits both.
void open_against_hash(const RegisterEnv& env, const RegisterSettings& settings) {
  constexpr int kRounds = 9;
  std::vector<double> ratios;
  std::vector<double> opens;
  const auto names = env.files->list(settings.folder).value();
  for (int i = 0; i < kRounds; ++i) {
    const double begin = cpu_seconds();
    CERTRELAY_CHECK(SealedRegister::open(env, settings).has_value());
    const double between = cpu_seconds();
    for (const auto& name : names) {
      CERTRELAY_CHECK(mark_of(*env.files, settings.folder + "/" + name).has_value());
    }
    opens.push_back(between - begin);
    ratios.push_back((between - begin) / (cpu_seconds() - between));
  }
  std::sort(ratios.begin(), ratios.end());
  std::sort(opens.begin(), opens.end());
  std::printf(
      "open and check               cpu %.3f s, of the SHA-256 of the files: median %.2f"
      " (%.2f to %.2f)\n",
      opens[kRounds / 2], ratios[kRounds / 2], ratios.front(), ratios.back());
}

void erase(SealedRegister& reg) {
  std::vector<std::uint64_t> thousand;
  for (std::uint64_t household = 1; household <= 1000; ++household) {
    thousand.push_back(household * 10 + 1);
  }
  const auto before = reset_peak();
  const Span keys;
  CERTRELAY_CHECK(reg.destroy_keys(thousand).value().persons == 1000);
  keys.print("1,000 erased, root turned");
  std::printf("memory for it %.0f MB\n", peak_mb() - before);
  const Span residue;
  CERTRELAY_CHECK(reg.drop_residue().value().rows == 1000);
  residue.print("residue dropped (stage two)");
  std::printf("memory for both %.0f MB\n", peak_mb() - before);
}

void look_up(const SealedRegister& reg, std::size_t households) {
  const auto snapshot = reg.snapshot().value();
  constexpr int kRounds = 20'000;
  std::uint64_t at = 1;
  const auto next = [&] {
    at = at * 6364136223846793005U + 1442695040888963407U;
    return sample::person_id((at >> 33U) % households * 10 + 11);
  };
  std::vector<CardKey> asked;
  for (int i = 0; i < kRounds; ++i) asked.push_back(sample::key_of(sample::card_of(next())));
  const Span cards;
  for (const auto& card : asked) CERTRELAY_CHECK(snapshot->find_card(card).has_value());
  cards.print("card to link", kRounds, "us", 1e6);
  // Households of one member: number % 3 == 0 in the bench's city.
  const auto alone = [&] {
    at = at * 6364136223846793005U + 1442695040888963407U;
    return sample::person_id(((at >> 33U) % (households / 3) * 3 + 3) * 10 + 1);
  };
  for (auto& card : asked) card = sample::key_of(sample::card_of(alone()));
  const Span whole;
  for (const auto& card : asked) {
    const auto link = snapshot->find_card(card).value();
    CERTRELAY_CHECK(snapshot->household_of(link.person).value().members.size() == 1);
  }
  whole.print("card to opened record", kRounds, "us", 1e6);
  const Span names;
  for (int i = 0; i < kRounds; ++i) CERTRELAY_CHECK(snapshot->pseudonym(next()).has_value());
  names.print("person to pseudonym", kRounds, "us", 1e6);
  const Span people;
  std::size_t members = 0;
  for (int i = 0; i < kRounds; ++i) {
    members += snapshot->household_of(next()).value().members.size();
  }
  people.print("person to household, a member", static_cast<double>(members), "us", 1e6);
}

// Durable and in force; what the ledger's entry takes comes on top.
void change(SealedRegister& reg, const Clock& clock) {
  constexpr std::uint64_t kChanges = 1000;
  std::vector<double> took;
  for (std::uint64_t number = 1; number <= kChanges; ++number) {
    const auto household = sample::household(number, 1 + number % 3);
    HouseholdRows rows{household.household, 1, household.members, {}};
    rows.member_lines.resize(rows.members.size());
    const auto body = encode(RegisterChange{.households = {rows}}).value();
    const double begin = wall_seconds();
    const auto done = reg.change({1, number, clock.utc_now()}, body);
    CERTRELAY_CHECK(done.has_value() && done.value().acknowledgement.quarantined.empty());
    took.push_back((wall_seconds() - begin) * 1e3);
  }
  std::sort(took.begin(), took.end());
  std::printf("change of a household        median %.2f ms, 99 %% %.2f ms\n", took[kChanges / 2],
              took[kChanges * 99 / 100]);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t households = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 50'000;
  const testing::TempFolder temporary;
  const std::string folder = argc > 2 ? argv[2] : temporary.path();
  PosixFiles files;
  SystemEntropy entropy;
  SystemClock clock;
  const RegisterEnv env{&files, &entropy, &clock};
  RegisterSettings settings;
  settings.folder = folder + "/register";
  settings.outer_key = folder + "/outer.key";
  settings.any_file_system = true;
  settings.owner = files.info(folder).value().owner;
  if (files.info(settings.folder).has_value()) {
    look_up(*SealedRegister::open(env, settings).value(), households);
    return 0;
  }
  CERTRELAY_CHECK(SealedRegister::init(env, settings).has_value());
  const auto source_folder = folder + "/extract";
  CERTRELAY_CHECK(files.make_folder(source_folder).has_value());
  const auto manifest = write_bench_city(files, source_folder, {.persons = households * 2});
  std::printf("%llu persons, %.0f MB of tables\n",
              static_cast<unsigned long long>(manifest.persons),
              static_cast<double>(total_bytes(manifest)) / 1e6);
  {
    const auto reg = SealedRegister::open(env, settings).value();
    FolderFiles source(files, source_folder);
    Diagnostics diagnostics;
    const auto before = reset_peak();
    const Span import;
    const auto built = reg->build(manifest, source, diagnostics).value();
    import.print("import: check, seal, reopen");
    std::printf("memory for it %.0f MB\n", peak_mb() - before);
    const Span swap;
    CERTRELAY_CHECK(reg->activate(built, clock.utc_now()).has_value());
    swap.print("activate");
  }
  for (const auto& file : manifest.files) {
    CERTRELAY_CHECK(files.remove(source_folder + "/" + file.name).has_value());
  }
  if (argc > 3) return 0;
  open_against_hash(env, settings);
  const auto reg = SealedRegister::open(env, settings).value();
  std::printf("anonymous memory, opened     %.1f MB\n", anonymous_mb());
  look_up(*reg, households);
  std::printf("after look-ups               %.1f MB\n", anonymous_mb());
  change(*reg, clock);
  const Span again;
  CERTRELAY_CHECK(SealedRegister::open(env, settings).has_value());
  again.print("open with these changes");
  erase(*reg);
  return 0;
}
