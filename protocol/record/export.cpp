#include "protocol/record/export.hpp"

#include <algorithm>
#include <boost/json/object.hpp>

#include "protocol/base/json.hpp"
#include "protocol/record/note.hpp"
#include "protocol/record/retention.hpp"

namespace certrelay {
namespace {

namespace json = boost::json;

constexpr std::int64_t kFormat = 1;
constexpr JsonLimits kLimits{.bytes_max = kExportLineBytesMax, .depth_max = 2};

Result<Bytes> base64_of(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto text, object.string(name));
  return from_base64(text);
}

Result<Digest> digest_of(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto bytes, base64_of(object, name));
  Digest out{};
  if (bytes.size() != out.size()) return Error{ErrorCode::kMalformed, "export: digest"};
  std::ranges::copy(bytes, out.begin());
  return out;
}

Result<LedgerSequence> sequence_of(JsonObject& object, std::string_view name) {
  CERTRELAY_TRY(const auto number, object.integer(name));
  if (number < 0) return Error{ErrorCode::kMalformed, "export: number"};
  return LedgerSequence(static_cast<std::uint64_t>(number));
}

Result<ExportLine> parse_head(JsonObject& object) {
  ExportHead out;
  CERTRELAY_TRY(const auto format, object.integer("certrelay_ledger_export"));
  if (format != kFormat) return Error{ErrorCode::kMalformed, "export: another format"};
  CERTRELAY_TRY(const auto origin, object.string("origin"));
  if (!is_note_key_name(origin)) return Error{ErrorCode::kMalformed, "export: origin"};
  CERTRELAY_TRY(out.before.last, sequence_of(object, "before"));
  CERTRELAY_TRY(out.before.chain, digest_of(object, "chain"));
  CERTRELAY_TRY(const auto tree, base64_of(object, "tree"));
  CERTRELAY_TRY(out.before.tree, MerkleFrontier::parse(tree));
  if (object.has("checkpoint")) {
    CERTRELAY_TRY(const auto note, object.string("checkpoint"));
    out.checkpoint = note;
  }
  if (object.has("pruning")) {
    CERTRELAY_TRY(const auto note, object.string("pruning"));
    out.pruning = note;
  }
  CERTRELAY_TRY(object.expect_no_more());
  out.origin = origin;
  return ExportLine(std::move(out));
}

Result<ExportLine> parse_entry(JsonObject& object) {
  ExportEntry out;
  CERTRELAY_TRY(out.entry, base64_of(object, "entry"));
  CERTRELAY_TRY(out.chain, digest_of(object, "chain"));
  CERTRELAY_TRY(object.expect_no_more());
  return ExportLine(std::move(out));
}

Result<ExportLine> parse_end(JsonObject& object) {
  ExportEnd out;
  CERTRELAY_TRY(out.last, sequence_of(object, "end"));
  CERTRELAY_TRY(out.root, digest_of(object, "root"));
  CERTRELAY_TRY(object.expect_no_more());
  return ExportLine(std::move(out));
}

json::object to_json(const ExportHead& head) {
  json::object out{{"certrelay_ledger_export", kFormat},
                   {"origin", head.origin},
                   {"before", head.before.last.value()},
                   {"chain", to_base64(head.before.chain)},
                   {"tree", to_base64(head.before.tree.encode())}};
  if (head.checkpoint) out["checkpoint"] = *head.checkpoint;
  if (head.pruning) out["pruning"] = *head.pruning;
  return out;
}

json::object to_json(const ExportEntry& entry) {
  return {{"entry", to_base64(entry.entry)}, {"chain", to_base64(entry.chain)}};
}

json::object to_json(const ExportEnd& end) {
  return {{"end", end.last.value()}, {"root", to_base64(end.root)}};
}

}  // namespace

std::string encode_export_line(const ExportLine& line) {
  return std::visit([](const auto& what) { return to_json_text(to_json(what)); }, line);
}

Result<ExportLine> parse_export_line(std::string_view line) {
  CERTRELAY_TRY(const auto value, parse_strict_json(line, kLimits));
  CERTRELAY_TRY(auto object, JsonObject::from(value));
  if (object.has("certrelay_ledger_export")) return parse_head(object);
  if (object.has("entry")) return parse_entry(object);
  return parse_end(object);
}

Result<void> ExportVerifier::take_head(ExportHead head) {
  const auto& before = head.before;
  const bool starts = before.last == LedgerSequence();
  if (before.tree.size() != before.last.value() ||
      (starts && before.chain != chain_start(head.origin))) {
    return Error{ErrorCode::kChainBroken, "export: head"};
  }
  if (head.pruning) {
    CERTRELAY_TRY(const auto statement, parse_pruning_note(*head.pruning));
    if (statement.origin != head.origin || !(statement.state == before)) {
      return Error{ErrorCode::kStatementInvalid, "export: a pruning of other entries"};
    }
    pruning_ = head.pruning;
  }
  if (head.checkpoint) {
    CERTRELAY_TRY(const auto note, parse_note(*head.checkpoint));
    CERTRELAY_TRY(promised_, parse_checkpoint(note.text));
    if (promised_->origin != head.origin || promised_->size <= before.tree.size()) {
      return Error{ErrorCode::kCheckpointMismatch, "export: a checkpoint of other entries"};
    }
    checkpoint_ = std::move(head.checkpoint);
  }
  origin_ = std::move(head.origin);
  state_ = std::move(head.before);
  return ok();
}

Result<void> ExportVerifier::take_entry(const ExportEntry& entry) {
  auto next = state_;
  CERTRELAY_TRY(verify_next(next, entry.entry, entry.chain));
  if (promised_ && promised_->size == next.tree.size()) {
    if (promised_->root != next.tree.root()) {
      return Error{ErrorCode::kCheckpointMismatch, "export: checkpoint and entries disagree"};
    }
    promised_.reset();
  }
  state_ = std::move(next);
  return ok();
}

Result<void> ExportVerifier::take_end(const ExportEnd& end) {
  if (end.last != state_.last || end.root != state_.tree.root()) {
    return Error{ErrorCode::kTreeMismatch, "export: entries and end disagree"};
  }
  if (promised_) {
    return Error{ErrorCode::kCheckpointMismatch, "export: ends before its checkpoint"};
  }
  return ok();
}

Result<void> ExportVerifier::take(std::string_view line) {
  const auto stage = std::exchange(stage_, Stage::kFailed);
  CERTRELAY_TRY(auto parsed, parse_export_line(line));
  if (auto* head = std::get_if<ExportHead>(&parsed); head != nullptr && stage == Stage::kHead) {
    CERTRELAY_TRY(take_head(std::move(*head)));
    stage_ = Stage::kEntries;
  } else if (stage != Stage::kEntries) {
    return Error{ErrorCode::kMalformed, "export: order of lines"};
  } else if (const auto* entry = std::get_if<ExportEntry>(&parsed)) {
    CERTRELAY_TRY(take_entry(*entry));
    stage_ = Stage::kEntries;
  } else if (const auto* end = std::get_if<ExportEnd>(&parsed)) {
    CERTRELAY_TRY(take_end(*end));
    stage_ = Stage::kEnd;
  } else {
    return Error{ErrorCode::kMalformed, "export: a second head"};
  }
  return ok();
}

Result<void> ExportVerifier::expect_end() const {
  if (stage_ != Stage::kEnd) return Error{ErrorCode::kMalformed, "export: cut off"};
  return ok();
}

}  // namespace certrelay
