// `certrelayctl extract push`: the source system hands an extract over, sealed to the vault.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "firmware/client/signed_exchange.hpp"
#include "firmware/ctl/push_source.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/registry_message.hpp"
#include "relay/keys/feeder_key.hpp"
#include "relay/keys/import_key.hpp"

namespace certrelay {

// Adds `push` to `certrelayctl extract`.
void add_push_command(CLI::App& extract, int& exit_code);

// What became of an activation: one of the two.
struct Activation {
  std::optional<RegisterAcknowledgement> in_force;  // now or at its time
  std::optional<ExtractReport> pending;             // two persons decide first; the wish is kept
};

// One push over one connection. The steps in their order; each refuses an answer that the vault
// did not sign, the import key above all. Errors of each: SignedExchange's; kRefusedByServer, then
// problem() says what; the decoders'. One thread.
class ExtractPush {
 public:
  using Progress = std::function<void(std::uint64_t sent_bytes, std::uint64_t all_bytes)>;

  // All must outlive it.
  ExtractPush(SignedExchange& exchange, const FeederKey& key, PushSource& source,
              const Clock& clock)
      : exchange_(&exchange), key_(&key), source_(&source), clock_(&clock) {}

  // Posts the signed manifest: the vault answers an import key made for this push alone.
  Result<ManifestAnswer> announce();
  // Seals and sends everything, at most 1 MiB a request, from the offset that the vault has after
  // every break. Errors: kWrongOffset when its offset lies outside the piece at hand.
  Result<void> send(const ManifestAnswer& announced, const Progress& progress);
  Result<ExtractReport> report(const ExtractId& id);
  Result<Activation> activate(const ExtractId& id, std::optional<UtcTime> at);
  // Takes it back: nothing of it stays with the register. Ok too when it is gone already.
  Result<void> discard(const ExtractId& id);

  // Of the last call; none unless it ended in kRefusedByServer.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  Result<HttpAnswer> call(HttpRequest request, std::initializer_list<int> wanted_status);
  Result<HttpAnswer> post_signed(std::string path, StatementKind kind, Bytes body,
                                 std::initializer_list<int> wanted_status);
  Result<Bytes> next_chunk(ImportSealer& sealer);
  Result<void> send_piece(const std::string& path, ByteView piece, std::uint64_t begin);
  Result<std::uint64_t> ask_offset(const std::string& path);
  UtcTime rising_now();

  SignedExchange* exchange_;
  const FeederKey* key_;
  PushSource* source_;
  const Clock* clock_;
  std::optional<Problem> problem_;
  std::uint64_t clear_left_ = 0;
  UtcTime last_sent_at_{};
};

}  // namespace certrelay
