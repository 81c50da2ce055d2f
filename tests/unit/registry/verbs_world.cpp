#include "tests/unit/registry/verbs_world.hpp"

#include <gtest/gtest.h>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {

VerbsWorld::VerbsWorld(const GuardRails& rails, bool numbers)
    : RegisterWorld(numbers),
      key(FeederKey::generate().value()),
      verifier(FeederVerifier::from_pems({public_key_pem(key.spki())}).value()),
      ledger(clock),
      reg(open().value()),
      verbs({.municipality = MunicipalityCode::parse("392901").value(),
             .spool_folder = "/s/spool",
             .rails = rails},
            {files, clock, entropy, *reg, verifier, ledger, hand_overs, io.get_executor(),
             io.get_executor(), [this] { return end_numbers(); }}) {
  EXPECT_TRUE(verbs.start().has_value());
}

HttpAnswer VerbsWorld::call(HttpMethod method, const std::string& path, Bytes body,
                            HttpHeaders headers) {
  RequestFrame frame{1, Role::kRegistry, PeerName::parse("feeder").value(), {}};
  if (!body.empty()) {
    headers.push_back({"content-digest", format_content_digest(sha256(ByteView(body)))});
  }
  frame.request = {method, path, std::move(headers), std::move(body)};
  return run(verbs.handle(std::move(frame)));
}

HttpAnswer VerbsWorld::call_signed(StatementKind kind, const std::string& path, const Bytes& body,
                                   std::uint64_t generation) {
  clock.pass(std::chrono::milliseconds(1));
  const auto statement = key.sign(kind, MunicipalityCode::parse("392901").value(),
                                  {generation, 0, clock.utc_now()}, body);
  return call(HttpMethod::kPost, path, body,
              {{std::string(kStatementHeader), format_statement(statement.value())}});
}

HttpAnswer VerbsWorld::offer(const sample::Extract& extract) {
  const auto json = encode(extract.manifest).value();
  return call_signed(StatementKind::kManifest, "/v1/extracts", Bytes(json.begin(), json.end()),
                     extract.manifest.generation);
}

std::string VerbsWorld::stream_of(const sample::Extract& extract) {
  std::string clear = encode(extract.manifest).value();
  for (const auto& file : extract.manifest.files) clear += extract.files.at(file.name);
  return clear;
}

Bytes VerbsWorld::sealed(const std::string& clear, const ManifestAnswer& to) {
  ImportSealer sealer(to.import_key, to.extract_id);
  Bytes out = sealer.header();
  for (std::size_t at = 0; at < clear.size(); at += kImportChunkSize) {
    const auto piece = std::string_view(clear).substr(at, kImportChunkSize);
    const auto chunk = sealer.seal_chunk(as_bytes(piece), at + piece.size() == clear.size());
    out.insert(out.end(), chunk.begin(), chunk.end());
  }
  return out;
}

HttpAnswer VerbsWorld::patch(const ExtractId& id, std::uint64_t offset, ByteView bytes) {
  return call(HttpMethod::kPatch, path_of(id), Bytes(bytes.begin(), bytes.end()),
              {{"upload-offset", std::to_string(offset)}});
}

ExtractId VerbsWorld::send(const sample::Extract& extract) {
  const auto to = decode_manifest_answer(offer(extract).body).value();
  EXPECT_EQ(patch(to.extract_id, 0, sealed(extract, to)).status, 204);
  return to.extract_id;
}

HttpAnswer VerbsWorld::activate(const ExtractId& id, std::uint64_t generation,
                                std::optional<UtcTime> at) {
  return call_signed(StatementKind::kActivate, path_of(id) + "/activate",
                     encode(ActivateRequest{at}).value(), generation);
}

ExtractReport VerbsWorld::report(const ExtractId& id) {
  return decode_extract_report(call(HttpMethod::kGet, path_of(id)).body).value();
}

RegisterStatus VerbsWorld::status() {
  return decode_register_status(call(HttpMethod::kGet, "/v1/register").body).value();
}

HttpAnswer VerbsWorld::call_sealed(StatementKind kind, const std::string& path,
                                   std::uint64_t sequence, const Bytes& clear,
                                   const MunicipalityCode& city) {
  clock.pass(std::chrono::milliseconds(1));
  const auto statement = key.sign(kind, city, {1, sequence, clock.utc_now()}, clear);
  return call(HttpMethod::kPost, path, seal_change(status().change_key, clear),
              {{std::string(kStatementHeader), format_statement(statement.value())}});
}

HttpAnswer VerbsWorld::change(std::uint64_t sequence, const RegisterChange& what,
                              IndividualNumbers numbers) {
  return call_sealed(StatementKind::kChange, "/v1/changes", sequence, encode(what, numbers).value(),
                     MunicipalityCode::parse("392901").value());
}

HttpAnswer VerbsWorld::beat(std::uint64_t sequence, std::optional<UtcTime> until) {
  clock.pass(std::chrono::milliseconds(1));
  const auto body = encode(HeartbeatRequest{until}).value();
  const auto statement =
      key.sign(StatementKind::kHeartbeat, MunicipalityCode::parse("392901").value(),
               {1, sequence, clock.utc_now()}, body);
  return call(HttpMethod::kPost, "/v1/heartbeats", body,
              {{std::string(kStatementHeader), format_statement(statement.value())}});
}

void VerbsWorld::serve() { ASSERT_EQ(activate(send(small_city(1)), 1).status, 200); }

sample::Extract VerbsWorld::small_city(std::uint64_t number) { return generation(number, 6); }

void VerbsWorld::tick() {
  boost::asio::co_spawn(io, verbs.tick(), [](const std::exception_ptr&) {});
  testing::run_ready(io);
}

std::string VerbsWorld::problem_of(const HttpAnswer& answer) {
  const auto problem = decode_problem(answer.body);
  return problem ? std::string(to_text(problem.value().code)) : "no problem";
}

sample::Extract generation(std::uint64_t number, std::size_t households) {
  auto content = sample::content(households);
  content.generation = number;
  return sample::extract(content);
}

}  // namespace certrelay
