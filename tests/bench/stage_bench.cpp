// What the card and the page of one transaction cost on this core now, for scripts/bench: it takes
// them off the whole to say what the rest costs. Prints {"card_us":…,"page_us":…} of CPU: a card
// never seen with its signature, list loaded; the page of a household of three, not read back.
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "relay/identity/card_verifier.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

constexpr int kTimes = 400;

// Of `work(i)` for each i below kTimes, microseconds of CPU each.
template <class Work>
double cpu_us_of(const Work& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
  };
  const double begin = now();
  for (int i = 0; i < kTimes; ++i) work(i);
  return (now() - begin) / kTimes;
}

void must(bool holds) {
  if (!holds) std::abort();
}

double card_us() {
  TestPki pki;
  const auto root = pki.root();
  const auto key = PkiKey::generate(PkiKeyKind::kRsa2048).value();
  const auto signature = key.sign(as_bytes("payload")).value();
  std::vector<Bytes> cards;
  for (std::uint64_t i = 0; i < kTimes; ++i) {
    pki.card_spec.serial = serial_from(1000 + i);
    cards.push_back(root.issue(pki.card_spec, key).value());
  }
  const auto verifier = CardVerifier::load(pki.config()).value();
  return cpu_us_of([&](int i) {
    must(verifier
             ->verify(cards[static_cast<std::size_t>(i)], as_bytes("payload"), signature,
                      CardAlgorithm::kRsaPkcs1Sha256, test_now())
             .has_value());
  });
}

double page_us() {
  const auto model = sample_household_of(3);
  must(render_certificate(model, test_render_kit()).has_value());
  return cpu_us_of([&](int) { must(render_certificate(model, test_render_kit()).has_value()); });
}

}  // namespace
}  // namespace certrelay

int main() {
  const double card = certrelay::card_us();
  std::printf("{\"card_us\":%.1f,\"page_us\":%.1f}\n", card, certrelay::page_us());
  return 0;
}
