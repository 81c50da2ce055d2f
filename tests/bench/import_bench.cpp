// A push of a whole city through the shipped code, with a base in force and without: spool, check,
// coverage over the real fonts, plan, seal, activation. The machine's own disk and clock.
// Usage: import_bench [PERSONS, default 100000] [FOLDER, empty or absent]
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "protocol/wire/content_digest.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/issuance/print_check.hpp"
#include "relay/registry/registry_verbs.hpp"
#include "tests/bench/bench_city.hpp"
#include "tests/support/memory_ports.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace certrelay;  // NOLINT(google-build-using-namespace)

double seconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

double cpu_seconds_now() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

// Peak resident memory since the last reset, MB.
double peak_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

class Measured {
 public:
  explicit Measured(const char* what) : what_(what) { reset_peak(); }
  ~Measured() {
    std::printf("%-34s wall %8.2f s  cpu %8.2f s  peak %7.1f MB\n", what_, seconds_now() - wall_,
                cpu_seconds_now() - cpu_, peak_mb());
    std::fflush(stdout);
  }
  Measured(const Measured&) = delete;
  Measured& operator=(const Measured&) = delete;

 private:
  const char* what_;
  double wall_ = seconds_now();
  double cpu_ = cpu_seconds_now();
};

class BenchVault {
 public:
  explicit BenchVault(const std::string& folder) : check_(test_render_kit()) {
    settings_.folder = folder + "/register";
    settings_.outer_key = folder + "/outer.key";
    settings_.owner = files.info(folder).value().owner;
    const RegisterEnv env{&files, &entropy_, &clock_, nullptr, &check_};
    CERTRELAY_CHECK(SealedRegister::init(env, settings_).has_value());
    reg_ = SealedRegister::open(env, settings_).value();
    verbs_ = std::make_unique<RegistryVerbs>(
        RegistrySettings{.municipality = MunicipalityCode::parse("392901").value(),
                         .spool_folder = folder + "/spool",
                         .rails = {100, 100, 100}},
        RegistryParts{files, clock_, entropy_, *reg_, verifier_, ledger_, hand_overs_,
                      io_.get_executor(), io_.get_executor()});
    CERTRELAY_CHECK(verbs_->start().has_value());
  }

  void push(const std::string& folder, const Manifest& manifest) {
    const auto json = encode(manifest).value();
    const Bytes body(json.begin(), json.end());
    const auto offered = call_signed(StatementKind::kManifest, "/v1/extracts", body, manifest);
    const auto to = decode_manifest_answer(offered.body).value();
    const auto path = "/v1/extracts/" + to.extract_id.text();
    Bytes last;
    std::uint64_t at = 0;
    {
      const Measured spooled("seal at the sender, spool");
      last = send_all_but_the_last(folder, manifest, body, to, at);
    }
    {
      const Measured built("open, check, cover, plan, seal");
      patch(path, at, std::move(last));
    }
    const auto report = decode_extract_report(call(HttpMethod::kGet, path, {}, {}).body).value();
    if (report.state != ExtractState::kReady) {
      std::printf("not built: %s %s %s\n", report.rejections.at(0).record.c_str(),
                  report.rejections.at(0).rule.c_str(), report.rejections.at(0).mend.c_str());
      std::exit(1);
    }
    print(report);
    const Measured swap("activate");
    const auto done = call_signed(StatementKind::kActivate, path + "/activate",
                                  encode(ActivateRequest{}).value(), manifest);
    CERTRELAY_CHECK(done.status == 200);
  }

  PosixFiles files;

 private:
  static void print(const ExtractReport& report) {
    const auto& p = report.plan.persons;
    std::printf(
        "persons: +%llu ~%llu -%llu =%llu, closed %llu\n", static_cast<unsigned long long>(p.added),
        static_cast<unsigned long long>(p.changed), static_cast<unsigned long long>(p.deleted),
        static_cast<unsigned long long>(p.unchanged),
        static_cast<unsigned long long>(report.closed_members));
  }

  HttpAnswer call(HttpMethod method, const std::string& path, Bytes body, HttpHeaders headers) {
    if (!body.empty()) {
      headers.push_back({"content-digest", format_content_digest(sha256(ByteView(body)))});
    }
    RequestFrame frame{1, Role::kRegistry, PeerName::parse("feeder").value(), {}};
    frame.request = {method, path, std::move(headers), std::move(body)};
    std::optional<HttpAnswer> answer;
    boost::asio::co_spawn(io_, verbs_->handle(std::move(frame)),
                          [&](const std::exception_ptr& error, HttpAnswer got) {
                            CERTRELAY_CHECK(error == nullptr);
                            answer = std::move(got);
                          });
    io_.restart();
    io_.run();
    return std::move(answer).value();
  }
  HttpAnswer call_signed(StatementKind kind, const std::string& path, const Bytes& body,
                         const Manifest& manifest) {
    const auto statement =
        key_.sign(kind, manifest.municipality, {manifest.generation, 0, clock_.utc_now()}, body);
    return call(HttpMethod::kPost, path, body,
                {{std::string(kStatementHeader), format_statement(statement.value())}});
  }
  void patch(const std::string& path, std::uint64_t at, Bytes bytes) {
    const auto answer =
        call(HttpMethod::kPatch, path, std::move(bytes), {{"upload-offset", std::to_string(at)}});
    CERTRELAY_CHECK(answer.status == 204);
  }

  Bytes send_all_but_the_last(const std::string& folder, const Manifest& manifest,
                              const Bytes& head, const ManifestAnswer& to, std::uint64_t& at) {
    ImportSealer sealer(to.import_key, to.extract_id);
    Bytes piece = sealer.header();
    Bytes clear = head;
    const auto path = "/v1/extracts/" + to.extract_id.text();
    const auto seal = [&](bool last) {
      const auto sealed = sealer.seal_chunk(clear, last);
      clear.clear();
      piece.insert(piece.end(), sealed.begin(), sealed.end());
      if (last || piece.size() + 2 * kImportChunkSize <= kRequestBodyBytesMax) return;
      const auto size = piece.size();
      patch(path, at, std::exchange(piece, {}));
      at += size;
    };
    Bytes block(kImportChunkSize);
    for (const auto& file : manifest.files) {
      const auto open = files.open(folder + "/" + file.name, OpenMode::kRead).value();
      for (std::uint64_t offset = 0; offset < file.bytes;) {
        const auto room = std::span(block).first(kImportChunkSize - clear.size());
        const auto count = open->read_at(offset, room).value();
        clear.insert(clear.end(), block.begin(),
                     block.begin() + static_cast<std::ptrdiff_t>(count));
        offset += count;
        const bool last = &file == &manifest.files.back() && offset == file.bytes;
        if (last || clear.size() == kImportChunkSize) seal(last);
      }
    }
    return piece;
  }

  SystemEntropy entropy_;
  SystemClock clock_;
  RegisterSettings settings_;
  PrintCheck check_;
  FeederKey key_ = FeederKey::generate().value();
  FeederVerifier verifier_ = FeederVerifier::from_pems({public_key_pem(key_.spki())}).value();
  testing::MemoryLedger ledger_{clock_};
  testing::MemoryHandOvers hand_overs_;
  boost::asio::io_context io_;
  std::unique_ptr<SealedRegister> reg_;
  std::unique_ptr<RegistryVerbs> verbs_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t persons = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const testing::TempFolder temporary;
  const std::string folder = argc > 2 ? argv[2] : temporary.path();
  BenchVault vault(folder);
  for (const std::uint64_t generation : {1U, 2U}) {
    const auto source = folder + "/extract-" + std::to_string(generation);
    CERTRELAY_CHECK(vault.files.make_folder(source).has_value());
    std::optional<Manifest> manifest;
    {
      const Measured written("write the city");
      manifest =
          write_bench_city(vault.files, source, {.persons = persons, .generation = generation});
    }
    std::printf("generation %llu: %llu persons, %llu households, %.0f MB of tables\n",
                static_cast<unsigned long long>(generation),
                static_cast<unsigned long long>(manifest->persons),
                static_cast<unsigned long long>(manifest->households),
                static_cast<double>(total_bytes(*manifest)) / 1e6);
    vault.push(source, *manifest);
    for (const auto& file : manifest->files) {
      CERTRELAY_CHECK(vault.files.remove(source + "/" + file.name).has_value());
    }
  }
  std::uint64_t stored = 0;
  const auto names = vault.files.list(folder + "/register").value();
  for (const auto& name : names) {
    const auto info = vault.files.info(folder + "/register/" + name).value();
    std::printf("%-28s %10.1f MB\n", name.c_str(), static_cast<double>(info.size) / 1e6);
    stored += info.size;
  }
  std::printf("%.0f MB stored\n", static_cast<double>(stored) / 1e6);
  return 0;
}
