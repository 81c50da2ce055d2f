#include "firmware/client/https_client.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace certrelay {
namespace {

constexpr std::size_t kReadBytes = std::size_t{16} * 1024;

bool carries_length(const HttpRequest& request) {
  return request.method == HttpMethod::kPost || request.method == HttpMethod::kPatch ||
         !request.body.empty();
}

}  // namespace

Result<void> HttpsClient::connect() {
  if (stream_ && stream_->is_idle()) return ok();
  stream_.reset();
  const SteadyTime deadline = clock_->steady_now() + limits_.connect_ms;
  CERTRELAY_TRY(TlsStream stream, TlsStream::connect(*context_, address_, *clock_, deadline));
  stream_.emplace(std::move(stream));
  return ok();
}

Result<HttpAnswer> HttpsClient::exchange(const HttpRequest& request) {
  CERTRELAY_TRY(connect());
  Result<HttpAnswer> answer = send_and_read(request);
  if (!answer) stream_.reset();
  return answer;
}

std::string HttpsClient::head_of(const HttpRequest& request) const {
  std::string out(to_text(request.method));
  out.append(" ").append(request.path).append(" HTTP/1.1\r\nHost: ");
  const std::string& name = context_->server_name();
  const bool is_v6 = name.find(':') != std::string::npos;
  out.append(is_v6 ? "[" + name + "]" : name).append(":").append(address_.port).append("\r\n");
  for (const HttpHeader& header : request.headers) {
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (carries_length(request)) {
    out.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  return out.append("\r\n");
}

Result<void> HttpsClient::send_and_hang_up(const HttpRequest& request) {
  CERTRELAY_TRY(connect());
  const Result<void> sent = send(request, clock_->steady_now() + limits_.answer_ms);
  stream_.reset();
  return sent;
}

Result<void> HttpsClient::send(const HttpRequest& request, SteadyTime deadline) {
  // One write, so that a small request is one TLS record.
  const std::string head = head_of(request);
  Bytes message(head.begin(), head.end());
  message.insert(message.end(), request.body.begin(), request.body.end());
  return stream_->write_all(message, deadline);
}

Result<HttpAnswer> HttpsClient::send_and_read(const HttpRequest& request) {
  const SteadyTime deadline = clock_->steady_now() + limits_.answer_ms;
  CERTRELAY_TRY(send(request, deadline));

  Bytes buffer;
  CERTRELAY_TRY(const std::string head_text, read_head(buffer, deadline));
  CERTRELAY_TRY(AnswerHead answer_head, parse_answer_head(head_text));
  CERTRELAY_TRY(const std::size_t size,
                body_size(answer_head, request.method, limits_.body_bytes_max));
  // Nobody asked for more than one answer.
  if (buffer.size() > size) return Error{ErrorCode::kAnswerMalformed, "answer: bytes after it"};
  CERTRELAY_TRY(read_body(buffer, size, answer_head.status < 300, deadline));
  answer_bytes_ += head_text.size() + size;
  if (answer_head.close) stream_.reset();
  return HttpAnswer{answer_head.status, std::move(answer_head.headers), std::move(buffer)};
}

Result<void> HttpsClient::read_body(Bytes& body, std::size_t size, bool delivered,
                                    SteadyTime deadline) {
  std::size_t filled = body.size();
  if (delivered) delivered_bytes_ += filled;
  body.resize(size);
  while (filled < size) {
    CERTRELAY_TRY(const std::size_t read, read_piece(std::span(body).subspan(filled), deadline));
    if (delivered) delivered_bytes_ += read;
    filled += read;
  }
  return ok();
}

Result<std::size_t> HttpsClient::read_piece(std::span<std::uint8_t> out, SteadyTime deadline) {
  const auto piece = out.first(std::min(out.size(), limits_.read_bytes_max));
  CERTRELAY_TRY(const std::size_t read, stream_->read_some(piece, deadline));
  if (limits_.read_pause_ms.count() > 0) std::this_thread::sleep_for(limits_.read_pause_ms);
  return read;
}

Result<std::string> HttpsClient::read_head(Bytes& buffer, SteadyTime deadline) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::array<std::uint8_t, kReadBytes> chunk;
  while (true) {
    const auto found = std::search(buffer.begin(), buffer.end(), kEnd.begin(), kEnd.end());
    if (found != buffer.end()) {
      const auto rest = found + kEnd.size();
      std::string head(buffer.begin(), rest);
      buffer.erase(buffer.begin(), rest);
      return head;
    }
    if (buffer.size() > kAnswerHeadBytesMax) {
      return Error{ErrorCode::kAnswerMalformed, "answer: head"};
    }
    CERTRELAY_TRY(const std::size_t read, read_piece(chunk, deadline));
    buffer.insert(buffer.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(read));
  }
}

}  // namespace certrelay
