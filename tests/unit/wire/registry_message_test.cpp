// The registry's messages: optional members, limits and contradictions, each at its edge and one
// past it.
#include <gtest/gtest.h>

#include "tests/unit/wire/examples.hpp"
#include "tests/unit/wire/json_mutations.hpp"

namespace certrelay::examples {
namespace {

TEST(RegistryMessage, OptionalMembersMayBeAbsent) {
  EXPECT_EQ(text_of(encode(ActivateRequest{}).value()), "{}");
  EXPECT_FALSE(decode_activate_request(as_bytes("{}")).value().activate_at.has_value());
  RegisterStatus nothing{};
  nothing.reason = "none";
  const auto read = decode_register_status(encode(nothing).value()).value();
  EXPECT_FALSE(read.version.has_value());
  EXPECT_EQ(text_of(encode(HeartbeatRequest{}).value()), "{}");
  EXPECT_FALSE(
      decode_register_status(
          as_bytes(
              R"({"generation":1,"seconds_to_bound":0,"pending_approvals":0,"near_bound":false})"))
          .has_value());
}

TEST(RegistryMessage, PutAsideAtItsLimitsPassesAndOnePastDoesNot) {
  auto status = register_status();
  const auto one = status.put_aside.front();
  const auto takes = [&] {
    const auto body = encode(status);
    return body && decode_register_status(body.value()).has_value();
  };
  status.put_aside.assign(kPutAsideMax, one);
  EXPECT_TRUE(takes());
  status.put_aside.push_back(one);
  EXPECT_FALSE(takes());
  status.put_aside.assign(1, one);
  auto& findings = status.put_aside.front().findings;
  findings.assign(kPutAsideFindingsMax, findings.front());
  EXPECT_TRUE(takes());
  findings.push_back(findings.front());
  EXPECT_FALSE(takes());
  findings.clear();
  EXPECT_FALSE(takes());
}

TEST(RegistryMessage, RejectedMeansAFindingAndAFindingMeansRejected) {
  auto report = extract_report();
  report.state = ExtractState::kRejected;
  EXPECT_EQ(refusal_of(report), ErrorCode::kMalformed);
  report.rejections = report.warnings;
  EXPECT_EQ(refusal_of(report), ErrorCode::kNone);
  report.state = ExtractState::kReady;
  EXPECT_EQ(refusal_of(report), ErrorCode::kMalformed);
}

TEST(RegistryMessage, ReconciliationsBlocksRiseBelowTheirNumber) {
  auto request = reconciliation_request();
  request.blocks = 9;
  EXPECT_EQ(refusal_of(request), ErrorCode::kNone);
  request.blocks = 8;
  EXPECT_EQ(refusal_of(request), ErrorCode::kMalformed);
  request = reconciliation_request();
  request.stated[0].block = 8;
  EXPECT_EQ(refusal_of(request), ErrorCode::kMalformed);
  request.stated.clear();
  EXPECT_NE(refusal_of(request), ErrorCode::kNone);
}

TEST(RegistryMessage, FullReportFitsOneAnswer) {
  auto report = extract_report();
  const std::string full(kFindingTextBytesMax, '"');  // each character escaped
  report.state = ExtractState::kRejected;
  report.rejections.assign(kFindingsMax, {full, full, full, full});
  report.warnings = report.rejections;
  // As many columns as the largest table has, with the longest name of any.
  report.plan.differences.assign(kDifferencesMax,
                                 {PlanRecord::kHousehold, "12345678901", PlanChange::kChanged,
                                  std::vector<std::string>(46, "~" + std::string(23, 'a'))});
  const auto body = encode(report).value();
  EXPECT_LE(body.size(), kAnswerBodyBytesMax);
  EXPECT_TRUE(decode_extract_report(body).has_value());
  report.warnings.push_back(report.warnings.front());
  EXPECT_EQ(refusal_of(report), ErrorCode::kLimitExceeded);
}

ErrorCode refusal_of_difference(const PlanDifference& difference) {
  auto report = extract_report();
  report.plan.differences = {difference};
  return refusal_of(report);
}

TEST(RegistryMessage, PlanHoldsOpaqueIdsAndColumnsAndNothingElse) {
  const PlanDifference good{PlanRecord::kPerson, "00000000161", PlanChange::kChanged, {"~cards"}};
  EXPECT_EQ(refusal_of_difference(good), ErrorCode::kNone);
  for (const auto* column : {"", "~", "name", "~name=x", "~Name", "~山田", "*name"}) {
    auto bad = good;
    bad.columns = {column};
    EXPECT_EQ(refusal_of_difference(bad), ErrorCode::kMalformed) << column;
  }
  for (const auto* id : {"", "0000000016", "000000001611", "0000000016x"}) {
    auto bad = good;
    bad.id = id;
    EXPECT_EQ(refusal_of_difference(bad), ErrorCode::kMalformed) << id;
  }
  auto bad = good;
  bad.columns.clear();  // a change names what changed
  EXPECT_EQ(refusal_of_difference(bad), ErrorCode::kMalformed);
  bad.change = PlanChange::kDeleted;
  EXPECT_EQ(refusal_of_difference(bad), ErrorCode::kNone);
  bad = good;
  bad.columns.assign(kDifferenceColumnsMax, "~name");
  EXPECT_EQ(refusal_of_difference(bad), ErrorCode::kNone);
  bad.columns.emplace_back("~name");
  EXPECT_EQ(refusal_of_difference(bad), ErrorCode::kLimitExceeded);
  auto report = extract_report();
  report.plan.differences.assign(kDifferencesMax, good);
  EXPECT_EQ(refusal_of(report), ErrorCode::kNone);
  report.plan.differences.push_back(good);
  EXPECT_EQ(refusal_of(report), ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace certrelay::examples
