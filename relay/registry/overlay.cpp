#include "relay/registry/overlay.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "protocol/extract/card_table.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kLogLabel = "certrelay overlay v1";
constexpr std::string_view kAddedLabel = "certrelay added keys v1";
constexpr std::string_view kChangeLabel = "certrelay change record v1";

// A row of the log of keys; the caller wipes it.
Bytes row_of(std::uint64_t row, const Key256& key) {
  ByteWriter out;
  out.u64(row);
  out.raw(key.reveal());
  return std::move(out).take();
}

}  // namespace

std::size_t Overlay::BlindHash::operator()(const Blind& blind) const {
  std::size_t out = 0;
  std::memcpy(&out, blind.data(), sizeof out);
  return out;
}

Overlay::Overlay(const Env& env, std::shared_ptr<const Generation> base)
    : env_(env), base_(std::move(base)) {}

Result<std::shared_ptr<Overlay>> Overlay::create(const Env& env, const Place& place,
                                                 std::shared_ptr<const Generation> base,
                                                 const RootRef& root, const Key256& key,
                                                 const ContactFrame& contact,
                                                 const std::vector<Hold>& holds) {
  auto out = std::make_shared<Overlay>(env, std::move(base));
  const auto generation = out->base_->version().generation;
  CERTRELAY_TRY(out->log_, SealedLog::create(*env.files, *env.entropy, place.log,
                                             {kLogLabel, generation}, Key256(key.reveal())));
  CERTRELAY_TRY(out->added_,
                SealedLog::create(*env.files, *env.entropy, place.added, {kAddedLabel, root.epoch},
                                  Key256(root.key->reveal())));
  out->turn_key_ = random_key(*env.entropy);
  auto rows = row_of(kTurnKeyRow, *out->turn_key_);  // so that an emptied file shows, too
  const auto written = out->added_->append(rows, {});
  wipe(rows);
  if (!written) return written.error();
  CERTRELAY_TRY(out->append(contact));
  for (const auto& hold : holds) {
    CERTRELAY_TRY(out->append(HoldFrame{hold.person, hold.household, true, hold.reason}));
  }
  return out;
}

Result<std::shared_ptr<Overlay>> Overlay::open(const Env& env, const Place& place,
                                               std::shared_ptr<const Generation> base,
                                               const RootRef& root, const Key256& key) {
  auto out = std::make_shared<Overlay>(env, std::move(base));
  const auto generation = out->base_->version().generation;
  const auto added = [&](const SealedLog::Frame& frame) { return out->visit_added(frame); };
  CERTRELAY_TRY(out->added_,
                SealedLog::open(*env.files, *env.entropy, place.added, env.rule,
                                {kAddedLabel, root.epoch}, Key256(root.key->reveal()), 1, added));
  if (!out->turn_key_) return Error{ErrorCode::kStoreCorrupt, "overlay: the turn's key"};
  const auto visit = [&](const SealedLog::Frame& frame) { return out->visit(frame); };
  CERTRELAY_TRY(out->log_, SealedLog::open(*env.files, *env.entropy, place.log, env.rule,
                                           {kLogLabel, generation}, Key256(key.reveal()),
                                           place.frames, visit));
  return out;
}

Bytes Overlay::context(std::uint64_t sequence, std::uint64_t person) const {
  ByteWriter out;
  out.raw(kChangeLabel);
  out.u8(0);
  out.u64(base_->version().generation);
  out.u64(sequence);
  out.u64(person);
  return std::move(out).take();
}

Result<Key256> Overlay::key_of(std::uint64_t person) const {
  {
    const std::shared_lock guard(mutex_);
    const auto found = added_keys_.find(person);
    if (found != added_keys_.end()) return Key256(found->second.reveal());
  }
  return base_->key_of(person_of(person));
}

std::vector<Overlay::Blind> Overlay::blinds_of(const StoredPerson& stored) const {
  std::vector<Blind> out;
  out.reserve(stored.cards.size());
  for (const auto& card : stored.cards) {
    out.push_back(blinded(base_->contents().index_keys, card));
  }
  return out;
}

Result<void> Overlay::visit_added(const SealedLog::Frame& frame) {
  ByteReader in(frame.meta);
  while (!in.at_end()) {
    CERTRELAY_TRY(const auto person, in.u64());
    CERTRELAY_TRY(const auto key, in.raw(sizeof(Key256)));
    if (person == kTurnKeyRow) {
      turn_key_ = Key256(key);
    } else {
      added_keys_.insert_or_assign(person, Key256(key));
    }
  }
  keys_made_ = added_keys_.size();
  return ok();
}

// A record whose key is gone was erased: it stays closed, and its cards lead nowhere.
Result<void> Overlay::visit(const SealedLog::Frame& sealed) {
  CERTRELAY_TRY(const auto frame, decode_overlay_frame(sealed.meta));
  if (const auto* change = std::get_if<ChangeFrame>(&frame)) {
    std::vector<Indexed> records;
    std::size_t at = 0;
    for (const auto& person : change->persons) {
      records.emplace_back();
      if (person.size == 0) continue;
      if (person.size > sealed.tail.size() - at) {
        return Error{ErrorCode::kStoreCorrupt, "overlay: tail"};
      }
      const auto blob = ByteView(sealed.tail).subspan(at, person.size);
      at += person.size;
      auto key = key_of(person.person);
      if (!key && key.error().code == ErrorCode::kUnknownPerson) continue;
      CERTRELAY_TRY(const auto usable, std::move(key));
      CERTRELAY_TRY(auto clear,
                    open_sealed(usable, context(change->sequence, person.person), blob));
      const auto stored = decode_stored_person(clear);
      wipe(clear);
      CERTRELAY_TRY(const auto whole, stored);
      records.back() = {blinds_of(whole), whole.number.has_value()};
    }
    take(*change, sealed.tail_at, records);
    return ok();
  }
  if (const auto* contact = std::get_if<ContactFrame>(&frame)) take(*contact);
  if (const auto* announced = std::get_if<AnnouncedFrame>(&frame)) take(*announced);
  if (const auto* hold = std::get_if<HoldFrame>(&frame)) take(*hold);
  if (const auto* scheduled = std::get_if<ScheduledFrame>(&frame)) take(*scheduled);
  return ok();
}

void Overlay::count_quarantine(std::uint64_t household, std::uint64_t sequence, bool closed) {
  auto& history = quarantined_[household];
  const bool before = !history.empty() && history.back().set;
  history.push_back({edition_, closed});
  if (closed && !before) ++feed_.quarantined;
  if (!closed && before) --feed_.quarantined;
  if (closed) {
    closed_by_[household].push_back(sequence);
  } else {
    closed_by_.erase(household);
  }
}

void Overlay::take(const ChangeFrame& frame, std::uint64_t tail_at,
                   const std::vector<Indexed>& records) {
  const std::unique_lock guard(mutex_);
  ++edition_;
  std::uint64_t offset = tail_at;
  for (std::size_t i = 0; i < frame.persons.size(); ++i) {
    const auto& person = frame.persons[i];
    PersonState state{PersonState::Kind::kDeleted, frame.sequence, 0, 0};
    if (person.size > 0) {
      state = {PersonState::Kind::kRecord, frame.sequence, offset, person.size,
               records[i].numbered};
      offset += person.size;
      for (const auto& blind : records[i].cards) cards_.insert_or_assign(blind, person.person);
      records_ += records[i].cards.size();
    }
    if (base_->contents().numbers == IndividualNumbers::kHeld) {
      if (state.numbered) {
        numberless_.erase(person.person);
      } else {
        numberless_.insert(person.person);
      }
    }
    persons_[person.person].push_back({edition_, state});
    ++records_;
  }
  for (const auto person : frame.changed) {
    const auto hold = holds_.find(person);
    if (hold != holds_.end()) hold->second.history.push_back({edition_, false});
  }
  for (const auto household : frame.touched) touched_[household] = edition_;
  for (const auto household : frame.closed) count_quarantine(household, frame.sequence, true);
  for (const auto household : frame.reopened) count_quarantine(household, frame.sequence, false);
  records_ += frame.closed.size() + frame.touched.size();
  feed_.sequence = frame.sequence;
  feed_.announced = std::max(feed_.announced, frame.sequence);
  feed_.last_contact = std::max(feed_.last_contact, frame.sent_at);
  feed_.complete_until = UtcTime{};  // a change came: the promise was withdrawn
  feed_.fed = true;
  acknowledged_.resize(frame.sequence);
  acknowledged_.back() = {frame.in_force_at, frame.acknowledgement};
  const auto& mark = frame.mark;
  marks_.resize(frame.sequence);
  marks_.back() = {static_cast<std::uint32_t>(mark_rows_.size()),
                   static_cast<std::uint32_t>(mark.keys.size()), mark.key_check, mark.body};
  mark_rows_.insert(mark_rows_.end(), mark.keys.begin(), mark.keys.end());
}

void Overlay::take(const ContactFrame& frame) {
  const std::unique_lock guard(mutex_);
  feed_.last_contact = std::max(feed_.last_contact, frame.sent_at);
  feed_.complete_until = frame.complete_until;
  feed_.fed = feed_.fed || frame.fed;
}

void Overlay::take(const AnnouncedFrame& frame) {
  const std::unique_lock guard(mutex_);
  feed_.announced = std::max(feed_.announced, frame.sequence);
}

void Overlay::take(const ScheduledFrame& frame) {
  const std::unique_lock guard(mutex_);
  ++records_;
  feed_.scheduled.push_back(frame);
}

void Overlay::take(const HoldFrame& frame) {
  const std::unique_lock guard(mutex_);
  ++edition_;
  ++records_;
  auto& hold = holds_[frame.person];
  hold.history.push_back({edition_, frame.held});
  hold.household = frame.household;
  hold.reason = frame.reason;
  touched_[frame.household] = edition_;
}

Result<void> Overlay::check_room(std::size_t records) const {
  const std::shared_lock guard(mutex_);
  if (acknowledged_.size() >= env_.limits.changes_max ||
      records_ + records > env_.limits.records_max) {
    return Error{ErrorCode::kOverlayFull, "overlay"};
  }
  return ok();
}

// One frame for all keys of a change; a key whose change never came is nobody's yet.
Result<void> Overlay::ensure_keys(std::vector<StoredPerson>& records) {
  std::vector<std::pair<std::uint64_t, Key256>> fresh;
  for (auto& record : records) {
    const auto person = to_number(record.person.person);
    CERTRELAY_TRY(const bool number, needs_number_key(record));
    if (number) fresh.emplace_back(number_key_of(person), random_key(*env_.entropy));
    const auto known = key_of(person);
    if (known) continue;
    if (known.error().code != ErrorCode::kUnknownPerson) return known.error();
    fresh.emplace_back(person, random_key(*env_.entropy));
  }
  if (fresh.empty()) return ok();
  ByteWriter out;
  for (const auto& [person, key] : fresh) {
    out.u64(person);
    out.raw(key.reveal());
  }
  auto clear = std::move(out).take();
  const auto written = added_->append(clear, {});
  wipe(clear);
  if (!written) return written.error();
  const std::unique_lock guard(mutex_);
  for (auto& [person, key] : fresh) added_keys_.insert_or_assign(person, std::move(key));
  keys_made_ += fresh.size();
  return ok();
}

Result<Overlay::AddedKeys> Overlay::copy_added(const std::string& path, const RootRef& root,
                                               const std::vector<std::uint64_t>& without) const {
  auto turn_key = random_key(*env_.entropy);
  ByteWriter out;
  out.u64(kTurnKeyRow);
  out.raw(turn_key.reveal());
  {
    const std::shared_lock guard(mutex_);
    for (const auto& [person, key] : added_keys_) {
      if (std::binary_search(without.begin(), without.end(), person)) continue;
      out.u64(person);
      out.raw(key.reveal());
    }
  }
  auto clear = std::move(out).take();
  CERTRELAY_TRY(auto log, SealedLog::create(*env_.files, *env_.entropy, path,
                                            {kAddedLabel, root.epoch}, Key256(root.key->reveal())));
  const auto written = log->append(clear, {});
  wipe(clear);
  if (!written) return written.error();
  return AddedKeys{std::move(log), std::move(turn_key)};
}

Result<void> Overlay::append(PlannedChange plan, ChangeFrame frame, ByteView body) {
  std::vector<Indexed> records;
  std::size_t wanted = plan.closed.size() + plan.touched.size() + plan.deleted.size();
  for (const auto& record : plan.records) {
    records.push_back({blinds_of(record), false});
    wanted += 1 + records.back().cards.size();
  }
  CERTRELAY_TRY(check_room(wanted));
  CERTRELAY_TRY(ensure_keys(plan.records));
  frame.changed = plan.changed;
  frame.touched = plan.touched;
  frame.closed = plan.closed;
  frame.reopened = plan.reopened;
  Bytes tail;
  std::vector<std::uint64_t> told;  // rows of keys
  for (std::size_t i = 0; i < plan.records.size(); ++i) {
    auto& record = plan.records[i];
    const auto person = to_number(record.person.person);
    CERTRELAY_TRY(const auto key, key_of(person));
    if (std::binary_search(plan.described.begin(), plan.described.end(), person)) {
      told.push_back(person);
      if (record.person.individual_number) told.push_back(number_key_of(person));
    }
    CERTRELAY_TRY(seal_number_of(record));
    records[i].numbered = record.number.has_value();
    auto clear = encode(record);
    const auto sealed = seal(key, context(frame.sequence, person), clear, *env_.entropy);
    wipe(clear);
    frame.persons.push_back({person, static_cast<std::uint32_t>(sealed.size())});
    tail.insert(tail.end(), sealed.begin(), sealed.end());
  }
  for (const auto person : plan.deleted) {
    frame.persons.push_back({person, 0});
    records.emplace_back();
  }
  if (plan.others) told.push_back(kTurnKeyRow);
  CERTRELAY_TRY(frame.mark, mark(frame.sequence, std::move(told), body));
  CERTRELAY_TRY(const auto tail_at, log_->append(encode(OverlayFrame(frame)), tail));
  take(frame, tail_at, records);
  return ok();
}

Result<void> Overlay::append(const ContactFrame& frame) {
  CERTRELAY_TRY(log_->append(encode(OverlayFrame(frame)), {}));
  take(frame);
  return ok();
}

Result<void> Overlay::append(const AnnouncedFrame& frame) {
  const auto written = log_->append(encode(OverlayFrame(frame)), {});
  take(frame);
  if (!written) return written.error();
  return ok();
}

Result<void> Overlay::append(const HoldFrame& frame) {
  CERTRELAY_TRY(check_room(1));
  CERTRELAY_TRY(log_->append(encode(OverlayFrame(frame)), {}));
  take(frame);
  return ok();
}

Result<void> Overlay::append(const ScheduledFrame& frame) {
  CERTRELAY_TRY(check_room(1));
  CERTRELAY_TRY(log_->append(encode(OverlayFrame(frame)), {}));
  take(frame);
  return ok();
}

}  // namespace certrelay
