// render_bench [ROUNDS]: milliseconds a certificate, medians of interleaved rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "render/readback/check.hpp"
#include "tests/support/render_samples.hpp"

namespace {

using certrelay::CertificateModel;

double milliseconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<long>(values.size() / 2));
  return values[values.size() / 2];
}

struct Figures {
  std::vector<double> render, read, check;
  std::size_t bytes = 0;
};

void round_of(const CertificateModel& model, Figures& figures) {
  certrelay::Bytes pdf;
  figures.render.push_back(milliseconds_of(
      [&] { pdf = certrelay::render_certificate(model, certrelay::test_render_kit()).value(); }));
  figures.bytes = pdf.size();
  certrelay::ReadDocument document;
  figures.read.push_back(milliseconds_of([&] { document = certrelay::read_back(pdf).value(); }));
  const auto expected = certrelay::expectation_of(model);
  figures.check.push_back(milliseconds_of([&] {
    if (!certrelay::check_readback(document, expected, certrelay::test_readback_rules()))
      std::abort();
  }));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 2000;
  const auto four = certrelay::sample_household_of(4);
  const auto six = certrelay::sample_household_of(6);
  Figures one_sheet;
  Figures two_sheets;
  for (int i = 0; i < rounds; ++i) {
    round_of(four, one_sheet);
    round_of(six, two_sheets);
  }
  const auto print = [](const char* name, const Figures& f) {
    std::printf("%s: render %.3f ms, read back %.3f ms, check %.3f ms, %zu bytes\n", name,
                median(f.render), median(f.read), median(f.check), f.bytes);
  };
  print("one sheet, 4 persons", one_sheet);
  print("two sheets, 6 persons", two_sheets);
  return 0;
}
