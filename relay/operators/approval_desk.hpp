// Where orders and approvals are made, and nowhere else: the whole judgement on two screens.
#pragma once

#include "relay/operators/operator_book.hpp"
#include "relay/ports/approval.hpp"

namespace certrelay {

// Pure: everything is judged at `now` by the book as it is.
class ApprovalDesk {
 public:
  // Whose relay it is; the host under which browsers reach it, empty where there is no console.
  struct Site {
    MunicipalityCode municipality;
    std::string host = {};
  };

  // The caller at the terminal, whom the front names by the client key.
  struct Caller {
    const Operator& account;  // active
    const TerminalName& terminal;
  };

  // Whether that person may propose that action with that signature.
  // Errors: kActionUnknown, kRoleNotAllowed, kForeignSignature (another proposer or key),
  // kBadSignature, kActionExpired.
  static Result<void> check_proposal(const Site& site, const Caller& caller,
                                     const OperatorAction& action,
                                     const PersonalSignature& signature, UtcTime now);

  // An action that needs no second person. Errors: as check_proposal; kRoleNotAllowed when it
  // does need one.
  static Result<PersonalOrder> order(const Site& site, const Caller& caller,
                                     const OperatorAction& action,
                                     const PersonalSignature& signature, UtcTime now);

  // An Approval of what waits: both signatures are verified here, over the same bytes, by the keys
  // of two accounts that are active now.
  // Errors: kActionNotPending, kActionExpired, kProposerGone, kSamePerson, kOwnAccount,
  // kRoleNotAllowed, kForeignSignature, kBadSignature.
  static Result<Approval> approve(const Site& site, const OperatorBook& book,
                                  const KeptAction& kept, const Caller& second,
                                  const PersonalSignature& signature, UtcTime now);

  // Who may be the second person, and the proposer, may end it. Errors: kActionNotPending,
  // kRoleNotAllowed, kForeignSignature, kBadSignature.
  static Result<void> check_denial(const Site& site, const KeptAction& kept, const Caller& caller,
                                   const StatedReason& reason, const PersonalSignature& signature);
};

}  // namespace certrelay
