#include "relay/registry/guard_rails.hpp"

#include <algorithm>

#include "protocol/extract/manifest.hpp"
#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kApproval = "2人目の担当者の承認が必要です。";

// "2.5%", rounded up, so that what tripped never reads as the limit itself.
std::string percent_text(std::uint64_t part, std::uint64_t whole) {
  const std::uint64_t tenths = (part * 1000 + whole - 1) / whole;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

bool above(std::uint64_t part, std::uint64_t whole, unsigned percent_max) {
  return part * 100 > whole * percent_max;
}

void check_deletions(const PlanCounts& counts, unsigned percent_max, std::string_view file,
                     std::string_view rule, std::string_view what, std::vector<TrippedRail>& out) {
  if (!above(counts.deleted, counts.before(), percent_max)) return;
  out.push_back({ErrorCode::kDeletionsAboveShare,
                 {std::string(file), "", std::string(rule),
                  std::string(what) + std::to_string(counts.deleted) + "件（" +
                      percent_text(counts.deleted, counts.before()) + "）で、上限の" +
                      std::to_string(percent_max) + "%を超えています。" + std::string(kApproval)}});
}

// What a table of the base would weigh with the changes and erasures since: in proportion to its
// records. Everything else weighs what it did.
std::uint64_t expected_bytes(const FileBytes& file, const ExtractPlan& plan,
                             const GenerationSeal& base) {
  const auto scaled = [&](const PlanCounts& counts, std::uint64_t then) {
    return then == 0 ? file.bytes : file.bytes * counts.before() / then;
  };
  if (file.name == table_info(Table::kPersons).file) return scaled(plan.persons, base.persons);
  if (file.name == table_info(Table::kCards).file) return scaled(plan.cards, base.cards);
  if (file.name == table_info(Table::kHouseholds).file) {
    return scaled(plan.households, base.households);
  }
  return file.bytes;
}

void check_shrinking(const GuardRails& rails, const ExtractPlan& plan, const Manifest& manifest,
                     const GenerationSeal& base, std::vector<TrippedRail>& out) {
  const auto now = file_bytes_of(manifest);
  for (const auto& file : base.files) {
    const auto same = std::find_if(now.begin(), now.end(),
                                   [&](const auto& other) { return other.name == file.name; });
    const std::uint64_t bytes = same == now.end() ? 0 : same->bytes;
    const std::uint64_t before = expected_bytes(file, plan, base);
    if (bytes >= before || !above(before - bytes, before, rails.shrink_percent_max)) continue;
    out.push_back({ErrorCode::kExtractShrank,
                   {file.name, "", "guard-shrinking-file",
                    "現在の登録から見込まれる大きさより" + percent_text(before - bytes, before) +
                        "小さく、上限の" + std::to_string(rails.shrink_percent_max) +
                        "%を超えています。" + std::string(kApproval)}});
  }
}

}  // namespace

std::vector<FileBytes> file_bytes_of(const Manifest& manifest) {
  std::vector<FileBytes> out;
  FileBytes images{std::string(kImageFolder), 0};
  for (const auto& file : manifest.files) {
    if (file.name.starts_with(kImageFolder)) {
      images.bytes += file.bytes;
    } else {
      out.push_back({file.name, file.bytes});
    }
  }
  out.push_back(std::move(images));
  return out;
}

std::vector<TrippedRail> tripped_rails(const GuardRails& rails, const ExtractPlan& plan,
                                       const Manifest& manifest, const GenerationSeal* base) {
  std::vector<TrippedRail> out;
  if (base == nullptr) return out;
  if (manifest.generation < base->generation) {
    out.push_back({ErrorCode::kOlderGeneration,
                   {std::string(kManifestFile), "generation", "guard-older-generation",
                    "現在の世代" + std::to_string(base->generation) + "より古い世代です。" +
                        std::string(kApproval)}});
  }
  check_deletions(plan.persons, rails.deleted_persons_percent_max, "persons.csv",
                  "guard-deleted-persons", "住民の消除が", out);
  check_deletions(plan.cards, rails.deleted_cards_percent_max, "cards.csv", "guard-deleted-cards",
                  "カードの消除が", out);
  check_shrinking(rails, plan, manifest, *base, out);
  return out;
}

}  // namespace certrelay
