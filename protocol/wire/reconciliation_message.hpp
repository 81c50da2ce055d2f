// POST /v1/reconciliations: the source system says how many people it has in each block and what
// their records hash to under a nonce of this call; the answer names the blocks that differ. No
// record travels, and a digest means nothing outside the call (protocol/extract/block_digest.hpp).
#pragma once

#include <vector>

#include "protocol/base/sha256.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

inline constexpr std::size_t kReconciliationBlocksMax = 4096;  // in one call
inline constexpr std::size_t kReconciliationBytesMax = std::size_t{512} * 1024;

struct ReconciliationRequest {
  std::array<std::uint8_t, 32> nonce;  // fresh and random
  std::uint64_t blocks;                // a person is in the block `person id modulo blocks`
  struct Block {
    std::uint64_t block;  // below `blocks`, rising
    std::uint64_t persons;
    Digest digest;
  };
  std::vector<Block> stated;
};

struct ReconciliationAnswer {
  RegisterVersion version;
  struct Block {
    std::uint64_t block;
    std::uint64_t persons;  // that the register has there
  };
  std::vector<Block> differing;  // rising; none: all stated blocks agree
};

// Errors: see open_message.hpp; kMalformed (blocks that do not rise or lie outside).
Result<ReconciliationRequest> decode_reconciliation_request(ByteView body);
Result<Bytes> encode(const ReconciliationRequest& message);
Result<ReconciliationAnswer> decode_reconciliation_answer(ByteView body);
Result<Bytes> encode(const ReconciliationAnswer& message);

}  // namespace certrelay
