// Goal: the log-in's messages are read strictly, and each limit has one past it.
#include "protocol/wire/login_message.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

bool is_login(const std::string& text) { return decode_login_request(as_bytes(text)).has_value(); }

std::string login_with(const std::string& password, const std::string& code) {
  return R"({"name":"mihon-clerk","password":")" + password + R"(","code":")" + code + R"("})";
}

TEST(LoginMessage, CodeHasSixDigitsAndPasswordAtMostItsLimit) {
  EXPECT_TRUE(is_login(login_with(std::string(kPasswordBytesMax, 'a'), "012345")));
  EXPECT_FALSE(is_login(login_with(std::string(kPasswordBytesMax + 1, 'a'), "012345")));
  EXPECT_FALSE(is_login(login_with("", "012345")));
  for (const auto* code : {"", "01234", "0123456", "01234a", "０１２３４５"}) {
    EXPECT_FALSE(is_login(login_with("a", code))) << code;
  }
}

TEST(LoginMessage, WithoutACodeThereIsNoneAndNothingElseIsTaken) {
  const std::string plain = R"({"name":"mihon-clerk","password":"a"})";
  EXPECT_TRUE(decode_login_request(as_bytes(plain)).value().code.empty());
  EXPECT_FALSE(is_login(R"({"name":"mihon-clerk","password":"a","remember":true})"));
  EXPECT_FALSE(is_login(R"({"name":"mihon-clerk"})"));
  EXPECT_FALSE(is_login(R"({"name":"Mihon","password":"a"})"));
}

TEST(LoginMessage, EncodesWhatItDecodes) {
  const auto again = [](const LoginRequest& message) {
    return decode_login_request(encode(message).value()).value();
  };
  const auto got =
      again({OperatorName::parse("mihon").value(), Password::parse("\"\\ 9").value(), "123456"});
  EXPECT_EQ(got.password.reveal(), "\"\\ 9");
  EXPECT_EQ(got.code, "123456");
  const LoginRequest bad{OperatorName::parse("mihon").value(), Password::parse("a").value(), "1"};
  EXPECT_FALSE(encode(bad).has_value());
}

TEST(LoginMessage, SecretAndTokenHaveOneLength) {
  const auto offer = [](const std::string& secret) {
    return encode(EnrolOffer{secret}).has_value();
  };
  EXPECT_TRUE(offer(std::string(32, 'A')));
  EXPECT_FALSE(offer(std::string(31, 'A')));
  EXPECT_FALSE(offer(std::string(33, 'A')));
  EXPECT_FALSE(offer(std::string(32, '1')));
  const auto view = [](std::size_t bytes) {
    return encode(SessionView{.name = OperatorName::parse("mihon").value(),
                              .roles = {OperatorRole::kClerk},
                              .csrf_token = to_base64url(Bytes(bytes)),
                              .idle_seconds = 900,
                              .password_due_on = std::nullopt,
                              .code_enrolled = false})
        .has_value();
  };
  EXPECT_TRUE(view(32));
  EXPECT_FALSE(view(31));
  EXPECT_FALSE(view(33));
}

}  // namespace
}  // namespace certrelay
