// Security keys: what they are to sign, a new one, and its two actions (docs/decisions/0073).
#include "relay/operators/operator_entries.hpp"
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::minutes kChallengeLife{5};
constexpr std::chrono::minutes kOfferLife{10};
constexpr std::string_view kKeyParameter = "key";

HttpAnswer json_answer(Bytes body) {
  return {
      200, {{"content-type", "application/json"}, {"cache-control", "no-store"}}, std::move(body)};
}

// One key is one person's.
bool is_known(const OperatorBook& book, const SecurityKey& key) {
  for (const auto& account : book.accounts) {
    for (const auto& known : account.login.keys) {
      if (known.spki == key.spki || known.credential_id == key.credential_id) return true;
    }
  }
  return false;
}

}  // namespace

// For whoever the connection names, logged in or not: who has the certificate learns the ids of the
// own keys, which say nothing.
OperatorVerbs::Answering OperatorVerbs::offer_challenge(Who who) {
  if (settings_.host.empty()) co_return co_await refuse(std::move(who), ErrorCode::kNoSuchCall);
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  const auto recorded = co_await record_reading(who, "key.challenge", std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  const Digest value = random_bytes<32>(parts_.entropy);
  challenges_[who.account.name] = {value, parts_.clock.steady_now() + kChallengeLife};
  auto body = encode(KeyChallenge{value, settings_.host, known_keys(who.account)});
  if (!body) co_return operator_problem(body.error().code);
  co_return json_answer(std::move(body).value());
}

Result<Digest> OperatorVerbs::take_challenge(const OperatorName& name) {
  const auto found = challenges_.find(name);
  const Error none{ErrorCode::kCodeReplayed, "security key: no challenge"};
  if (found == challenges_.end()) return none;
  const auto offered = found->second;
  challenges_.erase(found);
  if (parts_.clock.steady_now() >= offered.until) return none;
  return offered.value;
}

OperatorVerbs::Answering OperatorVerbs::register_key(const RequestFrame& frame, Who who) {
  constexpr std::string_view kVerb = "key.offer";
  const auto decoded = decode_key_registration(frame.request.body);
  if (!decoded) co_return co_await refuse_login(std::move(who), kVerb, decoded.error().code);
  const auto challenge = take_challenge(who.account.name);
  if (!challenge) co_return co_await refuse_login(std::move(who), kVerb, challenge.error().code);
  const auto made = verify_registration(
      settings_.host, challenge.value(), decoded.value().client_data,
      decoded.value().attestation_object, UtcTime(std::chrono::floor<std::chrono::seconds>(now())));
  if (!made) co_return co_await refuse_login(std::move(who), kVerb, made.error().code);
  if (is_known(book(), made.value())) {
    co_return co_await refuse_login(std::move(who), kVerb, ErrorCode::kOperatorExists);
  }
  if (who.account.login.keys.size() >= kKnownKeysMax) {
    co_return co_await refuse_login(std::move(who), kVerb, ErrorCode::kLimitExceeded);
  }
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  const auto recorded = co_await record_reading(who, kVerb, std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  auto body = encode(KeyOffer{made.value().keyid()});
  if (!body) co_return operator_problem(body.error().code);
  offered_keys_.insert_or_assign(who.account.name,
                                 OfferedKey{made.value(), parts_.clock.steady_now() + kOfferLife});
  co_return json_answer(std::move(body).value());
}

Result<SecurityKey> OperatorVerbs::offered_key(const OperatorAction& action) const {
  const auto found = offered_keys_.find(action.proposer);
  const bool there = found != offered_keys_.end() &&
                     parts_.clock.steady_now() < found->second.until &&
                     found->second.key.keyid() == parameter_of(action.parameters, kKeyParameter);
  if (!there) return Error{ErrorCode::kNoEnrolment, "security key: not offered"};
  return found->second.key;
}

void OperatorVerbs::add_key_rows() {
  add({.code = kAddKeyAction,
       .parameters = {kKeyParameter},
       .check = [this](const OperatorAction& action) -> Result<void> {
         CERTRELAY_TRY(offered_key(action));
         return ok();
       },
       .carry_out =
           CarryOutOrder([this](PersonalOrder order) { return add_key(std::move(order)); })});
  add({.code = kRemoveKeyAction,
       .parameters = {kKeyParameter},
       .carry_out =
           CarryOutOrder([this](PersonalOrder order) { return remove_key(std::move(order)); })});
}

ActionResult OperatorVerbs::add_key(PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(auto key, offered_key(ordered.action));
  if (is_known(book(), key)) co_return Error{ErrorCode::kOperatorExists, "security key"};
  auto next = book();
  auto& keys = next.find(ordered.action.proposer)->login.keys;
  if (keys.size() >= kKnownKeysMax) co_return Error{ErrorCode::kLimitExceeded, "security keys"};
  keys.push_back(std::move(key));
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  offered_keys_.erase(ordered.action.proposer);
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kLogInChanged, ordered)));
  co_return "セキュリティキーを登録しました。";
}

ActionResult OperatorVerbs::remove_key(PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  const auto keyid = parameter_of(ordered.action.parameters, kKeyParameter);
  auto next = book();
  auto& keys = next.find(ordered.action.proposer)->login.keys;
  const auto gone =
      std::erase_if(keys, [&](const SecurityKey& key) { return key.keyid() == keyid; });
  if (gone == 0) co_return Error{ErrorCode::kNothingToDo, "security key: not there"};
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kLogInChanged, ordered)));
  co_await end_session(ordered.action.proposer, ErrorCode::kSessionStale);
  co_return "セキュリティキーの登録を取り消しました。";
}

}  // namespace certrelay
