#include "relay/front/second_opinion.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <string>

namespace certrelay {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;

Error differs(std::string_view where) { return {ErrorCode::kGateSecondOpinion, where}; }

bool equal_headers(const Parser& parser, const GateHead& head, const GateRules& rules) {
  std::size_t found = 0;
  for (const std::string_view name : rules.forwarded) {
    const auto [begin, end] = parser.get().equal_range(name);
    if (begin == end) continue;
    const auto ours = only_header(head.headers, name);
    if (std::next(begin) != end || !ours || std::string_view(begin->value()) != *ours) return false;
    ++found;
  }
  return found == head.headers.size();
}

}  // namespace

Result<void> confirm_head(std::string_view raw_head, const GateHead& head, const GateRules& rules) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(rules.head_bytes_max));
  parser.body_limit(rules.body_bytes_max);
  boost::system::error_code failed;
  const std::size_t used =
      parser.put(boost::asio::buffer(raw_head.data(), raw_head.size()), failed);
  if (failed || !parser.is_header_done() || used != raw_head.size()) {
    return differs("second opinion: head");
  }
  const auto& request = parser.get();
  if (std::string_view(request.method_string()) != to_text(head.method) ||
      std::string_view(request.target()) != head.path || request.version() != 11) {
    return differs("second opinion: request line");
  }
  if (parser.chunked() || parser.upgrade() ||
      parser.content_length().value_or(0) != head.content_length ||
      parser.keep_alive() == head.close) {
    return differs("second opinion: framing");
  }
  if (!equal_headers(parser, head, rules)) return differs("second opinion: headers");
  return ok();
}

}  // namespace certrelay
