// What the reader knows of a form beforehand saves it work and changes nothing that it says.
#include "render/readback/known_parts.hpp"

#include <gtest/gtest.h>

#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

const KnownParts& known() { return test_render_kit().form(CertificateKind::kJuminhyo)->known; }

Result<ReadDocument> read_knowing(ByteView pdf) {
  return read_back(pdf, test_outlines(), &known());
}

void expect_equal_runs(const std::vector<TextRun>& one, const std::vector<TextRun>& other) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].text, other[i].text);
    EXPECT_EQ(one[i].x_um, other[i].x_um);
    EXPECT_EQ(one[i].y_um, other[i].y_um);
    EXPECT_EQ(one[i].turned, other[i].turned);
  }
}

TEST(KnownParts, ReadersWithAndWithoutThemSayTheSame) {
  for (const std::size_t persons : {1U, 2U, 3U, 4U, 5U, 9U, 20U}) {
    for (const bool demo : {false, true}) {
      auto model = sample_household_of(persons);
      model.demo = demo;
      const auto pdf = render_certificate(model, test_render_kit()).value();
      const auto fresh = read_back(pdf).value();
      const auto knowing = read_knowing(pdf).value();
      ASSERT_EQ(fresh.pages.size(), knowing.pages.size());
      EXPECT_EQ(fresh.id, knowing.id);
      for (std::size_t page = 0; page < fresh.pages.size(); ++page) {
        expect_equal_runs(fresh.pages[page].form, knowing.pages[page].form);
        expect_equal_runs(fresh.pages[page].values, knowing.pages[page].values);
        EXPECT_EQ(fresh.pages[page].subject_tags, knowing.pages[page].subject_tags);
      }
    }
  }
}

// Whatever byte of a document changes: knowing the form beforehand never lets more pass.
TEST(KnownParts, NoChangedByteHidesBehindThem) {
  const auto pdf = render_certificate(sample_household_of(1), test_render_kit()).value();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < pdf.size(); at += 53) {
    auto changed = pdf;
    changed[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    const auto fresh = read_back(changed);
    const auto knowing = read_knowing(changed);
    ASSERT_EQ(fresh.has_value(), knowing.has_value()) << at;
    if (!fresh) {
      ++refused;
      continue;
    }
    expect_equal_runs(fresh.value().pages.at(0).form, knowing.value().pages.at(0).form);
    expect_equal_runs(fresh.value().pages.at(0).values, knowing.value().pages.at(0).values);
  }
  EXPECT_GT(refused, 900U);
}

}  // namespace
}  // namespace certrelay
