#include "protocol/wire/reconciliation_message.hpp"

#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

Result<std::uint64_t> number(JsonObject& in, std::string_view name) {
  return number_field<std::uint64_t>(in, name, 0, kJsonIntegerMax);
}

template <class Block>
Result<void> check_rising(const std::vector<Block>& blocks) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].block > kJsonIntegerMax || blocks[i].persons > kJsonIntegerMax) {
      return Error{ErrorCode::kLimitExceeded, "reconciliation: number"};
    }
    if (i > 0 && blocks[i - 1].block >= blocks[i].block) {
      return Error{ErrorCode::kMalformed, "reconciliation: blocks do not rise"};
    }
  }
  return ok();
}

Result<void> check(const ReconciliationRequest& message) {
  CERTRELAY_TRY(check_count(message.stated.size(), 1, kReconciliationBlocksMax));
  CERTRELAY_TRY(check_rising(message.stated));
  if (message.blocks > kJsonIntegerMax || message.stated.back().block >= message.blocks) {
    return Error{ErrorCode::kMalformed, "reconciliation: block outside"};
  }
  return ok();
}

Result<ReconciliationRequest> read_request(JsonObject& in) {
  using Block = ReconciliationRequest::Block;
  ReconciliationRequest out{};
  CERTRELAY_TRY(out.nonce, base64_array_field<32>(in, "nonce"));
  CERTRELAY_TRY(out.blocks, number(in, "blocks"));
  CERTRELAY_TRY(out.stated,
                objects_field<Block>(
                    in, "stated", kReconciliationBlocksMax, [](JsonObject& one) -> Result<Block> {
                      Block block{};
                      CERTRELAY_TRY(block.block, number(one, "block"));
                      CERTRELAY_TRY(block.persons, number(one, "persons"));
                      CERTRELAY_TRY(block.digest, base64_array_field<32>(one, "digest"));
                      return block;
                    }));
  CERTRELAY_TRY(check(out));
  return out;
}

Result<ReconciliationAnswer> read_answer(JsonObject& in) {
  using Block = ReconciliationAnswer::Block;
  ReconciliationAnswer out{};
  CERTRELAY_TRY(out.version.generation, number(in, "generation"));
  CERTRELAY_TRY(out.version.sequence, number(in, "sequence"));
  CERTRELAY_TRY(out.differing,
                objects_field<Block>(in, "differing", kReconciliationBlocksMax,
                                     [](JsonObject& one) -> Result<Block> {
                                       Block block{};
                                       CERTRELAY_TRY(block.block, number(one, "block"));
                                       CERTRELAY_TRY(block.persons, number(one, "persons"));
                                       return block;
                                     }));
  CERTRELAY_TRY(check_rising(out.differing));
  return out;
}

}  // namespace

Result<ReconciliationRequest> decode_reconciliation_request(ByteView body) {
  return decode_body<ReconciliationRequest>(body, kReconciliationBytesMax, read_request);
}

Result<Bytes> encode(const ReconciliationRequest& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"nonce", to_base64(message.nonce)},
                                     {"blocks", message.blocks},
                                     {"stated", to_array_of(message.stated, [](const auto& block) {
                                        return boost::json::object{
                                            {"block", block.block},
                                            {"persons", block.persons},
                                            {"digest", to_base64(block.digest)}};
                                      })}});
}

Result<ReconciliationAnswer> decode_reconciliation_answer(ByteView body) {
  return decode_body<ReconciliationAnswer>(body, kReconciliationBytesMax, read_answer);
}

Result<Bytes> encode(const ReconciliationAnswer& message) {
  CERTRELAY_TRY(check_count(message.differing.size(), 0, kReconciliationBlocksMax));
  CERTRELAY_TRY(check_rising(message.differing));
  return to_body(boost::json::object{
      {"generation", message.version.generation},
      {"sequence", message.version.sequence},
      {"differing", to_array_of(message.differing, [](const auto& block) {
         return boost::json::object{{"block", block.block}, {"persons", block.persons}};
       })}});
}

}  // namespace certrelay
