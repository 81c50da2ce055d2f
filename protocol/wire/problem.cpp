#include "protocol/wire/problem.hpp"

#include <array>

#include "protocol/base/check.hpp"
#include "protocol/base/names.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

using enum ProblemCode;

constexpr std::size_t kProblemBodyMax = std::size_t{8} * 1024;
constexpr std::string_view kTypePrefix = "urn:certrelay:problem:";

constexpr std::string_view kNotNow =
    "ただいま交付できません。料金はかかっていません。時間をおいてもう一度お試しいただくか、"
    "市の窓口をご利用ください。";
constexpr std::string_view kTimedOutText =
    "時間切れのため終了しました。はじめからやり直してください。";
constexpr std::string_view kMachines = "処理できませんでした。時間をおいてもう一度お試しください。";

struct Row {
  ProblemCode code;
  std::string_view name;
  int status;
  Retry retry;
  std::string_view text;  // of kClosed: what follows the hours
};

constexpr std::array<Row, 21> kRows{{
    {kClosed, "closed", 503, Retry::kSameRequest, "です。"},
    {kSuspended, "suspended", 503, Retry::kSameRequest,
     "ただいまこの証明書の交付を休止しています。ご不便をおかけします。"},
    {kIssuingStopped, "issuing_stopped", 503, Retry::kSameRequest, kNotNow},
    {kRegisterNotReady, "register_not_ready", 503, Retry::kSameRequest, kNotNow},
    {kOverloaded, "overloaded", 503, Retry::kSameRequest, kNotNow},
    {kCardNotAccepted, "card_not_accepted", 403, Retry::kNever,
     "このカードではお取り扱いできません。電子証明書の有効期限をご確認のうえ、"
     "お住まいの市区町村の窓口にお問い合わせください。"},
    {kWindowOnly, "window_only", 403, Retry::kNever,
     "この端末では交付できません。カードの受取・更新や住所などの届出をされた場合は、"
     "翌日以降にお試しください。そのほかの場合は、本人確認書類をお持ちのうえ"
     "市の窓口でお尋ねください。"},
    {kSelectionInvalid, "selection_invalid", 422, Retry::kNewTransaction,
     "選択内容を確認できませんでした。はじめからやり直してください。料金はかかっていません。"},
    {kRegisterChanged, "register_changed", 409, Retry::kNewTransaction,
     "お手続き中に情報が更新されました。はじめからやり直してください。料金はかかっていません。"},
    {kExpired, "expired", 410, Retry::kNewTransaction, kTimedOutText},
    {kAnswerGone, "answer_gone", 410, Retry::kNewTransaction, kTimedOutText},
    {kBadRequest, "bad_request", 400, Retry::kNewTransaction, kMachines},
    {kConflict, "conflict", 409, Retry::kNewTransaction, kMachines},
    {kWrongMunicipality, "wrong_municipality", 421, Retry::kNewTransaction, kMachines},
    {kTooLarge, "too_large", 413, Retry::kNewTransaction, kMachines},
    {kNotFound, "not_found", 404, Retry::kNewTransaction, kMachines},
    {kStatementRefused, "statement_refused", 403, Retry::kNever,
     "送信元の署名、送信時刻または番号を確認できませんでした。"},
    {kExtractRejected, "extract_rejected", 422, Retry::kNever,
     "抽出データを受け付けられませんでした。内容を直して、もう一度送信してください。"},
    {kSequenceGap, "sequence_gap", 409, Retry::kNever,
     "届いていない異動があります。不足している異動または全件の抽出データを送信してください。"},
    {kChangeRejected, "change_rejected", 422, Retry::kNever,
     "異動を受け付けられませんでした。内容を直して、同じ番号でもう一度送信してください。"},
    {kNotAllowed, "not_allowed", 403, Retry::kNever,
     "この操作は許可されていません。権限、署名または承認者を確認してください。"},
}};

constexpr Names<Retry, 3> kRetries{{{Retry::kSameRequest, "same_request"},
                                    {Retry::kNewTransaction, "new_transaction"},
                                    {Retry::kNever, "never"}}};

const Row& row_of(ProblemCode code) {
  for (const auto& row : kRows) {
    if (row.code == code) return row;
  }
  CERTRELAY_CHECK(false && "a problem code outside the table");
  return kRows.front();
}

Result<void> check(const Problem& problem) {
  CERTRELAY_TRY(parse_problem_code(to_text(problem.code)));
  CERTRELAY_TRY(check_text(problem.title, 1, kProblemTextBytesMax));
  return check_text(problem.detail, 0, kProblemTextBytesMax);
}

// What follows from the code must be what the document says.
Result<void> check_agreement(JsonObject& in, const Row& row) {
  CERTRELAY_TRY(const auto type, in.string("type"));
  CERTRELAY_TRY(const auto status, in.integer("status"));
  CERTRELAY_TRY(const auto retry, in.string("retry"));
  const bool agree = type == std::string(kTypePrefix).append(row.name) && status == row.status &&
                     retry == to_text(row.retry);
  if (!agree) return Error{ErrorCode::kMalformed, "problem: members disagree"};
  return ok();
}

Result<Problem> read_problem(JsonObject& in) {
  CERTRELAY_TRY(const auto code, parsed_field(in, "code", parse_problem_code));
  CERTRELAY_TRY(check_agreement(in, row_of(code)));
  CERTRELAY_TRY(const auto title, in.string("title"));
  Problem problem{
      .code = code, .title = std::string(title), .transaction_id = std::nullopt, .detail = {}};
  if (in.has("transaction_id")) {
    CERTRELAY_TRY(const auto id, id_field<TransactionId>(in, "transaction_id"));
    problem.transaction_id = id;
  }
  if (in.has("detail")) {
    CERTRELAY_TRY(const auto detail, in.string("detail"));
    if (detail.empty()) return Error{ErrorCode::kMalformed, "problem: empty detail"};
    problem.detail = detail;
  }
  CERTRELAY_TRY(check(problem));
  return problem;
}

}  // namespace

std::string_view to_text(ProblemCode code) { return row_of(code).name; }

Result<ProblemCode> parse_problem_code(std::string_view text) {
  for (const auto& row : kRows) {
    if (row.name == text) return row.code;
  }
  return Error{ErrorCode::kMalformed, "problem: code"};
}

int status_of(ProblemCode code) { return row_of(code).status; }

std::string_view to_text(Retry retry) { return name_of(kRetries, retry); }

Retry retry_of(ProblemCode code) { return row_of(code).retry; }

std::string problem_text(ProblemCode code, std::string_view hours) {
  std::string text;
  if (code == kClosed) {
    text.append("ただいまサービス提供時間外です。ご利用時間は").append(hours);
  }
  return text.append(row_of(code).text);
}

Result<Bytes> encode(const Problem& problem) {
  CERTRELAY_TRY(check(problem));
  const auto& row = row_of(problem.code);
  boost::json::object out{{"type", std::string(kTypePrefix).append(row.name)},
                          {"status", row.status},
                          {"code", row.name},
                          {"title", problem.title},
                          {"retry", to_text(row.retry)}};
  if (problem.transaction_id) out["transaction_id"] = problem.transaction_id->text();
  if (!problem.detail.empty()) out["detail"] = problem.detail;
  return to_body(out);
}

Result<Problem> decode_problem(ByteView body) {
  return decode_body<Problem>(body, kProblemBodyMax, read_problem);
}

HttpAnswer problem_answer(const Problem& problem) {
  auto body = encode(problem);
  CERTRELAY_CHECK(body.has_value());
  return HttpAnswer{
      .status = status_of(problem.code),
      .headers = {{"content-type", "application/problem+json"}, {"content-language", "ja"}},
      .body = std::move(body).value()};
}

}  // namespace certrelay
