// The source system, the front and the vault's registry around one simulated clock.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "protocol/extract/change.hpp"
#include "relay/registry/registry_verbs.hpp"
#include "tests/support/memory_ports.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {

struct VerbsWorld : RegisterWorld {
  // As little as a test's small city needs: one person of a few may go.
  explicit VerbsWorld(const GuardRails& rails = {60, 60, 60}, bool numbers = false);

  // One call of the front, run to its end.
  HttpAnswer call(HttpMethod method, const std::string& path, Bytes body = {},
                  HttpHeaders headers = {});
  HttpAnswer call_signed(StatementKind kind, const std::string& path, const Bytes& body,
                         std::uint64_t generation);
  HttpAnswer offer(const sample::Extract& extract);
  // The clear stream, and what its sender makes of it.
  static std::string stream_of(const sample::Extract& extract);
  static Bytes sealed(const std::string& clear, const ManifestAnswer& to);
  static Bytes sealed(const sample::Extract& extract, const ManifestAnswer& to) {
    return sealed(stream_of(extract), to);
  }
  HttpAnswer patch(const ExtractId& id, std::uint64_t offset, ByteView bytes);
  // Offers and sends everything.
  ExtractId send(const sample::Extract& extract);
  HttpAnswer activate(const ExtractId& id, std::uint64_t generation,
                      std::optional<UtcTime> at = std::nullopt);
  ExtractReport report(const ExtractId& id);
  RegisterStatus status();
  // A sealed call, signed over the plaintext.
  HttpAnswer call_sealed(StatementKind kind, const std::string& path, std::uint64_t sequence,
                         const Bytes& clear, const MunicipalityCode& city);
  HttpAnswer change(std::uint64_t sequence, const RegisterChange& what,
                    IndividualNumbers numbers = IndividualNumbers::kNotHeld);
  HttpAnswer beat(std::uint64_t sequence, std::optional<UtcTime> until = std::nullopt);
  void serve();
  static sample::Extract small_city(std::uint64_t number);
  void tick();

  // Runs a coroutine of the verbs to its end.
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> out;
    boost::asio::co_spawn(io, keep(std::move(work), out), [](const std::exception_ptr& error) {
      CERTRELAY_CHECK(error == nullptr);
    });
    testing::run_ready(io);
    return std::move(out).value();
  }
  template <class T>
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& out) {
    out.emplace(co_await std::move(work));
  }

  std::vector<std::string> spooled() { return files.list("/s/spool").value(); }
  static std::string path_of(const ExtractId& id) { return "/v1/extracts/" + id.text(); }
  static std::string problem_of(const HttpAnswer& answer);

  boost::asio::io_context io;
  FeederKey key;
  FeederVerifier verifier;
  testing::MemoryLedger ledger;
  testing::MemoryHandOvers hand_overs;
  std::unique_ptr<SealedRegister> reg;
  // What the vault's wiring has an Erasure do.
  std::function<boost::asio::awaitable<Result<void>>()> end_numbers;
  RegistryVerbs verbs;
};

sample::Extract generation(std::uint64_t number, std::size_t households = 60);

}  // namespace certrelay
