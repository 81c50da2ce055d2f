// What the operators' store holds: the accounts and the actions of the last days.
#pragma once

#include "relay/operators/account.hpp"

namespace certrelay {

// An action from its proposal on. Its id is kept past its expiry, so that it cannot be used again.
struct KeptAction {
  OperatorAction action;        // without parameters once it has ended
  PersonalSignature signature;  // the proposer's
  Digest digest{};              // SHA-256 of action_bytes(): tells a repeat from another action
  UtcTime proposed_at{};        // whole seconds
  TerminalName terminal;        // the proposer's
  ActionState state = ActionState::kPending;
  std::optional<OperatorName> second;  // who approved or denied
  std::string detail;                  // ActionReport::detail

  friend bool operator==(const KeptAction&, const KeptAction&) = default;
};

struct OperatorBook {
  std::uint64_t version = 0;  // of the store; rises with each write
  std::vector<Operator> accounts;
  std::vector<KeptAction> actions;  // oldest first

  // Null when there is none.
  const Operator* find(const OperatorName& name) const;
  const Operator* find_client(std::string_view keyid) const;
  const KeptAction* find(const ActionId& id) const;
  Operator* find(const OperatorName& name);
  KeptAction* find(const ActionId& id);

  std::size_t active(UtcTime now) const;
  std::size_t active_with(OperatorRole role, UtcTime now) const;
  std::size_t pending() const;

  // A new account: name, client key and approval key were never given before.
  // Errors: kOperatorExists, kOperatorsFull (`active_max` are active, or the book is full).
  Result<void> add(Operator account, std::size_t active_max, UtcTime now);
  // From now on; an account stays for the history. Errors: kOperatorUnknown, kOperatorRevoked,
  // kLastCenterHead.
  Result<void> revoke(const OperatorName& name, UtcTime now);

  friend bool operator==(const OperatorBook&, const OperatorBook&) = default;
};

inline constexpr std::size_t kKeptActionsMax = 256;

// The store's plaintext, FORMAT.md. Decoding is strict. Errors: kMalformed, kLimitExceeded,
// kTrailingBytes, kStoreVersion.
Bytes encode_book(const OperatorBook& book);
Result<OperatorBook> decode_book(ByteView bytes);

}  // namespace certrelay
