// What can be ordered: one row an action, with what carries it out. Who may order it stands in
// roles.hpp; an action without a row there, or here, does not exist.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <variant>
#include <vector>

#include "relay/ports/approval.hpp"

namespace certrelay {

// What the operator is told: one line, at most kActionDetailBytesMax bytes, no personal data.
using ActionResult = boost::asio::awaitable<Result<std::string>>;
// Each writes the entry of the effect before the effect (effect_entry()), and may be called again
// for another action while it waits.
using CarryOutOrder = std::function<ActionResult(PersonalOrder)>;
using CarryOutApproval = std::function<ActionResult(Approval)>;

struct ActionRow {
  std::string_view code;                        // "alarm.clear"
  std::vector<std::string_view> parameters;     // demanded; all others are refused
  std::vector<std::string_view> may_have = {};  // further ones that may be absent
  // Asked when it is proposed, so that nobody is bothered in vain. May be empty.
  std::function<Result<void>(const OperatorAction&)> check = {};
  // One person's that takes longer than anybody waits for an answer: `running` is answered at once,
  // and the same proposal again asks for its end.
  bool lasts = false;
  // The alternative must be what roles.hpp demands (CHECK): one person, or two.
  std::variant<CarryOutOrder, CarryOutApproval> carry_out;
};

class ActionTable {
 public:
  // Rows are looked up by code. Precondition: a permission of that verb that agrees with
  // carry_out, and no second row of that code (CHECK).
  void add(ActionRow row);
  // Null when there is none.
  const ActionRow* find(std::string_view code) const;
  // Known, and exactly its parameters. Errors: kActionUnknown, and row.check's.
  Result<const ActionRow*> match(const OperatorAction& action) const;

 private:
  std::vector<ActionRow> rows_;
};

}  // namespace certrelay
