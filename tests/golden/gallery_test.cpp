// Goal: every kind of household that a kiosk may print comes out exact. Method: a gallery over the
// three forms, each page read back by its form's rules, and by strangers (qpdf, mutool, pdftotext).
// Set CERTRELAY_GALLERY to a folder to keep the files and look at them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "protocol/base/utf8.hpp"
#include "render/builtin_forms.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/command.hpp"
#include "tests/support/render_samples.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

struct GalleryPiece {
  std::string name;
  CertificateModel model;
};

TextCell omitted() { return TextCell::of(CellState::kOmitted); }

// Which of the optional entries are chosen, by bits: 世帯主・続柄, 本籍・筆頭者, 外国人の記載.
void choose(CertificateModel& model, unsigned entries) {
  if ((entries & 1U) == 0) model.head_of_household = omitted();
  for (auto& person : model.persons) {
    if ((entries & 1U) == 0) person.relation = omitted();
    if (auto* items = std::get_if<JapaneseItems>(&person.items)) {
      const bool shown = (entries & 2U) != 0;
      items->registered_domicile =
          shown ? TextCell::of(PersonalText("高知県土佐みなと市青潮町三丁目１２番地")) : omitted();
      items->register_head = shown ? TextCell::of(PersonalText("𠮷野　浩一郎")) : omitted();
    } else if ((entries & 4U) == 0) {
      auto& foreign = std::get<ForeignItems>(person.items);
      for (auto* cell :
           {&foreign.nationality, &foreign.residence_card_number, &foreign.residence_category,
            &foreign.residence_status, &foreign.residence_period}) {
        *cell = omitted();
      }
      foreign.residence_expiry = DateCell::of(CellState::kOmitted);
    }
  }
}

// Households of every size, and every combination of entries.
void add_sizes_and_entries(std::vector<GalleryPiece>& out) {
  for (std::size_t persons = 1; persons <= 20; ++persons) {
    out.push_back({"persons-" + std::to_string(persons), sample_household_of(persons)});
  }
  for (unsigned entries = 0; entries < 8; ++entries) {
    auto model = sample_household_of(4);
    choose(model, entries);
    model.whole_household = entries % 2 == 0;
    out.push_back({"entries-" + std::to_string(entries), std::move(model)});
  }
}

void add_names(std::vector<GalleryPiece>& out) {
  for (const auto* name :
       {"𠮷野家　太郎", "葛\U000E0102城　辻\U000E0102子", "髙﨑　渡邉", "渡邊　々ヶ",
        "ｱﾍﾞ　Ａbe　ﾀﾛｳ", "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ JIMENEZ",
        "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処",
        "か\u3099わ　Ame\u0301lie"}) {
    auto model = sample_household_of(1);
    model.persons[0].name = PersonalText(name);
    out.push_back({"name-" + std::to_string(out.size()), std::move(model)});
  }
}

// Dates as the register has them: eras' edges, unknown parts, its own words, nothing.
void add_dates(std::vector<GalleryPiece>& out) {
  for (const auto* iso : {"1912-07-29", "1926-12-25", "1989-01-07", "2019-05-01", "1945-08-00"}) {
    auto model = sample_household_of(1);
    model.persons[0].birth_date = RegisterDate::parse(iso).value();
    out.push_back({std::string("born-") + iso, std::move(model)});
  }
  auto model = sample_household_of(2);
  model.persons[0].birth_date =
      RegisterDate::parse("1945-00-00", PersonalText("昭和20年月日不詳")).value();
  model.persons[1].resident_since = DateCell::of(CellState::kUnknown);
  model.persons[1].notified = DateCell::of(CellState::kBlank);
  out.push_back({"dates-in-words", std::move(model)});
}

std::vector<GalleryPiece> gallery() {
  std::vector<GalleryPiece> out;
  add_sizes_and_entries(out);
  add_names(out);
  add_dates(out);
  auto printed = sample_household_of(3);
  printed.demo = false;
  out.push_back({"no-specimen", std::move(printed)});
  return out;
}

class Gallery : public ::testing::TestWithParam<std::string> {
 protected:
  Gallery() {
    const PinnedFont font{test_font_digest(), test_glyph_cache()};
    kind_ = GetParam() == "record" ? CertificateKind::kKisaiJiko : CertificateKind::kJuminhyo;
    const auto source = builtin_form(GetParam(), kind_).value();
    kit_ = std::make_unique<RenderKit>(RenderKit::load({&font, 1}, {&source, 1}).value());
  }

  std::string write(const GalleryPiece& piece, const Bytes& pdf) {
    const char* kept = std::getenv("CERTRELAY_GALLERY");
    const std::string folder = kept == nullptr ? folder_ / "" : std::string(kept) + "/";
    auto path = folder + GetParam() + "-" + piece.name + ".pdf";
    std::ofstream out(path, std::ios::binary);
    out.write(as_text(pdf).data(), static_cast<std::streamsize>(pdf.size()));
    return path;
  }

  // pdftotext has the very characters of the page, and each name and the address in one piece.
  static void expect_text(const GalleryPiece& piece, const Bytes& pdf, const std::string& path);

  testing::TempFolder folder_;
  CertificateKind kind_{};
  std::unique_ptr<RenderKit> kit_;
};

TEST_P(Gallery, EveryPieceSaysWhatTheRegisterSays) {  // R46, INV-3
  const auto pieces = gallery();
  ASSERT_GE(pieces.size(), 40U);
  for (auto piece : pieces) {
    piece.model.kind = kind_;
    const auto pdf = render_certificate(piece.model, *kit_);
    ASSERT_TRUE(pdf) << piece.name << ' ' << pdf.error().where;
    const auto read = read_back(pdf.value());
    ASSERT_TRUE(read) << piece.name;
    const auto checked =
        check_readback(read.value(), expectation_of(piece.model), kit_->form(kind_)->rules);
    EXPECT_TRUE(checked) << piece.name;
    EXPECT_LE(pdf.value().size(), 100U * 1024 * read.value().pages.size()) << piece.name;
    write(piece, pdf.value());
  }
}

// Every character that a page shows, in no order, without spaces.
std::u32string characters_of(const ReadDocument& document) {
  std::u32string out;
  for (const auto& page : document.pages) {
    for (const auto* runs : {&page.form, &page.values}) {
      for (const auto& run : *runs) out += without_spaces(run.text.reveal());
    }
  }
  std::ranges::sort(out);
  return out;
}

void Gallery::expect_text(const GalleryPiece& piece, const Bytes& pdf, const std::string& path) {
  // No layout: the text in the order in which it was written, each cell on its own.
  const auto text = without_spaces(testing::run_command("pdftotext -raw " + path + " -").text);
  auto sorted = text;
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, characters_of(read_back(pdf).value())) << piece.name;
  EXPECT_NE(text.find(without_spaces(piece.model.address.reveal())), std::u32string::npos)
      << piece.name;
  for (const auto& person : piece.model.persons) {
    const auto name = without_spaces(person.name.reveal());
    EXPECT_NE(text.find(name), std::u32string::npos) << piece.name;
  }
}

// Without 見本, which lies under the lines and is read between them.
TEST_P(Gallery, StrangersReadEveryPiece) {
  for (auto piece : gallery()) {
    piece.model.kind = kind_;
    piece.model.demo = false;
    const auto pdf = render_certificate(piece.model, *kit_).value();
    const auto path = write(piece, pdf);
    const auto checked = testing::run_command("qpdf --check " + path);
    EXPECT_EQ(checked.status, 0) << piece.name << checked.text;
    const auto drawn = testing::run_command("mutool draw -q -r 20 -o /dev/null " + path);
    EXPECT_EQ(drawn.status, 0) << piece.name;
    // Debian's build says so of every file.
    EXPECT_EQ(drawn.text, "warning: ICC support is not available\n") << piece.name;
    const auto fonts = testing::run_command(
        "pdffonts " + path + " | tail -n +3 | awk '{print $(NF-4),$(NF-3),$(NF-2)}'");
    EXPECT_EQ(fonts.text, "yes yes yes\nyes yes yes\n") << piece.name;
    expect_text(piece, pdf, path);
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Gallery, ::testing::Values("household", "individual", "record"),
                         [](const auto& form) { return form.param; });

}  // namespace
}  // namespace certrelay
