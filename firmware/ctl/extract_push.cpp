#include "firmware/ctl/extract_push.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/wire/vault_frame.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kOffsetHeader = "upload-offset";

std::string path_of(const ExtractId& id) { return "/v1/extracts/" + id.text(); }

Result<std::uint64_t> offset_in(const HttpAnswer& answer) {
  const auto text = only_header(answer.headers, kOffsetHeader).value_or("");
  std::uint64_t offset = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size()) {
    return Error{ErrorCode::kMalformed, "Upload-Offset"};
  }
  return offset;
}

}  // namespace

Result<HttpAnswer> ExtractPush::call(HttpRequest request,
                                     std::initializer_list<int> wanted_status) {
  problem_.reset();
  CERTRELAY_TRY(HttpAnswer answer, exchange_->exchange(std::move(request)));
  if (std::find(wanted_status.begin(), wanted_status.end(), answer.status) != wanted_status.end()) {
    return answer;
  }
  if (answer.status < 400) return Error{ErrorCode::kMalformed, "an answer of another status"};
  CERTRELAY_TRY(problem_, decode_problem(answer.body));
  return Error{ErrorCode::kRefusedByServer, "refused"};
}

// The register takes statements whose time rises.
UtcTime ExtractPush::rising_now() {
  last_sent_at_ = std::max(clock_->utc_now(), last_sent_at_ + std::chrono::milliseconds{1});
  return last_sent_at_;
}

Result<HttpAnswer> ExtractPush::post_signed(std::string path, StatementKind kind, Bytes body,
                                            std::initializer_list<int> wanted_status) {
  const Manifest& manifest = source_->manifest();
  const RegistryStatement statement{manifest.generation, manifest.last_change, rising_now()};
  CERTRELAY_TRY(const SignedStatement stated,
                key_->sign(kind, manifest.municipality, statement, body));
  HttpRequest request{HttpMethod::kPost,
                      std::move(path),
                      {{"content-type", "application/json"},
                       {std::string(kStatementHeader), format_statement(stated)}},
                      std::move(body)};
  return call(std::move(request), wanted_status);
}

Result<ManifestAnswer> ExtractPush::announce() {
  CERTRELAY_TRY(const HttpAnswer answer, post_signed("/v1/extracts", StatementKind::kManifest,
                                                     source_->manifest_bytes(), {201}));
  clear_left_ = source_->clear_bytes();
  return decode_manifest_answer(answer.body);
}

Result<Bytes> ExtractPush::next_chunk(ImportSealer& sealer) {
  Bytes clear(std::min<std::uint64_t>(clear_left_, kImportChunkSize));
  CERTRELAY_TRY(const std::size_t read, source_->read(clear));
  if (read != clear.size()) return Error{ErrorCode::kDigestMismatch, "extract: it became shorter"};
  clear_left_ -= read;
  Bytes sealed = sealer.seal_chunk(clear, clear_left_ == 0);
  wipe(clear);
  return sealed;
}

Result<void> ExtractPush::send(const ManifestAnswer& announced, const Progress& progress) {
  const std::string path = path_of(announced.extract_id);
  const std::uint64_t all = sealed_import_size(clear_left_);
  ImportSealer sealer(announced.import_key, announced.extract_id);
  Bytes piece = sealer.header();
  std::uint64_t begin = 0;
  while (begin < all) {
    while (clear_left_ > 0 &&
           piece.size() + kImportChunkSize + kImportChunkOverhead <= kRequestBodyBytesMax) {
      CERTRELAY_TRY(const Bytes sealed, next_chunk(sealer));
      piece.insert(piece.end(), sealed.begin(), sealed.end());
    }
    CERTRELAY_TRY(send_piece(path, piece, begin));
    begin += piece.size();
    piece.clear();
    progress(begin, all);
  }
  return ok();
}

// A stream cannot be sealed twice alike, so what the vault may still lack is kept until it has it.
Result<void> ExtractPush::send_piece(const std::string& path, ByteView piece, std::uint64_t begin) {
  const std::uint64_t end = begin + piece.size();
  std::uint64_t offset = begin;
  while (offset < end) {
    const ByteView rest = piece.subspan(static_cast<std::size_t>(offset - begin));
    HttpRequest request{HttpMethod::kPatch,
                        path,
                        {{"content-type", "application/octet-stream"},
                         {std::string(kOffsetHeader), std::to_string(offset)}},
                        Bytes(rest.begin(), rest.end())};
    const auto sent = call(std::move(request), {204});
    std::uint64_t reached = end;
    if (sent) {
      CERTRELAY_TRY(reached, offset_in(sent.value()));
    } else {
      // 409: the answer to an earlier attempt was lost on the way, and its bytes were not.
      if (!problem_ || problem_->code != ProblemCode::kConflict) return sent.error();
      CERTRELAY_TRY(reached, ask_offset(path));
    }
    if (reached <= offset || reached > end) {
      return Error{ErrorCode::kWrongOffset, "the register's offset is not in what was sent"};
    }
    offset = reached;
  }
  return ok();
}

Result<std::uint64_t> ExtractPush::ask_offset(const std::string& path) {
  CERTRELAY_TRY(const HttpAnswer answer, call({HttpMethod::kHead, path, {}, {}}, {204}));
  return offset_in(answer);
}

Result<ExtractReport> ExtractPush::report(const ExtractId& id) {
  CERTRELAY_TRY(const HttpAnswer answer, call({HttpMethod::kGet, path_of(id), {}, {}}, {200}));
  return decode_extract_report(answer.body);
}

Result<Activation> ExtractPush::activate(const ExtractId& id, std::optional<UtcTime> at) {
  CERTRELAY_TRY(Bytes body, encode(ActivateRequest{at}));
  CERTRELAY_TRY(const HttpAnswer answer,
                post_signed(path_of(id) + "/activate", StatementKind::kActivate, std::move(body),
                            {200, 202}));
  Activation out;
  if (answer.status == 202) {
    CERTRELAY_TRY(out.pending, decode_extract_report(answer.body));
  } else {
    CERTRELAY_TRY(out.in_force, decode_register_acknowledgement(answer.body));
  }
  return out;
}

Result<void> ExtractPush::discard(const ExtractId& id) {
  const auto answer = call({HttpMethod::kDelete, path_of(id), {}, {}}, {204});
  // The answer to an earlier attempt was lost.
  const bool gone = !answer && problem_ && problem_->code == ProblemCode::kNotFound;
  if (!answer && !gone) return answer.error();
  return ok();
}

}  // namespace certrelay
