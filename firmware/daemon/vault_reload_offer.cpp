// SIGHUP: the configuration as far as a running relay takes it, fonts, forms and the documents'
// key. All of it or nothing: what does not open, or does not pass the self-test, leaves everything
// as it was.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "firmware/daemon/build_id.hpp"
#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/open_vault.hpp"
#include "firmware/daemon/read_file.hpp"
#include "firmware/daemon/start_failure.hpp"

namespace certrelay {

struct OpenVault::NextOffer {
  std::shared_ptr<const Config> config;
  Digest fonts{};
  Digest documents{};
  std::shared_ptr<const RenderKit> kit;
  std::shared_ptr<const DocumentSealer> sealer;
};

// Of the files that the documents' key and certificate come from.
Digest digest_of_documents(const Config& config) {
  if (!config.documents) return {};
  const auto& section = *config.documents;
  auto all = read_configured_text("documents.certificate", section.certificate);
  if (!section.token) all += read_configured_text("documents.key", section.key);
  return sha256(all + section.label);
}

// Throws StartFailure.
OpenVault::NextOffer OpenVault::open_next(const Digest& wanted, const std::string& text) {
  NextOffer out{.config = config_now(), .fonts = {}, .documents = {}, .kit = {}, .sealer = {}};
  if (wanted != out.config->digest) {
    auto loaded = std::make_shared<const Config>(parse_config(config_.file, text));
    if (loaded->digest != wanted || loaded->fixed != config_.fixed) {
      throw StartFailure(config_.file + " changed while it was read", "send the signal again");
    }
    out.config = std::move(loaded);
  }
  auto fonts = open_fonts(*out.config);
  out.fonts = fonts.identity;
  out.kit = out.fonts == fonts_in_force_ ? issuance_.offer()->kit : kit_of(std::move(fonts));
  out.documents = digest_of_documents(*out.config);
  out.sealer = open_documents(*out.config, *out.kit, seams_.clock.utc_now());
  return out;
}

std::optional<OpenVault::NextOffer> OpenVault::try_open_next(const Digest& wanted,
                                                             const std::string& text) {
  try {
    return open_next(wanted, text);
  } catch (const StartFailure& failure) {
    log_kept("configuration", "the configuration stays as it was: ", failure);
    return std::nullopt;
  }
}

void OpenVault::take_next(NextOffer next) {
  issuance_.set_live_max(next.config->limits.transactions_live_max);
  access_watch_.set_hours(next.config->operators.work_hours);
  if (next.fonts != fonts_in_force_) print_check_.set_kit(next.kit);
  issuance_.set_offer({next.config->calendar, std::move(next.kit), std::move(next.sealer)});
  fonts_in_force_ = next.fonts;
  documents_in_force_ = next.documents;
  const std::lock_guard guard(config_mutex_);
  current_ = std::move(next.config);
}

asio::awaitable<void> OpenVault::record_configuration(Digest digest, ErrorCode reason) {
  Entry entry;
  entry.kind = EntryKind::kConfigurationLoaded;
  entry.flags = config_.demo ? kEntryDemo : 0;
  entry.reason = reason;
  entry.build = build_id();
  entry.artifact_sha256 = digest;
  (void)co_await ledger_->append(std::move(entry));  // health shows a ledger that is lost
}

asio::awaitable<void> OpenVault::reload_configuration(Digest wanted, const std::string& text) {
  auto next = try_open_next(wanted, text);
  if (!next) {
    co_await record_configuration(wanted, ErrorCode::kMalformed);
    co_return;
  }
  const bool other_fonts = next->fonts != fonts_in_force_;
  const bool other_file = next->config->digest != config_now()->digest;
  if (!other_file && !other_fonts && next->documents == documents_in_force_) co_return;
  if (other_fonts) {  // INV-12: nothing is printed with what was not tested
    auto testing = test_apart(next->config, next->kit);
    const auto tested =
        co_await asio::co_spawn(self_test_work_, std::move(testing), asio::use_awaitable);
    if (!tested.value()) {
      if (tested.value().error().code == ErrorCode::kVaultNotServing) co_return;  // nobody's fault
      const auto code = static_cast<int>(tested.value().error().code);
      kept_line("configuration",
                "the configuration stays as it was: the self-test failed with these fonts or forms "
                "(error ")
          .say(code)
          .say(")")
          .with("error", code)
          .write();
      co_await record_configuration(wanted, tested.value().error().code);
      co_return;
    }
  }
  // Recorded first: what is issued from then on was printed with it.
  co_await record_configuration(wanted, ErrorCode::kNone);
  take_next(std::move(*next));
  LogLine(LogLevel::kNotice, "reload")
      .say("reload: the configuration is in force (")
      .say(wanted)
      .say(")")
      .with("part", "configuration")
      .with("outcome", "in_force")
      .with("digest", wanted)
      .write();
}

}  // namespace certrelay
