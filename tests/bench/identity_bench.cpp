// Microseconds of CPU to verify cards never seen before, and what a million revoked cost.
// Medians of rounds; goals: 120 us a card, 1 us a look-up, 24 MB, five SHA-256 of the file.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "firmware/ctl/card_case.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Work>
double median_us(int rounds, const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const double begin = cpu_us();
    work();
    times.push_back(cpu_us() - begin);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<std::size_t>(rounds / 2)];
}

// Cards of their own serials and, in turn, of 64 keys; nothing is cached between them anyway.
void bench_cards() {
  TestPki pki;
  const auto root = pki.root();
  std::vector<PkiKey> keys;
  for (int i = 0; i < 64; ++i) keys.push_back(PkiKey::generate(PkiKeyKind::kRsa2048).value());
  struct Case {
    Bytes card, signature;
  };
  std::vector<Case> cases;
  for (std::uint64_t i = 0; i < 512; ++i) {
    pki.card_spec.serial = serial_from(1000 + i);
    const auto& key = keys[i % keys.size()];
    cases.push_back({root.issue(pki.card_spec, key).value(), key.sign(as_bytes("p")).value()});
  }
  const auto verifier = CardVerifier::load(pki.config()).value();
  const double all = median_us(9, [&] {
    for (const auto& one : cases) {
      const auto verified = verifier->verify(one.card, as_bytes("p"), one.signature,
                                             CardAlgorithm::kRsaPkcs1Sha256, test_now());
      if (!verified) std::abort();
    }
  });
  std::printf("verify, RSA card never seen: %.1f us\n", all / static_cast<double>(cases.size()));
  const double path = median_us(9, [&] {
    for (const auto& one : cases) {
      const auto leaf = parse_certificate(one.card);
      if (!leaf || !CardPublicKey::from_spki(leaf.value().spki, KeyRules{})) std::abort();
    }
  });
  std::printf("  of which leaf decoder and key: %.2f us\n",
              path / static_cast<double>(cases.size()));
  const double parse = median_us(9, [&] {
    for (const auto& one : cases) {
      if (!parse_certificate(one.card)) std::abort();
    }
  });
  std::printf("  of which leaf decoder: %.2f us\n", parse / static_cast<double>(cases.size()));
}

// `card verify --stdin-jsonl`: root, list and signature in every line, everything checked anew.
void bench_lines() {
  const TestPki pki;
  const auto payload = as_bytes("payload");
  const auto base64 = [](ByteView bytes) { return "\"" + to_base64(bytes) + "\""; };
  const std::string line = "{\"id\":1,\"now\":\"2026-11-22T10:00:00Z\",\"trust_anchors\":[" +
                           base64(pki.root().certificate_der()) + "],\"crls\":[" +
                           base64(pki.crl()) + "],\"certificate\":" + base64(pki.card()) +
                           ",\"message\":" + base64(payload) +
                           ",\"signature\":" + base64(test_card_key().sign(payload).value()) +
                           ",\"algorithm\":\"rsa-pkcs1-sha256\"}";
  constexpr int kLines = 1000;
  const double all = median_us(5, [&] {
    for (int i = 0; i < kLines; ++i) {
      if (!judge_card_line(line).accepted) std::abort();
    }
  });
  std::printf("card verify, RSA case in a line of %zu bytes: %.1f us, %.0f a second of CPU\n",
              line.size(), all / kLines, 1e6 * kLines / all);
}

Bytes list_of(std::size_t entries, std::size_t octets) {
  const TestPki pki;
  auto parts = parts_of(tbs_of(pki.crl()));
  Bytes list;
  std::uint64_t mixed = 1;
  for (std::size_t i = 0; i < entries; ++i) {
    mixed = mixed * 6364136223846793005U + 1442695040888963407U;
    Bytes serial = serial_from(mixed);
    serial.resize(octets, 0x5A);
    const auto entry = der_of(
        0x30, {der_of(0x02, {serial}),
               {0x17, 0x0D, '2', '6', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z'}});
    list.insert(list.end(), entry.begin(), entry.end());
  }
  parts[5] = der_of(0x30, {list});
  return sign_again(der_of(0x30, parts), test_root_key());
}

void bench_list(std::size_t octets) {
  constexpr std::size_t kEntries = 1'000'000;
  const auto file = list_of(kEntries, octets);
  const auto config = [&] {
    TestPki pki;
    auto made = pki.config();
    made.crls = {file};
    return made;
  }();
  // Both sides in turn, the ratio a round's own: what disturbs one disturbs the other. The file's
  // bytes belong to the load, as they do in the daemon: one copy a round, not timed.
  std::vector<double> digests, loads, ratios;
  for (int round = 0; round < 9; ++round) {
    auto copy = config;
    digests.push_back(median_us(1, [&] { static_cast<void>(sha256(file)); }));
    loads.push_back(median_us(1, [&] {
      if (!CardVerifier::load(std::move(copy))) std::abort();
    }));
    ratios.push_back(loads.back() / digests.back());
  }
  std::sort(ratios.begin(), ratios.end());
  std::sort(digests.begin(), digests.end());
  std::sort(loads.begin(), loads.end());
  const auto crl = parse_crl(file, KeyRules{}).value().crl;
  std::uint64_t probe = 7;
  std::size_t found = 0;
  constexpr int kLookups = 100'000;
  const double lookups = median_us(9, [&] {
    for (int i = 0; i < kLookups; ++i) {
      probe = probe * 6364136223846793005U + 1442695040888963407U;
      auto serial = serial_from(probe);
      serial.resize(octets, 0x5A);
      found += crl.status(serial) != CardStatus::kGood ? 1U : 0U;
    }
  });
  std::printf(
      "%zu entries of %zu octets: file %.1f MB, index %.1f MB, SHA-256 %.1f ms, "
      "load %.1f ms (%.1f times; %.1f to %.1f), look-up %.3f us (%zu found)\n",
      crl.revoked.size(), octets, static_cast<double>(file.size()) / 1e6,
      static_cast<double>(crl.revoked.memory_bytes()) / 1e6, digests[4] / 1e3, loads[4] / 1e3,
      ratios[4], ratios.front(), ratios.back(), lookups / kLookups, found);
}

}  // namespace
}  // namespace certrelay

int main() {
  certrelay::bench_cards();
  certrelay::bench_lines();
  certrelay::bench_list(8);
  certrelay::bench_list(20);
}
