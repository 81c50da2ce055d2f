// Goal: a front reaches its own role's verbs and nothing else, in the states that allow them.
#include "firmware/daemon/verb_table.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace certrelay {
namespace {

constexpr std::array kStates{VaultState::kStarting, VaultState::kServing, VaultState::kEnding,
                             VaultState::kRetired};
constexpr std::array kRoles{Role::kCenter, Role::kRegistry, Role::kAdmin, Role::kMonitoring};

std::string path_of(const Verb& verb) {
  std::string out(verb.pattern);
  for (auto at = out.find("{}"); at != std::string::npos; at = out.find("{}")) {
    out.replace(at, 2, "x");
  }
  return out;
}

TEST(VerbTable, ARolesVerbIsNoOtherRoles) {
  for (const auto& verb : verb_table()) {
    for (const auto role : kRoles) {
      const auto code = check_verb(role, verb.method, path_of(verb), VaultState::kServing);
      EXPECT_EQ(code.has_value(), role == verb.role) << verb.pattern;
    }
  }
}

TEST(VerbTable, TheCenterIsServedInOneStateAlone) {  // INV-12
  for (const auto& verb : verb_table()) {
    for (const auto state : kStates) {
      const bool allowed = check_verb(verb.role, verb.method, path_of(verb), state).has_value();
      const bool serving = state == VaultState::kServing;
      const bool starting = state == VaultState::kStarting;
      const bool wanted = verb.role == Role::kCenter     ? serving
                          : verb.role == Role::kRegistry ? serving || starting
                          : verb.role == Role::kAdmin    ? state != VaultState::kEnding
                                                         : true;
      EXPECT_EQ(allowed, wanted) << verb.pattern;
    }
  }
  EXPECT_EQ(check_verb(Role::kCenter, HttpMethod::kGet, "/v1/service", VaultState::kStarting)
                .error()
                .code,
            ErrorCode::kVerbNotInState);
}

TEST(VerbTable, OnlyTheWholePathIsAVerb) {
  for (const std::string_view path :
       {"", "/", "/v1", "/v1/transactions/", "/v1/transactions//inquiry",
        "/v1/transactions/x/inquiry/", "/v1/transactions/x/inquiry/y", "/v1/transactions/x/cards",
        "/v1/cards", "/v1/register", "/metrics", "/v1/transactionsx"}) {
    for (const auto method : {HttpMethod::kGet, HttpMethod::kPost}) {
      EXPECT_EQ(check_verb(Role::kCenter, method, path, VaultState::kServing).error().code,
                ErrorCode::kNoSuchCall)
          << path;
    }
  }
}

TEST(VerbTable, NoRowTwice) {
  std::set<std::tuple<Role, HttpMethod, std::string_view>> seen;
  for (const auto& verb : verb_table()) {
    EXPECT_TRUE(seen.emplace(verb.role, verb.method, verb.pattern).second) << verb.pattern;
  }
}

// What the center's and the registry's descriptions promise is what the table lets in.
TEST(VerbTable, HasTheCallsOfTheOpenApiDescriptionAndNoMore) {
  std::ifstream file(CERTRELAY_OPENAPI);
  std::set<std::string> described;
  std::string path;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("components:")) break;
    if (line.starts_with("  /v1/")) path = line.substr(2, line.size() - 3);
    for (const auto method : {HttpMethod::kGet, HttpMethod::kHead, HttpMethod::kPost,
                              HttpMethod::kPatch, HttpMethod::kDelete}) {
      std::string word(to_text(method));
      std::transform(word.begin(), word.end(), word.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (line == "    " + word + ":") described.insert(std::string(to_text(method)) + " " + path);
    }
  }
  std::set<std::string> allowed;
  for (const auto& verb : verb_table()) {
    if (verb.role != Role::kCenter && verb.role != Role::kRegistry) continue;
    std::string pattern(verb.pattern);
    const auto at = pattern.find("{}");
    if (at != std::string::npos) {
      pattern.replace(at, 2, pattern.starts_with("/v1/settlements") ? "{date}" : "{id}");
    }
    allowed.insert(std::string(to_text(verb.method)) + " " + pattern);
  }
  EXPECT_EQ(described, allowed);
}

}  // namespace
}  // namespace certrelay
