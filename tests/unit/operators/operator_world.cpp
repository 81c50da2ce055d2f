#include "tests/unit/operators/operator_world.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay::testing {
namespace {

constexpr const char* kPath = "/s/operators.sealed";

}  // namespace

boost::asio::awaitable<Result<LedgerSequence>> ListLedger::append(Entry entry, Guard guard) {
  if (before_append) std::exchange(before_append, {})();
  if (!writable) co_return Error{ErrorCode::kLedgerNotWritable, "list ledger"};
  if (guard) {
    const auto allowed = guard();
    if (!allowed) co_return allowed.error();
  }
  entry.sequence = LedgerSequence(entries.size() + 1);
  EXPECT_TRUE(encode(entry).has_value());
  entries.push_back(std::move(entry));
  co_return LedgerSequence(entries.size());
}

LedgerHealth ListLedger::health() const {
  LedgerHealth out;
  out.writable = writable;
  out.clock_doubted = clock_doubted;
  return out;
}

std::vector<EntryKind> ListLedger::kinds() const {
  std::vector<EntryKind> out;
  for (const auto& entry : entries) out.push_back(entry.kind);
  return out;
}

std::string Person::client_keyid() const {
  const auto pin = from_base64(application.client_key).value();
  return to_base64url(ByteView(pin).first(16));
}

PeerName Person::at(std::string_view terminal) const {
  return PeerName::parse(client_keyid() + "@" + std::string(terminal)).value();
}

SignedApplication Person::signed_application() const {
  const auto bytes = application_bytes(OperatorWorld::municipality(), application);
  return {application, key.sign(bytes).value().signature};
}

Person make_person(const std::string& name, std::string_view roles, std::string_view affiliation,
                   std::string_view ends_on) {
  auto key = ApprovalKey::generate().value();
  OperatorApplication application{OperatorName::parse(name).value(),
                                  std::string(affiliation),
                                  std::string(roles),
                                  std::string(ends_on),
                                  to_base64(sha256("client key of " + name)),
                                  to_base64(key.spki())};
  return {std::move(key), std::move(application)};
}

// The least that Argon2 takes: the product's cost has its own test.
OperatorSettings OperatorWorld::default_settings() {
  return {.municipality = municipality(), .password_cost = {1, std::size_t{8} * 1024}};
}

OperatorWorld::OperatorWorld(OperatorSettings settings, std::vector<SignedApplication> further,
                             bool own_rows)
    : outer(random_key(entropy)),
      clerk(make_person("mihon-clerk", "clerk")),
      admin(make_person("mihon-admin", "city_administrator")),
      head(make_person("mihon-head", "center_head")),
      auditor(make_person("mihon-auditor", "auditor", "contractor", "2027-03-31")),
      vendor(make_person("mihon-vendor", "vendor", "subcontract", "2026-12-31")) {
  EXPECT_TRUE(files.make_folder("/s").has_value());
  std::vector<Operator> accounts;
  for (const auto* person : {&clerk, &admin, &head, &auditor, &vendor}) {
    further.push_back(person->signed_application());
  }
  for (const auto& application : further) {
    accounts.push_back(account_from(municipality(), application, clock.utc_now()).value());
  }
  store = OperatorStore::create(files, entropy, {kPath, municipality()}, outer, accounts).value();
  start(std::move(settings));
  if (own_rows) add_rows();
}

void OperatorWorld::start(OperatorSettings settings) {
  verbs.emplace(std::move(settings),
                OperatorParts{.clock = clock,
                              .ledger = ledger,
                              .store = *store,
                              .entropy = entropy,
                              .work = io.get_executor(),
                              .heavy = io.get_executor(),
                              .state = [] { return RelayState{}; },
                              .count_refusal = [](const PeerName&, ErrorCode) {}});
}

void OperatorWorld::restart(OperatorSettings settings) {
  files.power_cut();
  verbs.reset();
  store = OperatorStore::open(files, entropy, {kPath, municipality()}, outer, 0).value();
  start(std::move(settings));
  add_rows();
}

void OperatorWorld::add_rows() {
  verbs->add({.code = "alarm.clear",
              .parameters = {"alarm"},
              .carry_out = CarryOutApproval([this](Approval approval) -> ActionResult {
                if (clear_fails) co_return Error{*clear_fails, "test"};
                cleared.push_back(std::move(approval).spend());
                co_return "cleared";
              })});
  verbs->add({.code = "issuing.stop",
              .parameters = {},
              .carry_out = CarryOutOrder([this](PersonalOrder order) -> ActionResult {
                stopped.push_back(std::move(order).spend());
                co_return "stopped";
              })});
}

HttpAnswer OperatorWorld::call(const PeerName& peer, HttpMethod method, const std::string& path,
                               Bytes body, HttpHeaders headers) {
  HttpRequest request{method, path, std::move(headers), std::move(body)};
  if (method == HttpMethod::kPost) {
    request.headers.push_back({"content-digest", format_content_digest(sha256(request.body))});
  }
  RequestFrame frame{1, Role::kAdmin, peer, std::move(request)};
  std::optional<HttpAnswer> answer;
  boost::asio::co_spawn(io, verbs->handle(std::move(frame)),
                        [&](const std::exception_ptr& error, HttpAnswer got) {
                          EXPECT_EQ(error, nullptr);
                          answer = std::move(got);
                        });
  io.restart();
  run_ready(io);
  return answer.value();
}

OperatorAction OperatorWorld::action(const Person& proposer, std::string_view code,
                                     ActionParameters parameters) {
  const auto soon = std::chrono::floor<std::chrono::seconds>(clock.utc_now());
  return {ActionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy))).value(),
          proposer.name(),
          ActionCode::parse(code).value(),
          std::move(parameters),
          StatedReason::parse("見本: 帳票を確認したため").value(),
          soon + std::chrono::hours(1)};
}

ProposeRequest OperatorWorld::proposal(const Person& person, const OperatorAction& action) const {
  return {action, person.key.sign(action_bytes(municipality(), action)).value()};
}

HttpAnswer OperatorWorld::send(const PeerName& peer, const ProposeRequest& request) {
  return call(peer, HttpMethod::kPost, "/v1/actions", encode(request).value());
}

HttpAnswer OperatorWorld::approve(const Person& person, const OperatorAction& action) {
  const auto signature = person.key.sign(action_bytes(municipality(), action)).value();
  return call(person.at("terminal-2"), HttpMethod::kPost,
              "/v1/actions/" + action.id.text() + "/approval",
              encode(ApproveRequest{signature}).value());
}

HttpAnswer OperatorWorld::deny(const Person& person, const OperatorAction& action) {
  const auto reason = StatedReason::parse("見本: 確認できないため").value();
  const auto signature = person.key.sign(denial_bytes(municipality(), action.id, reason)).value();
  return call(person.at("terminal-2"), HttpMethod::kPost,
              "/v1/actions/" + action.id.text() + "/denial",
              encode(DenyRequest{reason, signature}).value());
}

void OperatorWorld::tick() {
  boost::asio::co_spawn(io, verbs->tick(),
                        [](const std::exception_ptr& error) { EXPECT_EQ(error, nullptr); });
  io.restart();
  run_ready(io);
}

std::string OperatorWorld::said(const HttpAnswer& answer) {
  if (const auto report = decode_action_report(answer.body)) {
    return std::string(to_text(report.value().state));
  }
  const auto problem = decode_problem(answer.body);
  return problem ? std::string(to_text(problem.value().code)) : "neither";
}

}  // namespace certrelay::testing
