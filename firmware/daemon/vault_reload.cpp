#include "firmware/daemon/open_vault.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/or_abort.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/identity/reasons.hpp"

namespace certrelay {

void OpenVault::reload(Digest wanted, std::string text, std::function<void(const Digest&)> done) {
  asio::co_spawn(registry_builder_, or_abort(reload_all(wanted, std::move(text), std::move(done))),
                 asio::detached);
}

asio::awaitable<void> OpenVault::reload_all(Digest wanted, std::string text,
                                            std::function<void(const Digest&)> done) {
  co_await reload_configuration(wanted, text);
  co_await reload_cards();
  co_await reload_answer_keys();
  co_await reload_feeder_keys();
  done(config_now()->digest);
}

namespace {

LogLine cards_kept(ErrorCode code) {
  auto out = kept_line("cards", "card roots and lists stay as they were: ");
  out.with("error", static_cast<int>(code));
  return out;
}

}  // namespace

// What keeps them as they were is said here, once.
Result<std::vector<CrlMark>> OpenVault::load_cards_again() {
  try {
    auto next = CardVerifier::load(read_card_files(config_));
    auto marks = next ? cards_->replace(std::move(next).value(), seams_.clock.utc_now())
                      : Result<std::vector<CrlMark>>(next.error());
    if (marks) return marks;
    const auto& error = marks.error();
    cards_kept(error.code)
        .say(LogDetail::own(reason_text(error.code)))
        .say(" (")
        .say(LogDetail::place(error))
        .say(")")
        .write();
    return marks;
  } catch (const StartFailure& failure) {  // a file that cannot be read
    cards_kept(ErrorCode::kCardStatusUnknown).say(failure).write();
    return Error{ErrorCode::kCardStatusUnknown, "card: a file cannot be read"};
  }
}

asio::awaitable<void> OpenVault::reload_cards() {
  const auto marks = load_cards_again();
  if (!marks) {
    Entry refused;
    refused.kind = EntryKind::kCrlLoaded;
    refused.reason = marks.error().code;
    (void)co_await ledger_->append(std::move(refused));  // health shows a ledger that is lost
    co_return;
  }
  for (const auto& mark : marks.value()) {
    (void)co_await ledger_->append(crl_loaded_entry(mark));
  }
  LogLine(LogLevel::kNotice, "reload")
      .say("reload: card roots and lists are in force (")
      .say(marks.value().size())
      .say(" newer)")
      .with("part", "cards")
      .with("outcome", "in_force")
      .with("newer", marks.value().size())
      .write();
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
    log_kept("answer_keys", "the answer keys stay as they were: ", failure);
    co_return;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (next[i].keyid() == keys[i]->keyid()) continue;
    Entry loaded;
    loaded.kind = EntryKind::kConfigurationLoaded;
    loaded.artifact_sha256 = sha256(next[i].spki());
    (void)co_await ledger_->append(std::move(loaded));  // health shows a ledger that is lost
    keys[i]->replace(next[i]);
    LogLine(LogLevel::kNotice, "reload")
        .say("reload: ")
        .say(LogDetail::own(files[i].first))
        .say(" is in force (")
        .say(LogDetail::own(next[i].keyid()))
        .say(")")
        .with("part", LogDetail::own(files[i].first))
        .with("outcome", "in_force")
        .with("key", LogDetail::own(next[i].keyid()))
        .write();
  }
}

namespace {

std::optional<FeederVerifier> feeder_keys_again(const Config& config) {
  try {
    return open_feeder_keys(config);
  } catch (const StartFailure& failure) {
    log_kept("feeder_keys", "the source system's keys stay as they were: ", failure);
    return std::nullopt;
  }
}

}  // namespace

asio::awaitable<void> OpenVault::reload_feeder_keys() {
  const auto next = feeder_keys_again(*config_now());
  if (!next || next->identity() == feeder_keys_.identity()) co_return;
  Entry loaded;
  loaded.kind = EntryKind::kConfigurationLoaded;
  loaded.artifact_sha256 = next->identity();
  (void)co_await ledger_->append(std::move(loaded));  // health shows a ledger that is lost
  feeder_keys_.replace(*next);
  LogLine(LogLevel::kNotice, "reload")
      .say("reload: keys.feeder_public_key is in force")
      .with("part", "feeder_keys")
      .with("outcome", "in_force")
      .write();
}

}  // namespace certrelay
