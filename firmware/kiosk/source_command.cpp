// certrelay-kiosk source: the resident-record system after its extract.
#include <fmt/core.h>

#include <algorithm>

#include "firmware/ctl/folder_files.hpp"
#include "firmware/ctl/push_config.hpp"
#include "firmware/kiosk/commands.hpp"
#include "firmware/kiosk/say.hpp"
#include "firmware/kiosk/source_people.hpp"
#include "firmware/kiosk/source_system.hpp"
#include "protocol/extract/manifest.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

struct SourceOptions {
  std::string city;
  std::string deleted;  // person ids
  std::string deceased;
  std::string closed;
  std::string reopened;
  std::string file;           // a change's JSON as it is
  std::int64_t sequence = 0;  // 0: the register's next, or last
  std::uint64_t times = 1;
  std::string complete_until;
  std::uint64_t blocks = 64;
};

// One line to the registry's listener. Stays where it was made.
class SourceLine {
 public:
  static Result<std::unique_ptr<SourceLine>> load(Files& files, const Clock& clock,
                                                  const std::string& city) {
    std::string extract;
    CERTRELAY_TRY(const auto config, load_city_push_config(files, city, extract));
    CERTRELAY_TRY(auto key, load_feeder_key(files, config));
    CERTRELAY_TRY(auto peer, load_peer(files, config.registry));
    CERTRELAY_TRY(const auto json,
                  files.read_all(extract + "/" + std::string(kManifestFile), kManifestBytesMax));
    CERTRELAY_TRY(auto manifest, decode_manifest(json));
    return std::make_unique<SourceLine>(files, clock, std::move(extract), std::move(key),
                                        std::move(peer), std::move(manifest));
  }
  SourceLine(Files& files, const Clock& clock, std::string extract, FeederKey key, Peer peer,
             Manifest manifest)
      : files_(files),
        extract_(std::move(extract)),
        key_(std::move(key)),
        peer_(std::move(peer)),
        manifest_(std::move(manifest)),
        client_(peer_.tls, peer_.address, clock),
        exchange_(client_, peer_.verifier, clock),
        source(exchange_, key_, manifest_.municipality, clock) {}

  Result<std::unique_ptr<SourcePeople>> people() {
    FolderFiles folder(files_, extract_);
    return SourcePeople::load(manifest_, folder);
  }

 private:
  Files& files_;
  std::string extract_;
  FeederKey key_;
  Peer peer_;
  Manifest manifest_;
  HttpsClient client_;
  SignedExchange exchange_;

 public:
  SourceSystem source;
};

int fail(std::string_view step, const Error& error, const SourceLine& line) {
  const auto& problem = line.source.problem();
  if (error.code != ErrorCode::kRefusedByServer || !problem) {
    return say_failure(step, error, nullptr);
  }
  fmt::print(stderr, "{:<12} refused: {} (HTTP {})\n{:<12} {}\n", step, to_text(problem->code),
             status_of(problem->code), "",
             problem->detail.empty() ? problem->title : problem->detail);
  return kExitRefused;
}

void say_status(const RegisterStatus& status) {
  if (!status.version) {
    say("register", "none");
    return;
  }
  say("register", fmt::format("{}.{}, {}, {} s to the bound, {} household(s) quarantined",
                              status.version->generation, status.version->sequence, status.reason,
                              status.seconds_to_bound, status.quarantined));
  if (status.complete_until) say("promise", to_rfc3339_jst(*status.complete_until));
}

Result<Bytes> change_body(const SourceOptions& options, Files& files, SourceLine& line) {
  if (!options.file.empty()) return files.read_all(options.file, kChangeBytesMax);
  if (!options.deceased.empty()) {
    CERTRELAY_TRY(auto person, PersonId::parse(options.deceased));
    RegisterChange change;
    change.deceased.push_back(std::move(person));
    return encode(change);
  }
  CERTRELAY_TRY(const auto people, line.people());
  const auto& named = !options.deleted.empty()  ? options.deleted
                      : !options.closed.empty() ? options.closed
                                                : options.reopened;
  if (named.empty()) return encode(RegisterChange{});
  CERTRELAY_TRY(const auto person, PersonId::parse(named));
  const auto gate = options.closed.empty() ? HouseholdGate::kOpen : HouseholdGate::kMovePending;
  CERTRELAY_TRY(const auto change,
                options.deleted.empty() ? people->gated(person, gate) : people->without(person));
  return encode(change, people->numbers());
}

// The same again and again, each under a number of its own: how long an acknowledgement takes.
int send_many(std::uint64_t times, SourceLine& line, const Clock& clock,
              const RegisterStatus& status, std::uint64_t sequence, ByteView body) {
  std::vector<double> took_ms;
  for (std::uint64_t i = 0; i < times; ++i) {
    const auto begun = clock.steady_now();
    const auto said = line.source.change(status, sequence + i, body);
    if (!said) return fail("change", said.error(), line);
    took_ms.push_back(
        std::chrono::duration<double, std::milli>(clock.steady_now() - begun).count());
  }
  std::sort(took_ms.begin(), took_ms.end());
  say("changes", fmt::format("{} acknowledged, median {:.1f} ms, 99 % {:.1f} ms", times,
                             took_ms[times / 2], took_ms[times * 99 / 100]));
  return kExitDone;
}

int send_change(const SourceOptions& options, Files& files, const Clock& clock, SourceLine& line,
                const RegisterStatus& status) {
  const auto body = change_body(options, files, line);
  if (!body) return say_bad_argument("change", body.error());
  const auto next = status.version ? status.version->sequence + 1 : 1;
  const auto sequence = options.sequence > 0 ? static_cast<std::uint64_t>(options.sequence) : next;
  if (options.times > 1) {
    return send_many(options.times, line, clock, status, sequence, body.value());
  }
  const auto said = line.source.change(status, sequence, body.value());
  if (!said) return fail("change", said.error(), line);
  say("change",
      fmt::format("{}.{} in force at {}", said.value().version.generation,
                  said.value().version.sequence, to_rfc3339_jst(said.value().in_force_at)));
  for (const auto& finding : said.value().quarantined) {
    say("quarantined",
        fmt::format("{} {} {}: {}", finding.record, finding.field, finding.rule, finding.mend));
  }
  return said.value().quarantined.empty() ? kExitDone : kExitRefused;
}

int send_heartbeat(const SourceOptions& options, SourceLine& line, const RegisterStatus& status) {
  std::optional<UtcTime> until;
  if (!options.complete_until.empty()) {
    const auto parsed = parse_rfc3339(options.complete_until);
    if (!parsed) return say_bad_argument("--complete-until", parsed.error());
    until = UtcTime(std::chrono::floor<std::chrono::seconds>(parsed.value()));
  }
  const auto last = status.version ? status.version->sequence : 0;
  const auto sequence = options.sequence > 0 ? static_cast<std::uint64_t>(options.sequence) : last;
  const auto answered = line.source.heartbeat(status, sequence, until);
  if (!answered) return fail("heartbeat", answered.error(), line);
  say_status(answered.value());
  return kExitDone;
}

int send_reconciliation(const SourceOptions& options, SourceLine& line,
                        const RegisterStatus& status) {
  const auto people = line.people();
  if (!people) return say_bad_argument("extract", people.error());
  SystemEntropy entropy;
  const auto stated = people.value()->stated(random_bytes<32>(entropy), options.blocks);
  const auto answer = line.source.reconcile(status, stated);
  if (!answer) return fail("reconcile", answer.error(), line);
  for (const auto& block : answer.value().differing) {
    say("differs",
        fmt::format("block {} of {}: {} person(s) here, {} there", block.block, options.blocks,
                    stated.stated.at(block.block).persons, block.persons));
  }
  say("reconcile",
      fmt::format("{} of {} blocks differ", answer.value().differing.size(), options.blocks));
  return answer.value().differing.empty() ? kExitDone : kExitRefused;
}

enum class SourceCall : std::uint8_t { kStatus, kChange, kHeartbeat, kReconcile };

int run(const SourceOptions& options, SourceCall call) {
  PosixFiles files;
  const SystemClock clock;
  auto line = SourceLine::load(files, clock, options.city);
  if (!line) return say_bad_argument("--city", line.error());
  const auto status = line.value()->source.status();
  if (!status) return fail("register", status.error(), *line.value());
  switch (call) {
    case SourceCall::kStatus:
      say_status(status.value());
      return kExitDone;
    case SourceCall::kChange:
      return send_change(options, files, clock, *line.value(), status.value());
    case SourceCall::kHeartbeat:
      return send_heartbeat(options, *line.value(), status.value());
    case SourceCall::kReconcile:
      return send_reconciliation(options, *line.value(), status.value());
  }
  return kExitUsage;
}

}  // namespace

void add_source_commands(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<SourceOptions>();
  auto* source = root.add_subcommand(
      "source",
      "the resident-record system after its extract: changes, heartbeats, reconciliation");
  source->require_subcommand(1);
  const auto add = [&](const char* name, const char* about, SourceCall call) {
    auto* command = source->add_subcommand(name, about);
    command->add_option("--city", options->city, "folder made by `certrelay-kiosk city create`")
        ->required();
    command->callback([options, call, &exit_code] { exit_code = run(*options, call); });
    return command;
  };
  add("status", "what the register says of itself", SourceCall::kStatus);
  auto* change =
      add("change", "send one change; without an option an empty one", SourceCall::kChange);
  change->add_option("--delete", options->deleted,
                     "person id: deleted, the household sent whole; of a head, all of it");
  change->add_option("--death", options->deceased, "person id");
  change->add_option("--close", options->closed,
                     "person id: the household sent whole with a move pending");
  change->add_option("--reopen", options->reopened,
                     "person id: the household sent whole as the extract has it");
  change->add_option("--file", options->file, "the change's JSON, sent as it is");
  change->add_option("--sequence", options->sequence, "its number (default: the next)");
  change->add_option("--times", options->times, "send it so often and say how long it took")
      ->check(CLI::Range(1, 100'000));
  auto* heartbeat = add("heartbeat", "say that the source system is there", SourceCall::kHeartbeat);
  heartbeat->add_option("--complete-until", options->complete_until,
                        "RFC 3339: nothing changes before, at most 8 days ahead");
  heartbeat->add_option("--sequence", options->sequence,
                        "the last number sent (default: the register's)");
  auto* reconcile = add("reconcile", "compare the extract with the register, block by block",
                        SourceCall::kReconcile);
  reconcile->add_option("--blocks", options->blocks, "how many blocks")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

}  // namespace certrelay
