// Goal: security keys in the vault: registered with the approval key's word, the second factor of a
// log-in, a person's signature under orders and approvals; a captured front can make none of it.
// Method: frames as a front would make them, a key in software.
#include <gtest/gtest.h>

#include "protocol/wire/content_digest.hpp"
#include "relay/operators/session_cookie.hpp"
#include "tests/support/software_security_key.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::KeySays;
using testing::OperatorWorld;
using testing::Person;
using testing::SoftwareSecurityKey;

constexpr std::string_view kGoodPassword = "correct horse 9";

struct KeyWorld : OperatorWorld {
  KeyWorld() : OperatorWorld(with_host()) {}
  static OperatorSettings with_host() {
    auto settings = default_settings();
    settings.host = "localhost";
    return settings;
  }

  HttpAnswer post(const Person& person, const std::string& path, Bytes body,
                  HttpHeaders headers = {}) {
    return call(person.at("terminal-1"), HttpMethod::kPost, path, std::move(body),
                std::move(headers));
  }
  KeyChallenge challenge(const Person& person) {
    return decode_key_challenge(post(person, "/v1/key-challenge", {}).body).value();
  }
  void set_password(const Person& person) {
    PasswordReset out{Password::parse(kGoodPassword).value(),
                      false,
                      UtcTime(std::chrono::floor<std::chrono::seconds>(clock.utc_now())),
                      {}};
    out.signature =
        person.key.sign(password_reset_bytes(municipality(), person.name(), out)).value();
    EXPECT_EQ(post(person, "/v1/password-reset", encode(out).value()).status, 204);
  }
  HttpAnswer log_in(const Person& person, std::optional<PersonalSignature> key = {}) {
    LoginRequest request{person.name(), Password::parse(kGoodPassword).value(), {}};
    request.key = std::move(key);
    return post(person, "/v1/login", encode(request).value());
  }
  HttpHeaders session_of(const HttpAnswer& answer) {
    HttpHeaders out;
    for (const auto& header : answer.headers) {
      if (header.name == "set-cookie") {
        out.push_back({"cookie", header.value.substr(0, header.value.find(';'))});
      }
    }
    const auto view = decode_session_view(answer.body).value();
    out.push_back({std::string(kCsrfHeader), view.csrf_token});
    return out;
  }
  HttpAnswer offer(const Person& person, const HttpHeaders& session,
                   const SoftwareSecurityKey& key) {
    return post(person, "/v1/security-keys", encode(key.make(challenge(person).challenge)).value(),
                session);
  }
  OperatorAction add_action(const Person& person, const std::string& keyid) {
    return action(person, "security_key.add", {{"key", keyid}});
  }
  // From no password to a registered key; its id.
  std::string enrol(const Person& person, const SoftwareSecurityKey& key) {
    set_password(person);
    const auto offered = offer(person, session_of(log_in(person)), key);
    EXPECT_EQ(offered.status, 200);
    const auto keyid = decode_key_offer(offered.body).value().keyid;
    EXPECT_EQ(said(propose(person, add_action(person, keyid))), "done");
    return keyid;
  }
  Digest bytes_of(const OperatorAction& what) { return sha256(action_bytes(municipality(), what)); }
  ProposeRequest by_key(const OperatorAction& what, const SoftwareSecurityKey& key,
                        const std::string& keyid, const KeySays& says = {}) {
    return {what, key.sign(bytes_of(what), keyid, says)};
  }
  HttpAnswer approve_by_key(const Person& person, const OperatorAction& what,
                            const PersonalSignature& signature) {
    return post(person, "/v1/actions/" + what.id.text() + "/approval",
                encode(ApproveRequest{signature}).value());
  }
};

TEST(SecurityKeyLogin, AKeyIsTheSecondFactorAndThePasswordAloneNoMore) {
  KeyWorld world;
  const SoftwareSecurityKey key;
  const auto keyid = world.enrol(world.clerk, key);
  EXPECT_EQ(world.log_in(world.clerk).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeWrong);
  const auto offered = world.challenge(world.clerk);
  ASSERT_EQ(offered.keys.size(), 1U);
  EXPECT_EQ(offered.keys.front().keyid, keyid);
  const auto signature = key.sign(offered.challenge, keyid);
  EXPECT_EQ(world.log_in(world.clerk, signature).status, 200);
  // The same answer once more: its challenge is spent.
  EXPECT_EQ(world.log_in(world.clerk, signature).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeReplayed);
}

TEST(SecurityKeyLogin, AChallengeEndsWithAnAttemptAndAfterFiveMinutes) {
  KeyWorld world;
  const SoftwareSecurityKey key;
  const auto keyid = world.enrol(world.clerk, key);
  const auto first = world.challenge(world.clerk);
  EXPECT_EQ(world.log_in(world.clerk).status, 403);  // it takes the challenge with it
  EXPECT_EQ(world.log_in(world.clerk, key.sign(first.challenge, keyid)).status, 403);
  const auto second = world.challenge(world.clerk);
  world.clock.pass(std::chrono::minutes(5));
  EXPECT_EQ(world.log_in(world.clerk, key.sign(second.challenge, keyid)).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kCodeReplayed);
  const auto third = world.challenge(world.clerk);
  world.clock.pass(std::chrono::minutes(5) - std::chrono::milliseconds(1));
  EXPECT_EQ(world.log_in(world.clerk, key.sign(third.challenge, keyid)).status, 200);
}

TEST(SecurityKeyLogin, AnUnverifiedPersonOrAnothersKeyIsRefused) {
  KeyWorld world;
  const SoftwareSecurityKey key, other;
  const auto keyid = world.enrol(world.clerk, key);
  const auto other_id = world.enrol(world.admin, other);
  auto offered = world.challenge(world.clerk);
  EXPECT_EQ(
      world.log_in(world.clerk, key.sign(offered.challenge, keyid, {.verified = false})).status,
      403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  offered = world.challenge(world.clerk);
  EXPECT_EQ(world.log_in(world.clerk, other.sign(offered.challenge, other_id)).status, 403);
  EXPECT_EQ(world.last_reason(), ErrorCode::kForeignSignature);
}

TEST(SecurityKeyLogin, AnOfferedKeyCountsForNothingUntilTheApprovalKeySaysSo) {
  KeyWorld world;
  const SoftwareSecurityKey key;
  world.set_password(world.clerk);
  const auto session = world.session_of(world.log_in(world.clerk));
  const auto keyid = decode_key_offer(world.offer(world.clerk, session, key).body).value().keyid;
  const auto stop = world.action(world.clerk, "issuing.stop");
  EXPECT_EQ(world.said(world.send(world.clerk.at("terminal-1"), world.by_key(stop, key, keyid))),
            "not_allowed");
  EXPECT_TRUE(world.stopped.empty());
  // Nor does the key vouch for itself, nor another person for it.
  const auto add = world.add_action(world.clerk, keyid);
  EXPECT_EQ(world.said(world.send(world.clerk.at("terminal-1"), world.by_key(add, key, keyid))),
            "not_allowed");
  EXPECT_EQ(world.said(world.propose(world.admin, world.add_action(world.admin, keyid))),
            "conflict");
  EXPECT_EQ(world.said(world.propose(world.clerk, add)), "done");
  const auto again = world.action(world.clerk, "issuing.stop");
  EXPECT_EQ(world.said(world.send(world.clerk.at("terminal-1"), world.by_key(again, key, keyid))),
            "done");
  EXPECT_EQ(world.stopped.size(), 1U);
}

TEST(SecurityKeyLogin, AKeyLetsNoFurtherKeyIn) {
  KeyWorld world;
  const SoftwareSecurityKey key, front;
  const auto keyid = world.enrol(world.clerk, key);
  const auto session = world.session_of(
      world.log_in(world.clerk, key.sign(world.challenge(world.clerk).challenge, keyid)));
  const auto another =
      decode_key_offer(world.offer(world.clerk, session, front).body).value().keyid;
  const auto add = world.add_action(world.clerk, another);
  EXPECT_EQ(world.said(world.send(world.clerk.at("terminal-1"), world.by_key(add, key, keyid))),
            "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kForeignSignature);
}

TEST(SecurityKeyLogin, TwoPersonsClearAnAlarmByTheirKeysAndACapturedFrontCannot) {
  KeyWorld world;
  const SoftwareSecurityKey first, second;
  const auto first_id = world.enrol(world.clerk, first);
  const auto second_id = world.enrol(world.admin, second);
  const auto clear = world.clear_action(world.clerk);
  EXPECT_EQ(
      world.said(world.send(world.clerk.at("terminal-1"), world.by_key(clear, first, first_id))),
      "pending");
  // What a captured front has: what the second person signed for something else.
  const auto other = world.action(world.admin, "issuing.stop");
  const auto captured = second.sign(world.bytes_of(other), second_id);
  EXPECT_EQ(world.said(world.approve_by_key(world.admin, clear, captured)), "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kBadSignature);
  EXPECT_EQ(world.said(world.approve_by_key(world.clerk, clear,
                                            first.sign(world.bytes_of(clear), first_id))),
            "not_allowed");
  EXPECT_EQ(world.last_reason(), ErrorCode::kSamePerson);
  world.restart(KeyWorld::with_host());  // the proposer's assertion is kept with the request
  EXPECT_TRUE(world.cleared.empty());
  EXPECT_EQ(world.said(world.approve_by_key(world.admin, clear,
                                            second.sign(world.bytes_of(clear), second_id))),
            "done");
  ASSERT_EQ(world.cleared.size(), 1U);
  EXPECT_EQ(world.cleared.front().approver, world.admin.name());
}

TEST(SecurityKeyLogin, OneKeyIsOnePersons) {
  KeyWorld world;
  const SoftwareSecurityKey key;
  world.enrol(world.clerk, key);
  world.set_password(world.admin);
  const auto session = world.session_of(world.log_in(world.admin));
  EXPECT_EQ(world.said(world.offer(world.admin, session, key)), "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kOperatorExists);
}

TEST(SecurityKeyLogin, APersonHasFourKeysAtMostAndTakesOneBack) {
  KeyWorld world;
  world.set_password(world.clerk);
  const auto session = world.session_of(world.log_in(world.clerk));
  std::string last;
  for (std::size_t i = 0; i < kKnownKeysMax; ++i) {
    const SoftwareSecurityKey key;
    last = decode_key_offer(world.offer(world.clerk, session, key).body).value().keyid;
    EXPECT_EQ(world.said(world.propose(world.clerk, world.add_action(world.clerk, last))), "done");
  }
  const SoftwareSecurityKey fifth;
  EXPECT_EQ(world.said(world.offer(world.clerk, session, fifth)), "too_large");
  const auto remove = world.action(world.clerk, "security_key.remove", {{"key", last}});
  EXPECT_EQ(world.said(world.propose(world.clerk, remove)), "done");
  EXPECT_EQ(world.store->book().find(world.clerk.name())->login.keys.size(), kKnownKeysMax - 1);
  EXPECT_EQ(world.log_in(world.clerk).status, 403);
}

TEST(SecurityKeyLogin, WithoutAHostThereAreNoKeys) {
  OperatorWorld world;
  const auto answer =
      world.call(world.clerk.at("terminal-1"), HttpMethod::kPost, "/v1/key-challenge");
  EXPECT_EQ(answer.status, 404);
}

TEST(OperatorStoreVersions, ABookFromBeforeSecurityKeysIsRead) {
  OperatorWorld world;
  auto bytes = encode_book(world.store->book());
  const auto now = decode_book(bytes);
  ASSERT_TRUE(now);
  // Version 2 had no number of keys at each account's end: here it is the last byte but the
  // actions.
  OperatorBook one;
  one.version = 7;
  one.accounts.push_back(world.store->book().accounts.front());
  auto old = encode_book(one);
  old[0] = 2;
  old.erase(old.end() - 3);
  const auto read = decode_book(old);
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value(), one);
  old[0] = 4;
  EXPECT_EQ(decode_book(old).error().code, ErrorCode::kStoreVersion);
}

}  // namespace
}  // namespace certrelay
