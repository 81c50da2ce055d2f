#include "relay/registry/erasure/evidence.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocol/base/time.hpp"
#include "relay/registry/erasure/named_line.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kHead = "certrelay erasure evidence v1\n";
constexpr std::string_view kNamePrefix = "erasure-";
constexpr std::string_view kNameEnd = ".txt";
constexpr std::size_t kNumberDigits = 8;
constexpr std::size_t kEvidenceBytesMax = 16 * 1024;

std::string_view stage_text(ErasureStage stage) {
  return stage == ErasureStage::kKeysDestroyed ? "keys destroyed" : "residue dropped";
}

void put_file_line(std::string& out, std::string_view name, const FileMark& mark) {
  put_named_line(out, name, to_hex(mark.sha256) + " " + std::to_string(mark.bytes));
}

std::optional<std::string_view> value_of(std::string_view text, std::string_view name) {
  const auto start = "\n" + std::string(name) + ": ";
  const auto at = text.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  const auto value = text.substr(at + start.size());
  return value.substr(0, value.find('\n'));
}

std::optional<std::uint64_t> number_of(std::optional<std::string_view> text) {
  std::uint64_t out = 0;
  if (!text) return std::nullopt;
  const auto* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, out);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return out;
}

}  // namespace

std::string evidence_name(ErasureStage stage, std::uint64_t number) {
  auto digits = std::to_string(number);
  if (digits.size() < kNumberDigits) digits.insert(0, kNumberDigits - digits.size(), '0');
  return std::string(kNamePrefix) + digits +
         (stage == ErasureStage::kKeysDestroyed ? "-keys" : "-residue") + std::string(kNameEnd);
}

std::string to_text(const Evidence& evidence) {
  std::string out(kHead);
  put_named_line(out, "number", std::to_string(evidence.number));
  put_named_line(out, "stage", stage_text(evidence.stage));
  put_named_line(out, "time", to_rfc3339_jst(evidence.at));
  put_named_line(out, "persons", std::to_string(evidence.persons));
  if (evidence.numbers > 0)
    put_named_line(out, "individual numbers", std::to_string(evidence.numbers));
  if (evidence.order) {
    put_named_line(out, "ordered by", evidence.order->operator_name.text());
    put_named_line(out, "approved by", evidence.order->approver.text());
    put_named_line(out, "reason", evidence.order->reason.text());
  }
  put_named_line(out, "root before", std::to_string(evidence.turn.epoch_before));
  put_named_line(out, "root after", std::to_string(evidence.turn.epoch_after));
  put_named_line(
      out, "root before was",
      evidence.token ? "destroyed in the token, slot zeroed in place" : "zeroed in place");
  put_named_line(out, "slot read back", "zero");
  put_file_line(out, "keys file before", evidence.turn.keys_before);
  put_file_line(out, "keys file after", evidence.turn.keys_after);
  if (evidence.residue) {
    put_named_line(out, "rows dropped", std::to_string(evidence.residue->rows));
    put_file_line(out, "base before", evidence.residue->base_before);
    put_file_line(out, "base after", evidence.residue->base_after);
    put_file_line(out, "card index before", evidence.residue->index_before);
    put_file_line(out, "card index after", evidence.residue->index_after);
  }
  put_named_line(out, "finished by a later start", evidence.resumed ? "yes" : "no");
  put_named_line(out, "method", "NIST SP 800-88 Rev. 1, purge by cryptographic erase, AES-256-GCM");
  return out;
}

Result<EvidenceLine> read_evidence(std::string_view text) {
  const Error bad{ErrorCode::kStoreCorrupt, "erasure evidence"};
  if (!text.starts_with(kHead)) return bad;
  const auto stage = value_of(text, "stage");
  const auto number = number_of(value_of(text, "number"));
  const auto persons = number_of(value_of(text, "persons"));
  const auto time = value_of(text, "time");
  if (!stage || !number || !persons || !time) return bad;
  const auto at = parse_rfc3339(*time);
  if (!at) return bad;
  EvidenceLine out{ErasureStage::kKeysDestroyed, *number, at.value(), *persons,
                   number_of(value_of(text, "individual numbers")).value_or(0)};
  if (*stage == stage_text(ErasureStage::kResidueDropped)) {
    out.stage = ErasureStage::kResidueDropped;
  } else if (*stage != stage_text(ErasureStage::kKeysDestroyed)) {
    return bad;
  }
  return out;
}

Result<std::vector<EvidenceLine>> list_evidence(Files& files, const std::string& folder,
                                                UtcTime from, UtcTime until) {
  CERTRELAY_TRY(const auto names, files.list(folder));
  std::vector<EvidenceLine> out;
  for (const auto& name : names) {
    if (!name.starts_with(kNamePrefix) || !name.ends_with(kNameEnd)) continue;
    CERTRELAY_TRY(const auto bytes, files.read_all(folder + "/" + name, kEvidenceBytesMax));
    CERTRELAY_TRY(const auto one, read_evidence(as_text(bytes)));
    if (one.at >= from && one.at < until) out.push_back(one);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return out;
}

}  // namespace certrelay
