// What a municipality looks at before it takes a form.
#include "firmware/ctl/certificate_preview.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

TEST(CertificatePreview, WritesEveryFormAsPdfAndPictures) {
  struct Case {
    const char* form;
    CertificateKind kind;
    std::size_t pages;
  };
  for (const auto& [form, kind, pages] : {Case{"household", CertificateKind::kJuminhyo, 1},
                                          Case{"individual", CertificateKind::kJuminhyo, 4},
                                          Case{"household", CertificateKind::kKisaiJiko, 1}}) {
    const testing::TempFolder folder;
    auto files = default_kit_files();
    files.form = form;
    const auto kit = CertificateKit::open(files).value();
    const auto written = write_preview(kit->kit(), kind, folder / "new", "p").value();
    EXPECT_EQ(written.size(), 1 + pages);
    for (const auto& path : written) EXPECT_GT(std::filesystem::file_size(path), 1000U) << path;
  }
}

TEST(CertificateKit, SaysWhatIsWrongWithItsFiles) {
  const auto code = [](const auto& change) {
    auto files = default_kit_files();
    change(files);
    const auto kit = CertificateKit::open(files);
    return kit ? ErrorCode::kNone : kit.error().code;
  };
  EXPECT_EQ(code([](auto&) {}), ErrorCode::kNone);
  EXPECT_EQ(code([](auto& f) { f.form = "big"; }), ErrorCode::kTemplateInvalid);
  EXPECT_EQ(code([](auto& f) { f.form_template = "/nowhere"; }), ErrorCode::kTemplateInvalid);
  EXPECT_EQ(code([](auto& f) { f.readback = "/nowhere"; }), ErrorCode::kTemplateInvalid);
  EXPECT_EQ(code([](auto& f) { f.glyph_caches = {"/nowhere"}; }), ErrorCode::kFontCacheInvalid);
  EXPECT_EQ(code([](auto& f) { f.glyph_caches.push_back(f.glyph_caches[0]); }),
            ErrorCode::kFontCacheInvalid);
}

}  // namespace
}  // namespace certrelay
