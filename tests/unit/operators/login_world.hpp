// People who log in: an OperatorWorld with what a browser, its owner and an authenticator do.
#pragma once

#include <gtest/gtest.h>

#include "protocol/wire/login_message.hpp"
#include "relay/operators/session_cookie.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay::testing {

inline constexpr std::string_view kGood = "correct horse 9";
inline constexpr std::string_view kNext = "battery staple 7";

// A browser: what it got and sends again.
struct Browser {
  std::string cookie;
  std::string token;
};

struct LoginWorld : OperatorWorld {
  HttpAnswer post(const Person& person, const std::string& path, Bytes body,
                  HttpHeaders headers = {}) {
    return call(person.at("terminal-1"), HttpMethod::kPost, path, std::move(body),
                std::move(headers));
  }
  HttpAnswer in_session(const Person& person, const Browser& browser, const std::string& path,
                        Bytes body = {}) {
    return post(person, path, std::move(body),
                {{"cookie", browser.cookie}, {std::string(kCsrfHeader), browser.token}});
  }
  HttpAnswer see(const Person& person, const Browser& browser) {
    return call(person.at("terminal-1"), HttpMethod::kGet, "/v1/session", {},
                {{"cookie", browser.cookie}});
  }

  PasswordReset reset_of(const Person& person, std::string_view password, bool drop = false) {
    PasswordReset out{Password::parse(password).value(),
                      drop,
                      UtcTime(std::chrono::floor<std::chrono::seconds>(clock.utc_now())),
                      {}};
    out.signature =
        person.key.sign(password_reset_bytes(municipality(), person.name(), out)).value();
    return out;
  }
  int reset(const Person& person, std::string_view password, bool drop = false) {
    const auto message = reset_of(person, password, drop);
    return post(person, "/v1/password-reset", encode(message).value()).status;
  }
  HttpAnswer log_in(const Person& person, std::string_view password, std::string code = "",
                    std::string_view name = "") {
    const LoginRequest request{name.empty() ? person.name() : OperatorName::parse(name).value(),
                               Password::parse(password).value(), std::move(code)};
    return post(person, "/v1/login", encode(request).value());
  }
  static Browser browser_of(const HttpAnswer& answer) {
    Browser out;
    for (const auto& header : answer.headers) {
      if (header.name == "set-cookie") out.cookie = header.value.substr(0, header.value.find(';'));
    }
    out.token = decode_session_view(answer.body).value().csrf_token;
    return out;
  }
  // Logged in with the good password.
  Browser enter(const Person& person) {
    EXPECT_EQ(reset(person, kGood), 204);
    const auto answer = log_in(person, kGood);
    EXPECT_EQ(answer.status, 200);
    return browser_of(answer);
  }
  // Enrols an authenticator, whose secret it returns; ends the session.
  TotpSecret enrol(const Person& person, const Browser& browser) {
    const auto offer = in_session(person, browser, "/v1/totp",
                                  encode(EnrolRequest{Password::parse(kGood).value()}).value());
    EXPECT_EQ(offer.status, 200);
    const auto typed = decode_enrol_offer(offer.body).value().secret;
    auto secret = from_base32(typed);
    const EnrolConfirmation first{totp_code(secret, totp_step(clock.utc_now()))};
    EXPECT_EQ(in_session(person, browser, "/v1/totp/confirmation", encode(first).value()).status,
              204);
    return secret;
  }
  static TotpSecret from_base32(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    Bytes out;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
      held = (held << 5U) | static_cast<std::uint32_t>(kLetters.find(c));
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(held >> bits));
    }
    return TotpSecret(out);
  }
  const Entry& last() const { return ledger.entries.back(); }
};

}  // namespace certrelay::testing
