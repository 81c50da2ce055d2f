// Goal: an extract leaves the source system sealed to the vault's own key and arrives whole,
// whatever breaks on the way. Method: a scripted registry that signs, loses answers and opens what
// it received with the import key.
#include "firmware/ctl/extract_push.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"
#include "tests/support/scripted_vault.hpp"
#include "tests/support/socket_test_clock.hpp"
#include "tests/support/tls_test_files.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

constexpr const char* kExtractId = "0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e45";

// An extract's folder as push needs it: the manifest's files with their digests, 3 MB of persons.
class ExtractFolder {
 public:
  ExtractFolder() {
    std::string name = testing::TempDir() + "push-XXXXXX";
    CERTRELAY_CHECK(::mkdtemp(name.data()) != nullptr);
    path = name;
    Manifest manifest{.municipality = MunicipalityCode::parse("392901").value()};
    manifest.generation = 2;
    manifest.created = UtcTime{std::chrono::sys_days{2026y / 11 / 22}};
    manifest.operator_name = "mihon-01";
    manifest.issuers = {Bytes{0x30, 0x00}};
    for (const char* file : {"kinds.csv", "purposes.csv", "entries.csv", "fees.csv", "cards.csv",
                             "households.csv", "persons.csv"}) {
      const std::string content(std::string_view(file) == "persons.csv" ? 3'000'000 : 10, file[0]);
      CERTRELAY_CHECK(files.write_durably(path + "/" + file, as_bytes(content)).has_value());
      manifest.files.push_back({file, content.size(), sha256(content)});
      clear += content;
    }
    const std::string text = encode(manifest).value();
    CERTRELAY_CHECK(files.write_durably(path + "/manifest.json", as_bytes(text)).has_value());
    clear.insert(0, text);
  }

  ~ExtractFolder() { std::filesystem::remove_all(path); }
  ExtractFolder(const ExtractFolder&) = delete;
  ExtractFolder& operator=(const ExtractFolder&) = delete;

  PosixFiles files;
  std::string path;
  std::string clear;  // the stream as it must come out of the seal
};

// What a registry's vault does with a push, as far as the sender can tell.
class FakeRegistry {
 public:
  explicit FakeRegistry(const AnswerKey& answer_key) : answer_key_(answer_key), import_(entropy_) {}

  std::string answer(const std::string& text) {
    const HttpRequest request = parse_scripted_request(text);
    if (unsigned_key_ && request.path == "/v1/extracts") return answer_text(announce());
    const HttpAnswer reply = dispatch(request);
    if (request.method == HttpMethod::kPatch && ++patches_ == lost_patch_) return {};
    return signed_answer_text(reply, request, answer_key_);
  }

  // The received stream, opened with the import key.
  std::string open() const {
    const ExtractId id = ExtractId::parse(kExtractId).value();
    ByteView rest = received_;
    auto opener = import_.open(rest.first(kImportHeaderSize), id);
    rest = rest.subspan(kImportHeaderSize);
    std::string out;
    while (!rest.empty()) {
      const auto size = std::min(rest.size(), kImportChunkSize + kImportChunkOverhead);
      out.append(as_text(opener.value().open_chunk(rest.first(size)).value()));
      rest = rest.subspan(size);
    }
    EXPECT_TRUE(opener.value().ended());
    return out;
  }

  void lose_patch(int number) { lost_patch_ = number; }
  void take_half_of_lost() { take_half_ = true; }
  void answer_unsigned_key() { unsigned_key_ = true; }
  void want_approval() { want_approval_ = true; }
  int patches() const { return patches_; }
  int deleted() const { return deleted_; }
  const std::vector<HttpRequest>& statements() const { return statements_; }

 private:
  HttpAnswer announce() const {
    const ManifestAnswer message{ExtractId::parse(kExtractId).value(), import_.public_key(),
                                 UtcTime{std::chrono::sys_days{2026y / 11 / 23}}};
    return {201, {{"content-type", "application/json"}}, encode(message).value()};
  }

  HttpAnswer dispatch(const HttpRequest& request) {
    if (request.path == "/v1/extracts") {
      statements_.push_back(request);
      return announce();
    }
    if (request.path.ends_with("/activate")) {
      statements_.push_back(request);
      if (want_approval_) return pending();
      const RegisterAcknowledgement done{{2, 0}, UtcTime{0s}, {}, {}};
      return {200, {{"content-type", "application/json"}}, encode(done).value()};
    }
    if (request.method == HttpMethod::kPatch) return patch(request);
    if (request.method == HttpMethod::kDelete) return remove();
    return {204, {{"upload-offset", std::to_string(received_.size())}}, {}};
  }

  static HttpAnswer pending() {
    const ExtractReport report{.extract_id = ExtractId::parse(kExtractId).value(),
                               .state = ExtractState::kPendingApproval,
                               .generation = 2,
                               .received_bytes = 1,
                               .expected_bytes = 1,
                               .persons = 1,
                               .households = 1,
                               .closed_members = 0,
                               .rejections = {},
                               .warnings = {},
                               .plan = {}};
    return {202, {{"content-type", "application/json"}}, encode(report).value()};
  }

  HttpAnswer remove() {
    if (deleted_ > 0) {
      return problem_answer(
          {ProblemCode::kNotFound, problem_text(ProblemCode::kNotFound, ""), {}, ""});
    }
    ++deleted_;
    return {204, {}, {}};
  }

  HttpAnswer patch(const HttpRequest& request) {
    const auto offset = std::stoull(std::string(*only_header(request.headers, "upload-offset")));
    EXPECT_LE(request.body.size(), std::size_t{1024} * 1024);
    if (offset != received_.size()) {
      HttpAnswer conflict = problem_answer(
          {ProblemCode::kConflict, problem_text(ProblemCode::kConflict, ""), {}, ""});
      conflict.headers.push_back({"upload-offset", std::to_string(received_.size())});
      return conflict;
    }
    const bool half = take_half_ && patches_ + 1 == lost_patch_;
    const auto size = half ? request.body.size() / 2 : request.body.size();
    received_.insert(received_.end(), request.body.begin(),
                     request.body.begin() + static_cast<std::ptrdiff_t>(size));
    return {204, {{"upload-offset", std::to_string(received_.size())}}, {}};
  }

  const AnswerKey& answer_key_;
  SystemEntropy entropy_;
  ImportKey import_;
  Bytes received_;
  std::vector<HttpRequest> statements_;
  int patches_ = 0;
  int lost_patch_ = 0;
  bool take_half_ = false;
  bool unsigned_key_ = false;
  bool want_approval_ = false;
  int deleted_ = 0;
};

std::string fault_of(const PushSource& source) {
  Diagnostics found;
  source.check(found);
  if (found.clean()) return "";
  return found.rejections().front().file + ":" + std::string(found.rejections().front().rule);
}

class ExtractPushTest : public testing::Test {
 protected:
  ExtractPushTest()
      : server_(tls_test_files().server,
                [this](const std::string& text) { return registry.answer(text); }),
        context_(TlsContext::make(tls_test_files().client).value()),
        verifier_(AnswerVerifier::from_pems({public_key_pem(answer_key_.spki())}).value()),
        client_(context_, parse_address(server_.address()).value(), clock_),
        exchange_(client_, verifier_, clock_,
                  {.window_ms = 60s,
                   .pause_first_ms = 0ms,
                   .pause_max_ms = 0ms,
                   .retry_after_max_s = 0s}),
        hasty_(client_, verifier_, clock_, {.window_ms = 0ms}),
        source(PushSource::open(folder.files, folder.path).value()),
        push(exchange_, feeder, source, clock_) {}

  Result<void> send_all() {
    CERTRELAY_TRY(const ManifestAnswer announced, push.announce());
    return push.send(announced, [this](std::uint64_t sent, std::uint64_t all) {
      progress.emplace_back(sent, all);
    });
  }

  const AnswerKey answer_key_ = AnswerKey::generate().value();
  SocketTestClock clock_;

 public:
  FakeRegistry registry{answer_key_};
  ExtractFolder folder;
  const FeederKey feeder = FeederKey::generate().value();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> progress;

 private:
  ScriptedTlsServer server_;
  TlsContext context_;
  AnswerVerifier verifier_;
  HttpsClient client_;
  SignedExchange exchange_;

 protected:
  SignedExchange hasty_;  // gives up at once

 public:
  PushSource source;
  ExtractPush push;
};

TEST_F(ExtractPushTest, ArrivesWholeInPiecesOfAtMostOneMebibyte) {
  EXPECT_EQ(fault_of(source), "");
  const auto sent = send_all();
  ASSERT_TRUE(sent) << sent.error().where;
  EXPECT_EQ(registry.open(), folder.clear);
  EXPECT_EQ(registry.patches(), 4);
  ASSERT_EQ(progress.size(), 4U);
  EXPECT_EQ(progress.back().first, progress.back().second);
  EXPECT_EQ(progress.back().second, sealed_import_size(folder.clear.size()));
}

TEST_F(ExtractPushTest, GoesOnWhereTheRegistryIsAfterALostAnswer) {
  registry.lose_patch(2);
  const auto sent = send_all();
  ASSERT_TRUE(sent) << sent.error().where;
  EXPECT_EQ(registry.open(), folder.clear);
}

TEST_F(ExtractPushTest, SendsTheRestOfAPieceThatArrivedByHalf) {
  registry.lose_patch(2);
  registry.take_half_of_lost();
  const auto sent = send_all();
  ASSERT_TRUE(sent) << sent.error().where;
  EXPECT_EQ(registry.open(), folder.clear);
}

// A front that is not the vault cannot have the extract sealed to a key of its own.
TEST_F(ExtractPushTest, RefusesAnUnsignedImportKey) {
  registry.answer_unsigned_key();
  ExtractPush hasty(hasty_, feeder, source, clock_);
  EXPECT_EQ(hasty.announce().error().code, ErrorCode::kSignatureMissing);
  EXPECT_EQ(registry.patches(), 0);
}

TEST_F(ExtractPushTest, SignsManifestAndActivationWithRisingTimes) {
  ASSERT_TRUE(send_all());
  const auto done = push.activate(ExtractId::parse(kExtractId).value(), std::nullopt);
  ASSERT_TRUE(done) << done.error().where;
  ASSERT_EQ(registry.statements().size(), 2U);
  const auto verifier = FeederVerifier::from_pems({public_key_pem(feeder.spki())}).value();
  const auto municipality = MunicipalityCode::parse("392901").value();
  std::vector<UtcTime> times;
  for (std::size_t i = 0; i < 2; ++i) {
    const HttpRequest& request = registry.statements()[i];
    const auto statement = statement_of(request.headers);
    ASSERT_TRUE(statement);
    const auto kind = i == 0 ? StatementKind::kManifest : StatementKind::kActivate;
    EXPECT_TRUE(verifier.verify(kind, municipality, statement.value(), request.body));
    EXPECT_EQ(statement.value().statement.generation, 2U);
    times.push_back(statement.value().statement.sent_at);
  }
  EXPECT_LT(times[0], times[1]);
}

TEST_F(ExtractPushTest, TakesItsPushBack) {
  ASSERT_TRUE(send_all());
  EXPECT_TRUE(push.discard(ExtractId::parse(kExtractId).value()));
  EXPECT_EQ(registry.deleted(), 1);
  // A second time it is gone already: the first answer may have been lost.
  EXPECT_TRUE(push.discard(ExtractId::parse(kExtractId).value()));
  EXPECT_EQ(registry.deleted(), 1);
}

TEST_F(ExtractPushTest, ActivationThatWaitsForApprovalIsToldApart) {
  ASSERT_TRUE(send_all());
  registry.want_approval();
  const auto done = push.activate(ExtractId::parse(kExtractId).value(), std::nullopt);
  ASSERT_TRUE(done) << done.error().where;
  EXPECT_FALSE(done.value().in_force.has_value());
  EXPECT_EQ(done.value().pending->state, ExtractState::kPendingApproval);
}

TEST_F(ExtractPushTest, RefusesAFileThatTheManifestDoesNotName) {
  Bytes persons(3'000'000, 'p');
  persons.back() = 'q';
  ASSERT_TRUE(folder.files.write_durably(folder.path + "/persons.csv", persons));
  EXPECT_EQ(fault_of(source), "persons.csv:digest");
  persons.pop_back();
  ASSERT_TRUE(folder.files.write_durably(folder.path + "/persons.csv", persons));
  EXPECT_EQ(fault_of(source), "persons.csv:length");
  EXPECT_EQ(send_all().error().code, ErrorCode::kDigestMismatch);
}

}  // namespace
}  // namespace certrelay
