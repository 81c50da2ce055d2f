#include "firmware/ctl/say_failure.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "firmware/client/signed_exchange.hpp"

namespace certrelay {

int say_unusable(std::string_view what, const Error& error) {
  if (error.code == ErrorCode::kWrongPassphrase) {
    fmt::print(stderr, "certrelayctl: {}: パスフレーズが違います。\n", what);
    return kExitUsage;
  }
  if (error.code == ErrorCode::kNotFound) {
    fmt::print(stderr,
               "certrelayctl: {}: ファイルがありません。名前の綴りと置き場所を確かめてください。\n",
               what);
    return kExitUsage;
  }
  fmt::print(stderr, "certrelayctl: {}: {}（エラー {}）\n", what, error.where,
             static_cast<unsigned>(error.code));
  return error.code == ErrorCode::kCannotReach ? kExitCannotReach : kExitUsage;
}

int say_failure(std::string_view step, const Error& error, const std::optional<Problem>& problem) {
  if (error.code == ErrorCode::kRefusedByServer && problem) {
    fmt::print(stderr, "certrelayctl: {}: 拒否されました: {}\n  {}\n", step, to_text(problem->code),
               problem->detail.empty() ? problem->title : problem->detail);
    return kExitRefused;
  }
  const bool no_answer = is_no_answer(error.code) || error.code == ErrorCode::kTlsFailed;
  fmt::print(stderr, "certrelayctl: {}: {}: {}（エラー {}）\n", step,
             no_answer ? "応答がありません" : "失敗しました", error.where,
             static_cast<unsigned>(error.code));
  return no_answer ? kExitCannotReach : kExitRefused;
}

}  // namespace certrelay
