#include <gtest/gtest.h>

#include "firmware/kiosk/storm.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

StormOutcome good(int number) {
  StormOutcome out;
  out.document_id = "document-" + std::to_string(number);
  out.tags = {"tag-" + std::to_string(number)};
  out.open_ms = out.inquiry_ms = out.issuance_ms = std::chrono::milliseconds(number);
  return out;
}

TEST(StormReport, IsCleanWhenEachGotHisOwn) {
  std::vector<StormOutcome> outcomes;
  for (int i = 1; i <= 200; ++i) outcomes.push_back(good(i));
  const StormReport report = judge(outcomes, 3);
  EXPECT_TRUE(report.is_complete());
  const std::string text = to_text(report);
  EXPECT_TRUE(text.starts_with("storm: 200 of 200 documents, each its own\n")) << text;
  EXPECT_NE(text.find("issuance  p50    100 ms  p90    180 ms  p99    198 ms  max    200 ms"),
            std::string::npos)
      << text;
}

TEST(StormReport, WhatAKioskGaveUpIsNeitherOwnNorRefused) {
  std::vector<StormOutcome> outcomes{good(1), good(2)};
  outcomes[1].end = StormEnd::kGivenUp;
  outcomes[1].document_id.clear();
  const StormReport report = judge(outcomes, 0);
  EXPECT_EQ(report.given_up, 1U);
  EXPECT_TRUE(report.is_complete());
  outcomes.erase(outcomes.begin());
  EXPECT_FALSE(judge(outcomes, 0).is_complete());  // nobody got anything: nothing is shown
}

TEST(StormReport, RecordsALineATransaction) {
  auto outcome = good(7);
  outcome.transaction = "0f9e1c5a-6b1d-4a52-9d0e-3c1f5b7a9e21";
  outcome.reported = true;
  outcome.document_sha256 = sha256(std::string_view("abc"));
  outcome.document_bytes = 6;  // it came twice
  EXPECT_EQ(to_jsonl({outcome}),
            "{\"transaction\":\"0f9e1c5a-6b1d-4a52-9d0e-3c1f5b7a9e21\",\"end\":\"own\","
            "\"document\":\"document-7\",\"sha256\":"
            "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
            "\"bytes\":6,\"reported\":true}\n");
}

// INV-1
TEST(StormReport, CountsADocumentHandedOutTwice) {
  const StormReport by_id = judge({good(1), good(1)}, 0);
  EXPECT_EQ(by_id.duplicates, 1U);
  EXPECT_FALSE(by_id.is_unmixed());
  StormOutcome same_tag = good(2);
  same_tag.tags = good(1).tags;
  EXPECT_EQ(judge({good(1), same_tag}, 0).duplicates, 1U);
}

TEST(StormReport, NamesEveryFailure) {
  const StormOutcome refused{.end = StormEnd::kRefused, .failure = "open: overloaded"};
  const StormOutcome silent{.end = StormEnd::kNoAnswer, .failure = "issuance: connection"};
  const StormReport report = judge({good(1), refused, refused, silent}, 0);
  EXPECT_TRUE(report.is_unmixed());
  EXPECT_FALSE(report.is_complete());
  EXPECT_EQ(report.own, 1U);
  EXPECT_EQ(report.refused, 2U);
  EXPECT_EQ(report.no_answer, 1U);
  EXPECT_EQ(report.failures.at("open: overloaded"), 2U);
  EXPECT_TRUE(to_text(report).starts_with("storm: 1 of 4 documents, each its own\n"));
}

// INV-1
TEST(StormReport, SaysSoWhenSomebodyGotAnothersDocument) {
  const StormOutcome wrong{.end = StormEnd::kWrong, .failure = "check: subject tags"};
  const StormReport report = judge({good(1), wrong}, 0);
  EXPECT_FALSE(report.is_unmixed());
  EXPECT_TRUE(to_text(report).starts_with("storm: 1 of 2 documents, NOT each its own\n"));
}

TEST(StormReport, ProvesNothingWhenNothingHappened) {
  EXPECT_FALSE(judge({}, 0).is_unmixed());
  EXPECT_FALSE(judge({}, 0).is_complete());
}

}  // namespace
}  // namespace certrelay
