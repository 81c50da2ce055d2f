#include "protocol/record/retention.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace certrelay {
namespace {

constexpr std::string_view kChain = "pruned-chain ";
constexpr std::string_view kTree = "pruned-tree ";
constexpr std::string_view kNewest = "pruned-newest ";
constexpr std::string_view kAt = "pruned-at ";
constexpr std::size_t kLines = 4;

Error invalid() { return {ErrorCode::kStatementInvalid, "pruning: statement"}; }

// What follows the word at the line's front.
Result<std::string_view> after_word(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return invalid();
  return line.substr(word.size());
}

std::string milliseconds_text(UtcTime time) {
  return std::to_string(time.time_since_epoch().count());
}

Result<UtcTime> parse_milliseconds(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc() || count < 0 || std::to_string(count) != text) return invalid();
  return UtcTime(std::chrono::milliseconds(count));
}

Result<ChainState> state_in(const Checkpoint& checkpoint) {
  CERTRELAY_TRY(const auto chain_text, after_word(checkpoint.extensions[0], kChain));
  CERTRELAY_TRY(const auto tree_text, after_word(checkpoint.extensions[1], kTree));
  const auto chain = from_base64(chain_text);
  const auto tree = from_base64(tree_text);
  ChainState state;
  if (!chain || !tree || chain.value().size() != state.chain.size()) return invalid();
  std::ranges::copy(chain.value(), state.chain.begin());
  auto frontier = MerkleFrontier::parse(tree.value());
  if (!frontier || frontier.value().size() != checkpoint.size ||
      frontier.value().root() != checkpoint.root) {
    return invalid();
  }
  state.tree = std::move(frontier).value();
  state.last = LedgerSequence(checkpoint.size);
  return state;
}

}  // namespace

JstDay retention_until(UtcTime written) {
  const std::chrono::year_month_day day(jst_day(written));
  const auto later = day + kLedgerRetention;
  return later.ok() ? JstDay(later) : JstDay(later.year() / later.month() / std::chrono::last);
}

Checkpoint to_checkpoint(const PruningStatement& statement) {
  auto out = checkpoint_of(statement.origin, statement.state);
  out.extensions = {std::string(kChain) + to_base64(statement.state.chain),
                    std::string(kTree) + to_base64(statement.state.tree.encode()),
                    std::string(kNewest) + milliseconds_text(statement.newest),
                    std::string(kAt) + milliseconds_text(statement.pruned_at)};
  return out;
}

Result<PruningStatement> parse_pruning(const Checkpoint& checkpoint) {
  if (checkpoint.extensions.size() != kLines || checkpoint.size == 0 ||
      checkpoint.size % kPruningBlock != 0) {
    return invalid();
  }
  PruningStatement out{.origin = checkpoint.origin, .state = {}};
  CERTRELAY_TRY(out.state, state_in(checkpoint));
  CERTRELAY_TRY(const auto newest, after_word(checkpoint.extensions[2], kNewest));
  CERTRELAY_TRY(out.newest, parse_milliseconds(newest));
  CERTRELAY_TRY(const auto at, after_word(checkpoint.extensions[3], kAt));
  CERTRELAY_TRY(out.pruned_at, parse_milliseconds(at));
  if (jst_day(out.pruned_at) <= retention_until(out.newest)) {
    return Error{ErrorCode::kRetentionNotOver, "pruning: younger than five years"};
  }
  return out;
}

Result<PruningStatement> parse_pruning_note(std::string_view note) {
  CERTRELAY_TRY(const auto parsed, parse_note(note));
  CERTRELAY_TRY(const auto checkpoint, parse_checkpoint(parsed.text));
  return parse_pruning(checkpoint);
}

}  // namespace certrelay
