#include "firmware/daemon/open_vault.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>

#include "firmware/daemon/or_abort.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/identity/reasons.hpp"

namespace certrelay {

void OpenVault::reload() {
  asio::co_spawn(registry_builder_, or_abort(reload_all()), asio::detached);
}

asio::awaitable<void> OpenVault::reload_all() {
  co_await reload_cards();
  co_await reload_answer_keys();
  co_await reload_forms();
}

Result<std::vector<CrlMark>> OpenVault::load_cards_again() {
  try {
    CERTRELAY_TRY(auto next, CardVerifier::load(read_card_files(config_)));
    return cards_->replace(std::move(next), seams_.clock.utc_now());
  } catch (const StartFailure& failure) {  // a file that cannot be read
    std::fprintf(stderr, "certrelayd: reload: %s\n", failure.what());
    return Error{ErrorCode::kCardStatusUnknown, "card: a file cannot be read"};
  }
}

asio::awaitable<void> OpenVault::reload_cards() {
  const auto marks = load_cards_again();
  if (!marks) {
    const auto& error = marks.error();
    std::fprintf(stderr, "certrelayd: reload: card roots and lists stay as they were: %s (%s)\n",
                 std::string(reason_text(error.code)).c_str(), std::string(error.where).c_str());
    Entry refused;
    refused.kind = EntryKind::kCrlLoaded;
    refused.reason = error.code;
    (void)co_await ledger_->append(std::move(refused));  // health shows a ledger that is lost
    co_return;
  }
  for (const auto& mark : marks.value()) {
    (void)co_await ledger_->append(crl_loaded_entry(mark));
  }
  std::fprintf(stderr, "certrelayd: reload: card roots and lists are in force (%zu newer)\n",
               marks.value().size());
}

// All of them or none: a file that does not open leaves every listener with the key that it has.
asio::awaitable<void> OpenVault::reload_answer_keys() {
  const std::array files{std::pair{"keys.answer_key", &config_.keys.answer_key},
                         std::pair{"keys.admin_answer_key", &config_.keys.admin_answer_key},
                         std::pair{"keys.registry_answer_key", &config_.keys.registry_answer_key}};
  const std::array keys{&answer_key_, &admin_key_, &registry_key_};
  std::vector<AnswerKey> next;
  try {
    for (const auto& [name, path] : files) next.push_back(open_answer_key(config_, name, *path));
  } catch (const StartFailure& failure) {
    std::fprintf(stderr, "certrelayd: reload: the answer keys stay as they were: %s\n",
                 failure.what());
    co_return;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (next[i].keyid() == keys[i]->keyid()) continue;
    Entry loaded;
    loaded.kind = EntryKind::kConfigurationLoaded;
    loaded.artifact_sha256 = sha256(next[i].spki());
    (void)co_await ledger_->append(std::move(loaded));  // health shows a ledger that is lost
    keys[i]->replace(next[i]);
    std::fprintf(stderr, "certrelayd: reload: %s is in force (%s)\n", files[i].first,
                 next[i].keyid().c_str());
  }
}

std::optional<Forms> OpenVault::changed_forms() {
  try {
    auto next = open_forms(config_, fonts_);
    if (next.digest != forms_digest_) return next;
  } catch (const StartFailure& failure) {
    std::fprintf(stderr, "certrelayd: reload: the forms stay as they were: %s\n", failure.what());
  }
  return std::nullopt;
}

// A new era, an acting mayor, another seal or sentence: all forms or none, each printed as a
// specimen and read back before it is in force.
asio::awaitable<void> OpenVault::reload_forms() {
  auto next = changed_forms();
  if (!next) co_return;
  Entry loaded;
  loaded.kind = EntryKind::kConfigurationLoaded;
  loaded.artifact_sha256 = next->digest;
  (void)co_await ledger_->append(std::move(loaded));  // health shows a ledger that is lost
  kit_.replace(next->kit);
  forms_digest_ = next->digest;
  std::fprintf(stderr, "certrelayd: reload: the forms are in force (%s)\n",
               to_hex(next->digest).c_str());
}

}  // namespace certrelay
