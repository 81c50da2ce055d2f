// The part of SealedRegister that takes what comes after an extract: changes, heartbeats, holds.
#include <algorithm>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/block_scan.hpp"
#include "relay/registry/change_plan.hpp"
#include "relay/registry/coverage.hpp"
#include "relay/registry/findings.hpp"
#include "relay/registry/sealed_register.hpp"

namespace certrelay {
namespace {

UtcTime whole_seconds(UtcTime time) {
  return UtcTime(std::chrono::floor<std::chrono::seconds>(time));
}

HouseholdId household_of_number(std::uint64_t number) {
  return HouseholdId::parse(person_of(number).text()).value();
}

// Nobody knows whom a change names that did not come: from here on nothing is issued.
void announce(Overlay& overlay, std::uint64_t sequence) {
  if (overlay.feed().announced >= sequence) return;
  // In memory it holds in any case; a log that cannot be written refuses the next change too.
  static_cast<void>(overlay.append(AnnouncedFrame{sequence}).has_value());
}

}  // namespace

Result<ChangeOutcome> SealedRegister::change(const RegistryStatement& statement, ByteView body) {
  const std::lock_guard one_at_a_time(activation_);
  CERTRELAY_TRY(settle_turning());
  const auto overlay = this->overlay();
  if (overlay == nullptr) return Error{ErrorCode::kRegisterNotReady, "register: change"};
  if (statement.generation != overlay->base()->version().generation) {
    return Error{ErrorCode::kWrongGeneration, "register: change"};
  }
  const auto last = overlay->feed().sequence;
  if (statement.sequence == 0) return Error{ErrorCode::kMalformed, "register: change 0"};
  if (statement.sequence <= last) {
    return repeated_change(*overlay, statement.sequence, body);
  }
  if (statement.sequence > last + 1) {
    announce(*overlay, statement.sequence);
    return Error{ErrorCode::kChangeGap, "register: change"};
  }
  auto outcome = next_change(*overlay, statement, body);
  if (!outcome) announce(*overlay, statement.sequence);
  return outcome;
}

Result<ChangeOutcome> SealedRegister::repeated_change(const Overlay& overlay,
                                                      std::uint64_t sequence, ByteView body) const {
  const auto before = overlay.acknowledged(sequence);
  if (!before) return Error{ErrorCode::kStoreCorrupt, "register: change"};
  CERTRELAY_TRY(const auto repeat, overlay.compare(sequence, body));
  if (repeat == Overlay::Repeat::kErased) {
    return Error{ErrorCode::kAnswerGone, "register: change"};
  }
  if (repeat == Overlay::Repeat::kOther) {
    return Error{ErrorCode::kChangeConflict, "register: change"};
  }
  const RegisterVersion version{overlay.base()->version().generation, sequence};
  if (before->with_findings.empty()) {
    return ChangeOutcome{{version, before->in_force_at, {}, {}}, {}, true};
  }
  CERTRELAY_TRY(auto stored, decode_register_acknowledgement(before->with_findings));
  return ChangeOutcome{std::move(stored), {}, true};
}

Result<ChangeOutcome> SealedRegister::next_change(Overlay& overlay,
                                                  const RegistryStatement& statement,
                                                  ByteView body) {
  Diagnostics diagnostics;
  CERTRELAY_TRY(auto read, decode_change(body, diagnostics, overlay.base()->contents().numbers));
  const auto now = OverlaidRegister::now(this->overlay());
  PlannedChange plan;
  if (diagnostics.clean()) {
    // As at an import, and stored with the record: a restart finds the gates as they were.
    if (env_.print_check != nullptr) {
      close_unprintable(read.change.households, *env_.print_check, diagnostics);
    }
    CERTRELAY_TRY(plan, plan_change(*now, read, diagnostics));
  }
  if (!diagnostics.clean()) {
    CERTRELAY_TRY(plan, plan_quarantine(*now, read));
  }
  const auto in_force_at = whole_seconds(env_.clock->utc_now());
  ChangeOutcome out{{{statement.generation, statement.sequence},
                     in_force_at,
                     findings_of(diagnostics.rejections()),
                     findings_of(diagnostics.warnings())}};
  ChangeFrame frame{
      .sequence = statement.sequence, .sent_at = statement.sent_at, .in_force_at = in_force_at};
  const auto& said = out.acknowledgement;
  if (!said.quarantined.empty() || !said.warnings.empty()) {
    CERTRELAY_TRY(frame.acknowledgement, encode(said));
  }
  for (const auto household : plan.touched) out.touched.push_back(household_of_number(household));
  CERTRELAY_TRY(overlay.append(std::move(plan), std::move(frame), body));
  return out;
}

Result<void> SealedRegister::heartbeat(const RegistryStatement& statement,
                                       const std::optional<UtcTime>& complete_until) {
  const std::lock_guard one_at_a_time(activation_);
  CERTRELAY_TRY(settle_turning());
  const auto overlay = this->overlay();
  if (overlay == nullptr) return Error{ErrorCode::kRegisterNotReady, "register: heartbeat"};
  if (statement.generation != overlay->base()->version().generation) {
    return Error{ErrorCode::kWrongGeneration, "register: heartbeat"};
  }
  const auto until = complete_until.value_or(UtcTime{});
  const bool fits =
      !complete_until || (until > statement.sent_at && until - statement.sent_at <= kPromiseMax);
  if (!fits) return Error{ErrorCode::kPromiseInvalid, "register: heartbeat"};
  const auto feed = overlay->feed();
  if (statement.sequence > feed.sequence) announce(*overlay, statement.sequence);
  if (overlay->feed().gap()) return Error{ErrorCode::kChangeGap, "register: heartbeat"};
  if (statement.sequence < feed.sequence) {
    return Error{ErrorCode::kHeartbeatBehind, "register: heartbeat"};
  }
  return overlay->append(ContactFrame{statement.sent_at, until, true});
}

Result<std::vector<PutAsideChange>> SealedRegister::put_aside() const {
  std::vector<PutAsideChange> out;
  const auto overlay = this->overlay();
  if (overlay == nullptr) return out;
  for (const auto sequence : overlay->put_aside(kPutAsideMax)) {
    const auto kept = overlay->acknowledged(sequence);
    if (!kept) return Error{ErrorCode::kStoreCorrupt, "register: put aside"};
    CERTRELAY_TRY(auto said, decode_register_acknowledgement(kept->with_findings));
    auto& findings = said.quarantined;
    if (findings.size() > kPutAsideFindingsMax) findings.resize(kPutAsideFindingsMax);
    out.push_back({sequence, kept->in_force_at, std::move(findings)});
  }
  return out;
}

Result<ReconciliationAnswer> SealedRegister::reconcile(const ReconciliationRequest& request) const {
  const auto overlay = this->overlay();
  if (overlay == nullptr) return Error{ErrorCode::kRegisterNotReady, "register: reconcile"};
  return compare_blocks(*OverlaidRegister::now(overlay), *overlay, request);
}

Result<HeldSubject> SealedRegister::set_hold(const PersonId& person, std::string_view reason,
                                             bool held) {
  const std::lock_guard one_at_a_time(activation_);
  CERTRELAY_TRY(settle_turning());
  const auto overlay = this->overlay();
  if (overlay == nullptr) return Error{ErrorCode::kRegisterNotReady, "register: hold"};
  const auto now = OverlaidRegister::now(overlay);
  CERTRELAY_TRY(const auto stored, now->stored(person));
  CERTRELAY_TRY(const auto subject, now->pseudonym(person));
  if (!held && !overlay->held(to_number(person), now->version().edition)) {
    return Error{ErrorCode::kNotHeld, "register: release"};
  }
  const auto& household = stored.household.household;
  CERTRELAY_TRY(overlay->append(
      HoldFrame{to_number(person), to_number(household), held, std::string(reason)}));
  return HeldSubject{household, subject};
}

Result<HeldSubject> SealedRegister::hold(const PersonId& person, std::string_view reason) {
  return set_hold(person, reason, true);
}

Result<HeldSubject> SealedRegister::release(const PersonId& person) {
  return set_hold(person, {}, false);
}

std::vector<Overlay::Hold> SealedRegister::holds() const {
  const auto overlay = this->overlay();
  return overlay == nullptr ? std::vector<Overlay::Hold>() : overlay->holds();
}

}  // namespace certrelay
