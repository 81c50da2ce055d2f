// Load for figures: whole transactions, or files of the same sizes, over connections that stay
// open. What comes is verified as every answer is; that each document is its requester's own is
// the storm's to prove.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "firmware/kiosk/transaction.hpp"

namespace certrelay {

inline constexpr std::array<std::string_view, 4> kLoadSteps{"open", "inquiry", "issuance", "event"};

struct LoadPlan {
  std::size_t connections = 64;     // each a thread of its own
  std::size_t transactions = 1000;  // of all together
};

struct LoadReport {
  std::size_t done = 0;
  std::map<std::string, std::size_t> failures{};  // step and reason -> how often
  std::chrono::milliseconds wall_ms{};
  // Of each step: how long its good answers took, and their bytes, heads included, together.
  std::array<std::vector<std::chrono::milliseconds>, kLoadSteps.size()> took_ms{};
  std::array<std::uint64_t, kLoadSteps.size()> answer_bytes{};
};

// Whole transactions: open, inquiry, issuance of what the inquiry proposes, report. Each card is
// presented once. Precondition: a card a transaction (CHECK). Errors: those of connecting; what
// fails later is counted.
Result<LoadReport> run_transactions(const World& world, const KioskId& kiosk,
                                    std::span<const Softcard> cards, const LoadPlan& plan);

// For each transaction one GET of each path. Errors: as run_transactions.
Result<LoadReport> run_files(const World& world, const Address& server,
                             const std::array<std::string, kLoadSteps.size()>& paths,
                             const LoadPlan& plan);

// One object on one line: {"done":…,"failures":{…},"seconds":…,"steps":[{"name":…,
// "mean_bytes":…,"p50_ms":…,"p90_ms":…,"p99_ms":…,"max_ms":…},…]}
std::string to_json(const LoadReport& report);

}  // namespace certrelay
