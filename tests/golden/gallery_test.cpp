// Goal: every kind of household that a kiosk may print comes out exact. Method: a gallery over the
// three forms, each page read back by its form's rules, and by strangers (qpdf, mutool, pdftotext),
// whose text and picture of each piece have the digests of gallery.digests.
// CERTRELAY_GALLERY=FOLDER keeps the files to be looked at, and writes FOLDER/FORM.digests, which
// joined are the new gallery.digests: after a change that was meant, or when another
// mutool draws otherwise, and only once the pages were looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "protocol/base/sha256.hpp"
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
  bool specimen = false;  // 見本 over the page, under its lines: no text to be read between them
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
        "ｱﾍﾞ　Ａbe　ﾀﾛｳ", "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ JIMENEZ X",
        "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ JIMENEZ X ALEXANDRA VALENTINA",
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

// 個人番号 where it was chosen, and 備考 as far as 世帯連記式 has rows, in the register's own
// words.
void add_numbers_and_remarks(std::vector<GalleryPiece>& out) {
  auto numbered = sample_household_of(4);
  for (std::size_t i = 0; i < numbered.persons.size(); ++i) {
    const auto digits = "00000000000" + std::to_string(i);  // of nobody: no check digit fits
    numbered.persons[i].individual_number = TextCell::of(PersonalText(digits));
  }
  out.push_back({"individual-numbers", std::move(numbered)});
  auto remarked = sample_household_of(1);
  remarked.persons[0].remarks = {
      {PersonalText("見本のため、ここに市区町村の備考が自由な文で印字されます。"), {}, {}, {}},
      {PersonalText("旧氏の記載"), PersonalText("葛\U000E0102城"),
       RegisterDate::parse("2019-11-05").value(), PersonalText("高知県土佐みなと市")}};
  out.push_back({"remarks", std::move(remarked)});
}

std::vector<GalleryPiece> gallery() {
  std::vector<GalleryPiece> out;
  add_sizes_and_entries(out);
  add_names(out);
  add_dates(out);
  add_numbers_and_remarks(out);
  out.push_back({"specimen", sample_household_of(3), true});
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

  // Where a file of that name lies.
  std::string kept(const std::string& name) const {
    const char* folder = std::getenv("CERTRELAY_GALLERY");
    return folder == nullptr ? folder_ / name : std::string(folder) + "/" + name;
  }
  std::string write(const GalleryPiece& piece, const Bytes& pdf) const {
    auto path = kept(GetParam() + "-" + piece.name + ".pdf");
    std::ofstream out(path, std::ios::binary);
    out.write(as_text(pdf).data(), static_cast<std::streamsize>(pdf.size()));
    return path;
  }

  // pdftotext has the very characters of the page, and each name and the address in one piece.
  static void expect_text(const GalleryPiece& piece, const Bytes& pdf, const std::string& path);
  // "FORM PIECE TEXT PICTURE", the last two half a SHA-256: of pdftotext's text, and of the pages
  // as mutool draws them at 72 dots an inch in grey.
  std::string digests_of(const GalleryPiece& piece, const std::string& path) const;

  testing::TempFolder folder_;
  CertificateKind kind_{};
  std::unique_ptr<RenderKit> kit_;
};

TEST_P(Gallery, EveryPieceSaysWhatTheRegisterSays) {  // R46, INV-3
  const auto pieces = gallery();
  ASSERT_GE(pieces.size(), 40U);
  for (auto piece : pieces) {
    piece.model.kind = kind_;
    piece.model.demo = piece.specimen;
    const auto pdf = render_certificate(piece.model, *kit_);
    ASSERT_TRUE(pdf) << piece.name << ' ' << pdf.error().where;
    const auto read = read_back(pdf.value());
    ASSERT_TRUE(read) << piece.name;
    const auto checked =
        check_readback(read.value(), expectation_of(piece.model), kit_->form(kind_)->rules);
    EXPECT_TRUE(checked) << piece.name;
    EXPECT_LE(pdf.value().size(), 100U * 1024 * read.value().pages.size()) << piece.name;
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

std::string half_digest(std::string_view bytes) {
  return to_hex(sha256(as_bytes(bytes))).substr(0, 32);
}

std::string Gallery::digests_of(const GalleryPiece& piece, const std::string& path) const {
  const auto picture = folder_ / "picture.pgm";
  const auto drawn =
      testing::run_command("mutool draw -q -r 72 -c gray -F pgm -o " + picture + " " + path);
  EXPECT_EQ(drawn.status, 0) << piece.name;
  // Debian's build says so of every file.
  EXPECT_EQ(drawn.text, "warning: ICC support is not available\n") << piece.name;
  std::ifstream in(picture, std::ios::binary);
  const std::string pixels{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_GT(pixels.size(), 595U * 842) << piece.name;
  const auto text = testing::run_command("pdftotext -raw " + path + " -").text;
  return GetParam() + " " + piece.name + " " + half_digest(text) + " " + half_digest(pixels);
}

// The lines of gallery.digests of that form.
std::vector<std::string> golden_digests(const std::string& form) {
  std::ifstream in(std::string(CERTRELAY_SOURCE_DIR) + "/tests/golden/gallery.digests");
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(form + " ")) out.push_back(line);
  }
  return out;
}

TEST_P(Gallery, StrangersReadEveryPiece) {
  std::vector<std::string> digests;
  for (auto piece : gallery()) {
    piece.model.kind = kind_;
    piece.model.demo = piece.specimen;
    const auto pdf = render_certificate(piece.model, *kit_).value();
    const auto path = write(piece, pdf);
    const auto checked = testing::run_command("qpdf --check " + path);
    EXPECT_EQ(checked.status, 0) << piece.name << checked.text;
    const auto fonts = testing::run_command(
        "pdffonts " + path + " | tail -n +3 | awk '{print $(NF-4),$(NF-3),$(NF-2)}'");
    EXPECT_EQ(fonts.text, "yes yes yes\nyes yes yes\n") << piece.name;
    if (!piece.specimen) expect_text(piece, pdf, path);
    digests.push_back(digests_of(piece, path));
  }
  if (std::getenv("CERTRELAY_GALLERY") != nullptr) {
    std::ofstream out(kept(GetParam() + ".digests"));
    for (const auto& line : digests) out << line << '\n';
  }
  const auto golden = golden_digests(GetParam());
  EXPECT_EQ(digests.size(), golden.size());
  for (std::size_t i = 0; i < std::min(digests.size(), golden.size()); ++i) {
    EXPECT_EQ(digests[i], golden[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Gallery, ::testing::Values("household", "individual", "record"),
                         [](const auto& form) { return form.param; });

}  // namespace
}  // namespace certrelay
