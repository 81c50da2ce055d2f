// render_bench [ROUNDS]: milliseconds of CPU a certificate and its readback, and how many times
// longer a cairo + Pango program takes for the same content (pango_page.hpp): both sides in turn in
// one run, medians of the rounds and of the rounds' ratios.
// render_bench memory PAGES: what PAGES one-sheet documents, read back, leave in memory.
// render_bench readback PAGES: the readback alone, for a profiler.
// render_bench files FOLDER: one document of each side, to be looked at.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "render/readback/check.hpp"
#include "tests/bench/pango_page.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

template <class Work>
double cpu_ms_of(const Work& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  };
  const double start = now();
  work();
  return now() - start;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<long>(values.size() / 2));
  return values[values.size() / 2];
}

void must(bool holds) {
  if (!holds) std::abort();
}

// Reads the finished bytes back and compares them, as an issue does.
void read_and_check(const Bytes& pdf, const ExpectedDocument& expected) {
  const auto& kit = test_render_kit();
  const auto& known = kit.form(CertificateKind::kJuminhyo)->known;
  const auto document = read_back(pdf, kit.outlines(), &known);
  must(document && check_readback(document.value(), expected, test_readback_rules()));
}

// A page as residents get it: no 見本.
CertificateModel printed_household(std::size_t persons) {
  auto model = sample_household_of(persons);
  model.demo = false;
  return model;
}

class Side {
 public:
  Side(const char* name, std::size_t persons)
      : name_(name), model_(printed_household(persons)), expected_(expectation_of(model_)) {}

  // Several of ours to one of the peer's, so that both are timed over some milliseconds.
  void round(PangoPage& peer) {
    constexpr int kOurs = 40;
    Bytes pdf;
    const double ours = cpu_ms_of([&] {
                          for (int i = 0; i < kOurs; ++i) {
                            pdf = render_certificate(model_, test_render_kit()).value();
                          }
                        }) /
                        kOurs;
    const double checked = cpu_ms_of([&] {
                             for (int i = 0; i < kOurs; ++i) read_and_check(pdf, expected_);
                           }) /
                           kOurs;
    Bytes theirs;
    const double other = cpu_ms_of([&] { theirs = peer.write(model_); });
    render_.push_back(ours);
    check_.push_back(checked);
    peer_.push_back(other);
    ratio_.push_back(other / ours);
    bytes_ = pdf.size();
    peer_bytes_ = theirs.size();
  }

  void print_figures() const {
    const auto [least, most] = std::ranges::minmax(ratio_);
    std::printf(
        "%s: render %.3f ms, readback %.3f ms, %zu bytes; cairo + pango %.2f ms, %zu bytes; "
        "ratios %.1f to %.1f\n",
        name_, median(render_), median(check_), bytes_, median(peer_), peer_bytes_, least, most);
  }
  void print_ratio() const { std::printf("ratio %s: %.1f\n", name_, median(ratio_)); }

 private:
  const char* name_;
  CertificateModel model_;
  ExpectedDocument expected_;
  std::vector<double> render_, check_, peer_, ratio_;
  std::size_t bytes_ = 0, peer_bytes_ = 0;
};

void run_rounds(int rounds) {
  PangoPage peer(test_render_kit().form(CertificateKind::kJuminhyo)->form.form());
  Side one("one-sheet", 4);
  Side six("six persons", 6);
  for (int warm = 0; warm < 3; ++warm) static_cast<void>(peer.write(printed_household(6)));
  for (int i = 0; i < rounds; ++i) {
    one.round(peer);
    six.round(peer);
  }
  for (const auto* side : {&one, &six}) side->print_figures();
  for (const auto* side : {&one, &six}) side->print_ratio();
}

std::size_t resident_kb() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * 4;
}

void run_memory(int pages) {
  auto model = printed_household(4);
  std::size_t first = 0;
  for (int i = 0; i < pages; ++i) {
    // Another name each time: nothing may be kept for the next.
    model.persons[0].name = PersonalText("𠮷野　" + std::to_string(i));
    const auto pdf = render_certificate(model, test_render_kit()).value();
    read_and_check(pdf, expectation_of(model));
    if (i == pages / 100) first = resident_kb();
  }
  std::printf("memory: %zu KB after %d pages, %zu KB after %d\n", first, pages / 100 + 1,
              resident_kb(), pages);
}

void run_readback(int pages) {
  const auto model = printed_household(4);
  const auto pdf = render_certificate(model, test_render_kit()).value();
  const auto expected = expectation_of(model);
  const auto read = cpu_ms_of([&] {
    for (int i = 0; i < pages; ++i) must(read_back(pdf).has_value());
  });
  const auto both = cpu_ms_of([&] {
    for (int i = 0; i < pages; ++i) read_and_check(pdf, expected);
  });
  std::printf("readback: read %.4f ms, read and checked %.4f ms\n", read / pages, both / pages);
}

void write_files(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const Bytes& pdf) {
    std::ofstream out(folder / name, std::ios::binary);
    out.write(as_text(pdf).data(), static_cast<std::streamsize>(pdf.size()));
  };
  const auto model = printed_household(4);
  PangoPage peer(test_render_kit().form(CertificateKind::kJuminhyo)->form.form());
  write("ours.pdf", render_certificate(model, test_render_kit()).value());
  write("peer.pdf", peer.write(model));
}

}  // namespace
}  // namespace certrelay

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (what == "memory") {
    certrelay::run_memory(std::atoi(argv[2]));
  } else if (what == "readback") {
    certrelay::run_readback(std::atoi(argv[2]));
  } else if (what == "files") {
    certrelay::write_files(argv[2]);
  } else {
    certrelay::run_rounds(argc > 1 ? std::atoi(argv[1]) : 51);
  }
  return 0;
}
