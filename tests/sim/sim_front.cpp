#include "tests/sim/sim_front.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "firmware/client/answer_head.hpp"
#include "firmware/daemon/control_channel.hpp"
#include "protocol/base/check.hpp"
#include "tests/unit/front/memory_stream.hpp"

namespace certrelay::testing {
namespace {

namespace asio = boost::asio;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

std::string san_of(const PeerName& peer) { return "DNS:" + std::string(peer.text()) + ".example"; }
Digest key_of(const PeerName& peer) { return sha256("key of " + std::string(peer.text())); }

PeerTable table_of(const std::vector<PeerName>& peers) {
  std::vector<PeerRule> rules;
  for (const auto& one : peers) rules.push_back({one, san_of(one), {key_of(one)}});
  return PeerTable::make(std::move(rules)).value();
}

LeafIdentity leaf_of(const PeerName& peer) {
  return {.names = {san_of(peer)},
          .spki = key_of(peer),
          .not_before = UtcTime{},
          .not_after = UtcTime{std::chrono::sys_days{std::chrono::year(2100) / 1 / 1}}};
}

std::string text_of(const HttpRequest& request) {
  const bool post = request.method == HttpMethod::kPost;
  std::string out = (post ? "POST " : "GET ") + request.path + " HTTP/1.1\r\nHost: center\r\n";
  for (const auto& header : request.headers) out += header.name + ": " + header.value + "\r\n";
  if (post) out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return out.append("\r\n").append(as_text(request.body));
}

// None while it has not come whole.
std::optional<HttpAnswer> answer_in(std::string_view sent, HttpMethod method) {
  const auto end = sent.find(kEndOfHead);
  if (end == std::string_view::npos) return std::nullopt;
  const auto size = end + kEndOfHead.size();
  auto head = parse_answer_head(sent.substr(0, size)).value();
  const auto body = body_size(head, method, sent.max_size()).value();
  if (sent.size() < size + body) return std::nullopt;
  const auto bytes = as_bytes(sent.substr(size, body));
  return HttpAnswer{head.status, std::move(head.headers), Bytes(bytes.begin(), bytes.end())};
}

asio::awaitable<void> nothing() { co_return; }

asio::awaitable<void> run_to_its_end(std::shared_ptr<FrontSession> session) {
  co_await session->run();
}

}  // namespace

struct SimFront::Line {
  Line(const asio::any_io_executor& front, const asio::any_io_executor& caller)
      : wire(std::make_shared<Wire>(front)), over(caller) {}
  std::shared_ptr<Wire> wire;
  Event over;  // the answer has come, or none will
};

SimFront::SimFront(asio::io_context& vault, SimClock& clock, std::vector<PeerName> peers,
                   FrontVerbs verbs)
    : vault_(vault),
      names_(std::move(peers)),
      front_(io_.get_executor(), clock, Role::kCenter, {}, table_of(names_)) {
  auto pair = make_link_pair().value();
  asio::local::stream_protocol::socket socket(vault_, asio::local::stream_protocol(),
                                              pair.parent.release());
  const auto session = std::make_shared<FrontSession>(
      std::move(socket), Role::kCenter, std::move(verbs), clock, vault_.get_executor());
  asio::co_spawn(vault_, run_to_its_end(session), asio::detached);
  front_.link.set_link(pair.child.release());
}

SimFront::~SimFront() {
  front_.link.close();
  for (const auto& [id, session] : front_.sessions) session->abort();
  while (run_ready()) {
  }
}

bool SimFront::run_ready() {
  io_.restart();
  return io_.poll() > 0;
}

void SimFront::open(const std::shared_ptr<Line>& line) {
  line->wire->opened.set();
  auto session = std::make_shared<Session>(front_, std::make_unique<MemoryStream>(line->wire));
  const auto id = next_++;
  front_.sessions.emplace(id, session.get());
  asio::co_spawn(io_, session->run(), [this, session, id](const std::exception_ptr& bug) {
    front_.sessions.erase(id);
    if (bug) std::rethrow_exception(bug);
  });
}

asio::awaitable<HttpAnswer> SimFront::call(PeerName peer, HttpRequest request, LineFate fate) {
  const auto line = std::make_shared<Line>(io_.get_executor(), vault_.get_executor());
  auto& wire = *line->wire;
  wire.leaf = leaf_of(peer);
  const auto method = request.method;
  wire.told = [&wire, &over = line->over, method] {
    if (wire.aborted || answer_in(wire.sent, method)) over.set();
  };
  open(line);
  const auto text = text_of(request);
  const auto piece = text.size() / fate.pieces + 1;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (at > 0 && fate.tally != nullptr) {
      ++(wire.incoming.empty() ? fate.tally->read : fate.tally->unread);
    }
    wire.arrive(std::string_view(text).substr(at, piece));
    co_await asio::co_spawn(io_, nothing(), asio::use_awaitable);  // the front's turn
  }
  co_await line->over.wait();
  auto answer = answer_in(wire.sent, method);
  wire.told = nullptr;
  wire.hang_up();
  if (fate.lost || !answer) co_return HttpAnswer{0, {}, {}};
  co_return std::move(*answer);
}

}  // namespace certrelay::testing
