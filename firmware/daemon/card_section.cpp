#include "firmware/daemon/card_section.hpp"

#include <filesystem>

#include "protocol/ids/text_id.hpp"

namespace certrelay {
namespace {

std::vector<std::string> files_of(TomlTable& table, std::string_view key, std::size_t min,
                                  const std::string& folder) {
  auto paths = table.texts(key, min);
  for (auto& path : paths) {
    path = (std::filesystem::path(folder) / path).lexically_normal().string();
  }
  return paths;
}

CardAlgorithm parse_algorithm(TomlTable& table, const std::string& text) {
  const auto algorithm = parse_card_algorithm(text);
  if (!algorithm) {
    table.refuse("algorithms",
                 "this build knows rsa-pkcs1-sha256 (RSA-2048 with SHA-256) and ecdsa-p384-sha384 "
                 "and nothing else; write one of them or both");
  }
  return algorithm.value();
}

GenerationChoice parse_generation(TomlTable& table) {
  GenerationChoice out;
  if (table.has("policies")) out.policies = table.texts("policies", 1);
  if (table.has("algorithms")) {
    out.algorithms.clear();
    for (const auto& text : table.texts("algorithms", 1)) {
      out.algorithms.push_back(parse_algorithm(table, text));
    }
  }
  out.rsa_exponent_max = static_cast<std::uint64_t>(table.number_or(
      "rsa_exponent_max", static_cast<std::int64_t>(kRsaExponentMax),
      static_cast<std::int64_t>(kRsaExponentMin), static_cast<std::int64_t>(kRsaExponentMax)));
  table.finish();
  return out;
}

// Calls `take` with the table of each generation. The names are for the reader and the failure.
template <class Take>
void for_each_generation(TomlTable& purpose, Take take) {
  if (purpose.keys().empty()) purpose.refuse("current", "write a [table] for each generation");
  for (const auto& name : purpose.keys()) {
    if (!is_text_of(name, "abcdefghijklmnopqrstuvwxyz0123456789-", 1, 32)) {
      purpose.refuse(name, "name a generation with a-z, 0-9 and -, at most 32 of them");
    }
    auto table = purpose.table(name);
    take(table);
  }
}

void parse_authentication(TomlTable& card, CardSection& out) {
  const bool listed = card.has("authentication");
  if (listed == card.has("policies")) {
    card.refuse("policies",
                "write policies, or [card.authentication.NAME] tables with policies and "
                "algorithms: one of the two");
  }
  out.purposes.authentication.clear();
  if (!listed) {
    GenerationChoice every;
    every.policies = card.texts("policies", 1);
    out.purposes.authentication.push_back(std::move(every));
    return;
  }
  auto purpose = card.table("authentication");
  for_each_generation(purpose, [&](TomlTable& table) {
    out.purposes.authentication.push_back(parse_generation(table));
  });
}

void parse_signing(TomlTable& card, const std::string& folder, CardSection& out) {
  if (!card.has("signing")) return;
  auto purpose = card.table("signing");
  out.purposes.signing.clear();
  for_each_generation(purpose, [&](TomlTable& table) {
    SigningChoice choice;
    if (table.has("policies")) choice.policies = table.texts("policies", 1);
    out.purposes.signing.push_back(std::move(choice));
    for (auto& path : files_of(table, "roots", 0, folder)) {
      out.signing_roots.push_back(std::move(path));
    }
    table.finish();
  });
}

// The table that a fault is in: [card] itself where it is short.
void refuse_choice(TomlTable& card, const ChoiceFault& fault) {
  const std::string mend(fault.mend);
  const std::string purpose = fault.signing ? "signing" : "authentication";
  if (!card.has(purpose)) card.refuse(fault.key.empty() ? "policies" : fault.key, mend);
  auto table = card.table(purpose);
  if (fault.key.empty()) card.refuse(purpose, mend);
  const auto names = table.keys();
  table.table(names.at(fault.index)).refuse(fault.key, mend);
}

}  // namespace

CardSection parse_card_section(TomlTable& root, const std::string& folder) {
  auto table = root.table("card");
  CardSection out;
  out.roots = files_of(table, "roots", 1, folder);
  out.crls = files_of(table, "crls", 1, folder);
  parse_authentication(table, out);
  parse_signing(table, folder, out);
  if (const auto fault = fault_of(out.purposes)) refuse_choice(table, *fault);
  if (table.has("crl_age_max_hours")) {
    out.crl_age_max = std::chrono::hours(table.number_or("crl_age_max_hours", 0, 1, 24 * 366));
  }
  table.finish();
  return out;
}

}  // namespace certrelay
