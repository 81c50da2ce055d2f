// The console's calls to the vault: the very calls of certrelayctl, in the person's own session.
// What a page shows came through here a moment ago; nothing is kept.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "protocol/wire/ledger_message.hpp"
#include "protocol/wire/login_message.hpp"
#include "protocol/wire/operator_message.hpp"
#include "protocol/wire/overview_message.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

// One question to the vault in the name of the connection's peer.
using AskVault = std::function<boost::asio::awaitable<Result<HttpAnswer>>(HttpRequest)>;

// Of one page. Errors of every call: kRefusedByServer, then problem() says why; the link's and the
// decoders'.
class VaultCalls {
 public:
  // `cookie` as the browser sent it; may be empty.
  VaultCalls(AskVault ask, std::string cookie) : ask_(std::move(ask)), cookie_(std::move(cookie)) {}

  template <class T>
  using Answered = boost::asio::awaitable<Result<T>>;

  Answered<SessionView> session();
  Answered<RelayState> state();
  Answered<Overview> overview();
  Answered<PendingList> pending();
  Answered<OperatorList> operators();
  Answered<ActionReport> report(ActionId id);
  // Every page of what agrees, at most `pages_max`; `cut` tells whether there was more.
  struct Entries {
    std::vector<Entry> entries;
    bool cut = false;
  };
  Answered<Entries> query(std::string_view csrf, LedgerQueryRequest request, std::size_t pages_max);
  // Any POST with the session's token, or without one before there is a session.
  Answered<HttpAnswer> post(std::string_view path, std::string_view csrf, Bytes body);

  // Of the last call that was refused.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  Answered<HttpAnswer> get(std::string path);
  Answered<HttpAnswer> send(HttpRequest request);

  AskVault ask_;
  std::string cookie_;
  std::optional<Problem> problem_;
};

}  // namespace certrelay
