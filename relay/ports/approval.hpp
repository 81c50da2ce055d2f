// Proof that a person ordered something, and proof that two persons did. Whoever carries out a
// dangerous action takes an Approval by value: without one there is nothing to call it with.
#pragma once

#include <optional>
#include <utility>

#include "protocol/base/check.hpp"
#include "protocol/wire/operator_action.hpp"

namespace certrelay {

// One person's own signature over an action that needs no second person.
struct OrderedAction {
  OperatorAction action;
  TerminalName terminal;
};
// Two different persons' own signatures over the same bytes of an action.
struct ApprovedAction {
  OperatorAction action;  // names the proposer
  OperatorName approver;
  TerminalName terminal;  // the approver's
};

// Move-only, made by the approval desk (relay/operators/approval_desk.hpp) alone, spent once.
template <class Facts>
class [[nodiscard]] Warrant {
 public:
  Warrant(Warrant&& other) noexcept : facts_(std::move(other.facts_)) { other.facts_.reset(); }
  Warrant& operator=(Warrant&& other) noexcept {
    if (this == &other) return *this;
    facts_ = std::move(other.facts_);
    other.facts_.reset();
    return *this;
  }
  Warrant(const Warrant&) = delete;
  Warrant& operator=(const Warrant&) = delete;
  ~Warrant() = default;

  // Precondition: not spent and not moved from (CHECK).
  const Facts& look() const {
    CERTRELAY_CHECK(facts_.has_value());
    return *facts_;
  }
  // What was ordered, once.
  Facts spend() && {
    CERTRELAY_CHECK(facts_.has_value());
    Facts facts = std::move(*facts_);
    facts_.reset();
    return facts;
  }

 private:
  friend class ApprovalDesk;
  explicit Warrant(Facts facts) : facts_(std::move(facts)) {}
  std::optional<Facts> facts_;
};

using PersonalOrder = Warrant<OrderedAction>;
using Approval = Warrant<ApprovedAction>;

}  // namespace certrelay
