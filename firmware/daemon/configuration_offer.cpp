// SIGHUP, the parent's part: the file as it is now is offered to the vault, one offer at a time.
// The vault's part is vault_reload_offer.cpp.
#include <utility>

#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "firmware/daemon/supervisor.hpp"
#include "firmware/daemon/text_in_memory.hpp"

namespace certrelay {

// None: the file is none that a running relay could take.
std::optional<Config> Supervisor::read_candidate() const {
  try {
    auto candidate = load_config(config_.file);
    if (candidate.fixed == config_.fixed) return candidate;
  } catch (const StartFailure& failure) {
    log_kept("configuration", "the configuration stays as it was: ", failure);
    return std::nullopt;
  }
  kept_line("configuration", "the configuration stays as it was: ")
      .say(LogDetail::own(config_.file))
      .say(" differs in what a running relay cannot take over; restart the whole relay")
      .write();
  return std::nullopt;
}

// With a file that cannot be taken the other files are read again all the same. A vault that is
// still starting may have read them already, so it is told once it has started.
void Supervisor::offer_if_wanted() {
  const Child& vault = children_.front();
  if (!offer_wanted_ || offered_ || vault.pid < 0 || !vault.ready || !vault.control.valid()) return;
  auto candidate = read_candidate().value_or(config_);
  const auto text = text_in_memory(candidate.text);
  // A vault that is just dying makes this fail: the next one is told.
  if (!text.valid() ||
      !send_control(vault.control.get(), ControlKind::kReload, candidate.digest, text.get())) {
    return;
  }
  offer_wanted_ = false;
  offered_ = std::move(candidate);
}

void Supervisor::end_offer(const Digest& in_force) {
  auto answered = std::exchange(offered_, std::nullopt);
  if (answered && answered->digest == in_force) config_ = std::move(*answered);
  for (auto& child : children_) child.look_again = !child.name.is_vault();
}

// The vault has ended. The next one starts on what is in force: what it was just offered may have
// been its end.
void Supervisor::give_up_offer() {
  if (!std::exchange(offered_, std::nullopt) || offer_wanted_) return;
  kept_line("configuration",
            "the configuration stays as it was: the vault ended while it took what changed; send "
            "the signal again")
      .write();
}

}  // namespace certrelay
