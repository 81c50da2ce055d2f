#include "firmware/daemon/open_vault.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

ErrorCode inner_reason(FrontRefusal reason) {
  switch (reason) {
    case FrontRefusal::kHandshake:
      return ErrorCode::kHandshakeFailed;
    case FrontRefusal::kGate:
      return ErrorCode::kMalformed;
    case FrontRefusal::kShed:
      return ErrorCode::kTransactionsFull;
    case FrontRefusal::kTimeout:
      return ErrorCode::kConnectionEnded;
  }
  return ErrorCode::kInternal;
}

}  // namespace

VaultState OpenVault::state() const {
  const VaultState now = state_;
  return now == VaultState::kServing && decommissioned_ ? VaultState::kRetired : now;
}

asio::awaitable<HttpAnswer> OpenVault::answer_registry(RequestFrame frame) {
  const auto parts = RequestParts::of(frame.request);
  auto answer = co_await registry_.handle(std::move(frame));
  const auto signed_ok = sign_answer(answer, parts, registry_key_, seams_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());
  co_return answer;
}

asio::awaitable<HttpAnswer> OpenVault::answer_admin(RequestFrame frame) {
  const auto parts = RequestParts::of(frame.request);
  auto answer = co_await operators_->handle(std::move(frame));
  const auto signed_ok = sign_answer(answer, parts, admin_key_, seams_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());
  co_return answer;
}

// What no row of verb_table() allows: counted, signed like every answer of that listener, and no
// room has heard of it.
HttpAnswer OpenVault::refuse_verb(const RequestFrame& frame, ErrorCode reason) {
  if (frame.role == Role::kMonitoring) {
    constexpr std::string_view kText = "not found\n";
    return {404, {{"content-type", "text/plain"}}, Bytes(kText.begin(), kText.end())};
  }
  refusals_.count(frame.role, frame.peer, reason);
  const auto code =
      reason == ErrorCode::kNoSuchCall ? ProblemCode::kNotFound : ProblemCode::kOverloaded;
  auto answer = problem_answer({code, problem_text(code, ""), std::nullopt, ""});
  if (code == ProblemCode::kOverloaded) answer.headers.push_back({"retry-after", "2"});
  const auto& key = frame.role == Role::kCenter     ? answer_key_
                    : frame.role == Role::kRegistry ? registry_key_
                                                    : admin_key_;
  const auto signed_ok =
      sign_answer(answer, RequestParts::of(frame.request), key, seams_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());
  return answer;
}

asio::awaitable<HttpAnswer> OpenVault::answer(RequestFrame frame, SteadyTime received) {
  const auto& request = frame.request;
  const auto allowed = check_verb(frame.role, request.method, request.path, state());
  if (!allowed) co_return refuse_verb(frame, allowed.error().code);
  switch (frame.role) {
    case Role::kCenter:
      co_return co_await issuance_.handle(std::move(frame), received);
    case Role::kRegistry:
      co_return co_await answer_registry(std::move(frame));
    case Role::kMonitoring:
      co_return co_await monitor(std::move(frame));
    case Role::kAdmin:
      break;
  }
  if (!operators_) co_return refuse_verb(frame, ErrorCode::kNoSuchCall);
  co_return co_await answer_admin(std::move(frame));
}

// A session answers frames of its own role alone (front_session.cpp), each by its row.
FrontVerbs OpenVault::verbs(Role role) {
  FrontVerbs out{.answer = {},
                 .refused =
                     [this, role](const RefusalsFrame& refusals) {
                       refusals_.count(role, refusals.peer, inner_reason(refusals.reason),
                                       refusals.count);
                     },
                 .serving = [] { return true; }};
  // A machine whose end was ordered serves neither residents nor the source system (R19).
  if (role == Role::kRegistry) out.serving = [this] { return !decommissioned_.load(); };
  // And residents wait for the self-test (INV-12).
  if (role == Role::kCenter) {
    out.serving = [this] { return self_test_ == SelfTest::kPassed && !decommissioned_; };
  }
  // No accounts: the listener is not configured.
  if (role == Role::kAdmin && !operators_) out.serving = [] { return false; };
  out.answer = [this](RequestFrame frame, SteadyTime received) {
    return answer(std::move(frame), received);
  };
  return out;
}

}  // namespace certrelay
