#include "relay/console/form.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

ErrorCode fault_of(std::string_view body) {
  const auto form = Form::parse(as_bytes(body));
  return form ? ErrorCode::kNone : form.error().code;
}

TEST(Form, ReadsWhatABrowserPosts) {
  const auto form = Form::parse(as_bytes("reason=%E7%94%A8%E7%B4%99+a%2Bb&code=&p_kind=juminhyo"));
  ASSERT_TRUE(form);
  EXPECT_EQ(form.value().get("reason"), "用紙 a+b");
  EXPECT_EQ(form.value().get("code"), "");
  EXPECT_EQ(form.value().get("p_kind"), "juminhyo");
  EXPECT_EQ(form.value().get("absent"), "");
  EXPECT_TRUE(Form::parse({}));
}

TEST(Form, RefusesWhatNoPageOfOursPosts) {
  EXPECT_EQ(fault_of("a=1&a=2"), ErrorCode::kDuplicateName);
  EXPECT_EQ(fault_of("a"), ErrorCode::kMalformed);
  EXPECT_EQ(fault_of("A=1"), ErrorCode::kMalformed);
  EXPECT_EQ(fault_of("=1"), ErrorCode::kMalformed);
  EXPECT_EQ(fault_of("a=%"), ErrorCode::kMalformed);
  EXPECT_EQ(fault_of("a=%4"), ErrorCode::kMalformed);
  EXPECT_EQ(fault_of("a=%zz"), ErrorCode::kMalformed);
  EXPECT_EQ(fault_of("a=%ff"), ErrorCode::kInvalidUtf8);
  EXPECT_EQ(fault_of("a=%00"), ErrorCode::kInvalidUtf8);
}

std::string fields(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += std::string(i == 0 ? "" : "&") + static_cast<char>('a' + i % 26) +
           static_cast<char>('a' + i / 26) + "=1";
  }
  return out;
}

TEST(Form, HasLimits) {
  EXPECT_EQ(fault_of(fields(kFormFieldsMax)), ErrorCode::kNone);
  EXPECT_EQ(fault_of(fields(kFormFieldsMax + 1)), ErrorCode::kLimitExceeded);
  EXPECT_EQ(fault_of("a=" + std::string(kFormValueMax, 'x')), ErrorCode::kNone);
  EXPECT_EQ(fault_of("a=" + std::string(kFormValueMax + 1, 'x')), ErrorCode::kLimitExceeded);
  EXPECT_EQ(fault_of(std::string(32, 'a') + "=1"), ErrorCode::kNone);
  EXPECT_EQ(fault_of(std::string(33, 'a') + "=1"), ErrorCode::kMalformed);
}

}  // namespace
}  // namespace certrelay
