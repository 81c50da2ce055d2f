// Goal: strangers to this repository read our pages as we mean them. Method: qpdf, pdffonts and
// pdftotext over certificates of fictional residents.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "protocol/base/utf8.hpp"
#include "tests/support/command.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

using testing::run_command;

// pdftotext writes every kind of space as U+0020 and puts some between cells.
class RenderTools : public ::testing::Test {
 protected:
  void write(const CertificateModel& model) {
    const auto pdf = render_certificate(model, test_render_kit()).value();
    std::ofstream out(path_, std::ios::binary);
    out.write(as_text(pdf).data(), static_cast<std::streamsize>(pdf.size()));
  }
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ = (std::filesystem::temp_directory_path() /
                             (std::string("certrelay_render_") +
                              ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                              "_" + std::to_string(::getpid()) + ".pdf"))
                                .string();
};

TEST_F(RenderTools, QpdfFindsNothing) {
  for (const std::size_t persons : {1U, 4U, 13U}) {
    write(sample_household_of(persons));
    const auto checked = run_command("qpdf --check " + path_);
    EXPECT_EQ(checked.status, 0) << checked.text;
    EXPECT_NE(checked.text.find("No syntax or stream encoding errors"), std::string::npos);
  }
}

TEST_F(RenderTools, EveryFontIsEmbeddedAndHasAMap) {
  write(sample_household());
  const auto fonts =
      run_command("pdffonts " + path_ + " | tail -n +3 | awk '{print $(NF-4),$(NF-3),$(NF-2)}'");
  EXPECT_EQ(fonts.text, "yes yes yes\nyes yes yes\n");
}

TEST_F(RenderTools, ExtractedTextEqualsTheRegisterCodePointForCodePoint) {  // R46
  auto model = sample_household();
  model.demo = false;  // the large 見本 runs across the lines
  model.persons[2].name = PersonalText("𠮷野家　々ヶ渡邉髙橋﨑ｱｲAｂ");
  write(model);
  const auto text = without_spaces(run_command("pdftotext -layout " + path_ + " -").text);
  for (const auto& person : model.persons) {
    if (person.foreign()) continue;  // two lines, with another column between them
    const auto name = without_spaces(person.name.reveal());
    EXPECT_NE(text.find(name), std::u32string::npos) << person.name.reveal();
  }
  for (const std::u32string_view part :
       {std::u32string_view(U"MARIAFERNANDADELACONCEPCION"),
        std::u32string_view(U"GONZALEZRODRIGUEZ"), std::u32string_view(U"平成２２年４月１日"),
        std::u32string_view(U"令和元年５月１８日"), std::u32string_view(U"１９８５年４月１２日"),
        std::u32string_view(U"【空欄】")}) {
    EXPECT_NE(text.find(part), std::u32string::npos);
  }
}

TEST(RenderSources, NeverCallLibharusTextOrFontFunctions) {
  const auto found = run_command(
      "grep -rnE 'HPDF_Page_(TextOut|ShowText)|HPDF_LoadTTFont|hpdf_page_' " +
      std::string(CERTRELAY_SOURCE_DIR) + "/render " + std::string(CERTRELAY_SOURCE_DIR) +
      "/relay " + std::string(CERTRELAY_SOURCE_DIR) + "/firmware --include=*pp");
  EXPECT_EQ(found.text, "");
}

TEST(RenderSources, TheReaderIncludesNothingOfTheWriter) {
  const auto found =
      run_command("grep -rnE '#include \"render/' " + std::string(CERTRELAY_SOURCE_DIR) +
                  "/render/readback | grep -v '\"render/readback/'");
  EXPECT_EQ(found.text, "");
}

}  // namespace
}  // namespace certrelay
