// Issuance and the sealed register joined as the vault joins them, on simulated time.
#pragma once

#include <boost/asio/co_spawn.hpp>

#include "protocol/extract/change.hpp"
#include "protocol/wire/content_digest.hpp"
#include "relay/registry/registry_verbs.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay::testing {

// Cards of the sample extract's issuer.
class ExtractCards final : public CardPort {
 public:
  Result<VerifiedCard> verify(ByteView certificate, ByteView payload, ByteView signature,
                              CardAlgorithm algorithm, UtcTime now) const override {
    CERTRELAY_TRY(auto card, plain_.verify(certificate, payload, signature, algorithm, now));
    card.card.issuer_der = sample::issuer_der();
    return card;
  }
  CardHealth health() const override { return {}; }

 private:
  MemoryCards plain_;
};

struct JoinedWorld : RegisterWorld {
  explicit JoinedWorld(const sample::Content& content = sample::content(6),
                       const KindCalendar& calendar = {})
      : reg(open().value()),
        key(AnswerKey::generate().value()),
        feeder(FeederKey::generate().value()),
        verifier(FeederVerifier::from_pems({public_key_pem(feeder.spki())}).value()),
        issuance(
            {.municipality = city,
             .demo = true,
             .calendar = {{CertificateKind::kJuminhyo, calendar}},
             .deadlines = {},
             .table = {}},
            {clock, entropy, cards, *reg, ledger, test_render_kit(), key, alarm, refusals, orders}),
        verbs({.municipality = city, .spool_folder = "/s/spool"},
              {files, clock, entropy, *reg, verifier, ledger, issuance, io.get_executor(),
               io.get_executor()}) {
    EXPECT_TRUE(import(*reg, sample::extract(content)).has_value());
    EXPECT_TRUE(verbs.start().has_value());
  }
  ~JoinedWorld() { clock.forget_alarms(); }

  // Begins a call; `answer` is filled when it ends.
  void begin(boost::asio::awaitable<HttpAnswer> call, std::optional<HttpAnswer>& answer) {
    boost::asio::co_spawn(
        io, std::move(call),
        [&answer](const std::exception_ptr&, HttpAnswer got) { answer = std::move(got); });
    io.restart();
    run_ready(io);
  }
  HttpAnswer end(std::optional<HttpAnswer>& answer) {
    while (!answer && clock.advance()) {
      io.restart();
      run_ready(io);
    }
    return answer.value();
  }
  static RequestFrame frame(Role role, const std::string& path, Bytes body, HttpHeaders headers) {
    headers.push_back({"content-digest", format_content_digest(sha256(ByteView(body)))});
    return {1,
            role,
            PeerName::parse("peer").value(),
            {HttpMethod::kPost, path, std::move(headers), std::move(body)}};
  }
  void begin_post(const std::string& path, Bytes body, std::optional<HttpAnswer>& answer) {
    begin(issuance.handle(frame(Role::kCenter, path, std::move(body), {}), clock.steady_now()),
          answer);
  }
  HttpAnswer post(const std::string& path, Bytes body) {
    std::optional<HttpAnswer> answer;
    begin_post(path, std::move(body), answer);
    return end(answer);
  }
  HttpAnswer change(std::uint64_t sequence, const RegisterChange& what) {
    clock.pass(std::chrono::milliseconds(1));
    const auto clear = encode(what).value();
    const auto status = [&] {
      std::optional<HttpAnswer> answer;
      RequestFrame get{1,
                       Role::kRegistry,
                       PeerName::parse("peer").value(),
                       {HttpMethod::kGet, "/v1/register", {}, {}}};
      begin(verbs.handle(std::move(get)), answer);
      return decode_register_status(answer.value().body).value();
    }();
    const auto statement =
        feeder.sign(StatementKind::kChange, city, {1, sequence, clock.utc_now()}, clear);
    std::optional<HttpAnswer> answer;
    begin(
        verbs.handle(frame(Role::kRegistry, "/v1/changes", seal_change(status.change_key, clear),
                           {{std::string(kStatementHeader), format_statement(statement.value())}})),
        answer);
    return end(answer);
  }
  TransactionId fresh_id() {
    return TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy))).value();
  }
  HttpAnswer inquire(const TransactionId& id, std::uint64_t person) {
    const auto opened = post(
        "/v1/transactions",
        encode(OpenRequest{id, city, KioskId::parse("KIOSK-1").value(), CertificateKind::kJuminhyo})
            .value());
    const auto payload = decode_open_answer(opened.body).value().signed_payload;
    const auto serial = sample::card_of(sample::person_id(person)).serial;
    return post(IssuanceWorld::path_of(id, "/inquiry"),
                IssuanceWorld::inquiry_body(serial, payload));
  }
  static std::string issuance_path(const TransactionId& id) {
    return IssuanceWorld::path_of(id, "/issuance");
  }

  const MunicipalityCode city = MunicipalityCode::parse("392901").value();
  boost::asio::io_context io;
  std::unique_ptr<SealedRegister> reg;
  ExtractCards cards;
  MemoryLedger ledger{clock};
  AlarmLatch alarm;
  RefusalCounts refusals;
  ServiceOrders orders;
  AnswerKey key;
  FeederKey feeder;
  FeederVerifier verifier;
  Issuance issuance;
  RegistryVerbs verbs;
};

}  // namespace certrelay::testing
