// The stages of an issuance, each once between two marks for callgrind, whose count of instructions
// no other program on the machine can change. tests/bench/instructions.py runs it and judges.
// count_bench make FOLDER: what needs a private key of RSA, which is slow under callgrind.
// count_bench count FOLDER: the stages; warm(), then a counted run.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/front/second_opinion.hpp"
#include "relay/keys/answer_key.hpp"
#include "render/readback/check.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/test_pki.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {
namespace {

// Cards, so that a modulus that is quick or slow to prepare does not show.
constexpr std::size_t kCards = 8;
constexpr std::size_t kFileBytesMax = std::size_t{1} << 20U;

void must(bool holds) {
  if (!holds) std::abort();
}

// What is made once a process is made by `warm`; only `work` counts.
void counted(const char* name, const std::function<void()>& warm,
             const std::function<void()>& work) {
  warm();
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  work();
  CALLGRIND_DUMP_STATS_AT(name);
  CALLGRIND_STOP_INSTRUMENTATION;
}

// The files of one card: its certificate and its signature.
std::string card_file(const std::string& folder, std::size_t i) {
  return folder + "/card-" + std::to_string(i);
}

void make(const std::string& folder) {
  PosixFiles files;
  const auto write = [&](const std::string& path, ByteView bytes) {
    must(files.write_durably(path, bytes).has_value());
  };
  TestPki pki;
  const auto root = pki.root();
  write(folder + "/root", root.certificate_der());
  write(folder + "/crl", pki.crl());
  for (std::size_t i = 0; i < 2 * kCards; ++i) {
    const auto key = PkiKey::generate(PkiKeyKind::kRsa2048).value();
    pki.card_spec.serial = serial_from(1000 + i);
    write(card_file(folder, i), root.issue(pki.card_spec, key).value());
    write(card_file(folder, i) + "-signed", key.sign(as_bytes("payload")).value());
  }
}

void verification(const std::string& folder) {
  PosixFiles files;
  const auto read = [&](const std::string& path) {
    return files.read_all(path, kFileBytesMax).value();
  };
  CardConfig config;
  config.roots = {read(folder + "/root")};
  config.crls = {read(folder + "/crl")};
  const auto verifier = CardVerifier::load(std::move(config)).value();
  std::vector<std::pair<Bytes, Bytes>> cards;
  for (std::size_t i = 0; i < 2 * kCards; ++i) {
    cards.emplace_back(read(card_file(folder, i)), read(card_file(folder, i) + "-signed"));
  }
  const auto verify = [&](std::size_t first) {
    for (std::size_t i = first; i < first + kCards; ++i) {
      must(verifier
               ->verify(cards[i].first, as_bytes("payload"), cards[i].second,
                        CardAlgorithm::kRsaPkcs1Sha256, test_now())
               .has_value());
    }
  };
  counted("verification", [&] { verify(0); }, [&] { verify(kCards); });
}

// From a card to the opened records of a household of three.
void look_up() {
  RegisterWorld world;
  const auto reg = world.open().value();
  must(world.import(*reg, sample::extract(sample::content(30))).has_value());
  const auto snapshot = reg->snapshot().value();
  const auto of = [&](std::uint64_t household) {
    const auto link = snapshot->find_card(sample::key_of(sample::card_of(head(household)))).value();
    must(snapshot->household_of(link.person).value().members.size() == 3);
  };
  counted("look-up", [&] { of(4); }, [&] { of(7); });
}

void page_and_readback() {
  const auto& kit = test_render_kit();
  auto model = sample_household_of(3);
  model.demo = false;
  const auto expected = expectation_of(model);
  const auto& known = kit.form(CertificateKind::kJuminhyo)->known;
  Bytes pdf;
  const auto render = [&] { pdf = render_certificate(model, kit).value(); };
  counted("page", render, render);
  const auto check = [&] {
    const auto document = read_back(pdf, kit.outlines(), &known);
    must(document && check_readback(document.value(), expected, test_readback_rules()));
  };
  counted("readback", check, check);
}

void ledger_entry() {
  testing::LedgerWorld world;
  world.start();
  std::uint8_t number = 0;
  const auto append = [&] {
    must(world.append(testing::entry_of(EntryKind::kOpened, testing::transaction(++number)))
             .has_value());
  };
  counted("ledger entry", append, append);
}

void gate() {
  const std::string head =
      "POST /v1/transactions/4f9c2a51-7c7e-4a51-9b3e-0d2f6f0f7a11/inquiry HTTP/1.1\r\n"
      "Host: relay.tosaminato.example\r\nContent-Type: application/json\r\n"
      "Content-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n"
      "Content-Length: 2048\r\n\r\n";
  const auto rules = gate_rules(Role::kCenter);
  const auto pass = [&] {
    const auto end = find_head_end(head, rules);
    must(end && end.value() == head.size());
    const auto read = check_head(head, rules);
    must(read && confirm_head(head, read.value(), rules));
  };
  counted("gate", pass, pass);
}

void answer_signature() {
  const auto key = AnswerKey::generate().value();
  const HttpRequest request{HttpMethod::kGet, "/v1/health", {}, {}};
  const auto parts = RequestParts::of(request);
  const auto sign = [&] {
    HttpAnswer answer{200, {{"content-type", "application/json"}}, Bytes(2000, 'x')};
    must(sign_answer(answer, parts, key, test_now()).has_value());
  };
  counted("answer signature", sign, sign);
}

int run(const std::string& what, const std::string& folder) {
  if (what == "make") {
    make(folder);
    return 0;
  }
  verification(folder);
  look_up();
  page_and_readback();
  ledger_entry();
  gate();
  answer_signature();
  return 0;
}

}  // namespace
}  // namespace certrelay

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: count_bench make|count FOLDER\n", stderr);
    return 2;
  }
  return certrelay::run(argv[1], argv[2]);
}
