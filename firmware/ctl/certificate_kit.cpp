#include "firmware/ctl/certificate_kit.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "relay/env/posix_files.hpp"
#include "render/builtin_forms.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kRelative = "share/fonts/ipamjm.glyphs";

Result<std::string> read_or(const std::string& path, std::string_view builtin) {
  if (path.empty()) return std::string(builtin);
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return Error{ErrorCode::kTemplateInvalid, "template: cannot read the file"};
  return text;
}

Result<Digest> parse_digest(std::string_view hex) {
  CERTRELAY_TRY(const auto bytes, from_hex(hex));
  Digest digest{};
  if (bytes.size() != digest.size()) return Error{ErrorCode::kMalformed, "font: sha256"};
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

}  // namespace

CertificateKitFiles default_kit_files() {
  CertificateKitFiles files;
  std::error_code error;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (int up = 0; up < 3 && !error; ++up, folder = folder.parent_path()) {
    const auto candidate = folder / kRelative;
    if (std::filesystem::exists(candidate, error)) {
      files.glyph_caches = {candidate.string()};
      return files;
    }
  }
  files.glyph_caches = {"/usr/share/certrelay/fonts/ipamjm.glyphs"};
  return files;
}

Result<std::vector<PinnedFont>> CertificateKit::open_fonts(const CertificateKitFiles& files) {
  if (files.glyph_caches.size() != files.font_sha256.size()) {
    return Error{ErrorCode::kFontCacheInvalid, "font: one --font-sha256 for each --glyph-cache"};
  }
  std::vector<PinnedFont> fonts;
  PosixFiles disk;
  for (std::size_t i = 0; i < files.glyph_caches.size(); ++i) {
    CERTRELAY_TRY(const auto digest, parse_digest(files.font_sha256[i]));
    auto cache = PinnedFile::open(disk, files.glyph_caches[i]);
    if (!cache) return Error{ErrorCode::kFontCacheInvalid, "font: cannot open the glyph cache"};
    caches_.push_back(std::move(cache.value()));
    fonts.push_back({digest, caches_.back().bytes()});
  }
  return fonts;
}

Result<std::unique_ptr<CertificateKit>> CertificateKit::open(const CertificateKitFiles& files) {
  std::vector<FormSource> forms;
  std::deque<std::string> texts;  // does not move what it holds
  for (const auto kind : {CertificateKind::kJuminhyo, CertificateKind::kKisaiJiko}) {
    // The form that was named is the 住民票の写し's; the other kind prints on its usual one.
    const bool named = kind == CertificateKind::kJuminhyo;
    auto source = builtin_form(named ? files.form : usual_form(kind), kind);
    if (!source) return Error{ErrorCode::kTemplateInvalid, "form: household, individual or record"};
    if (named) {
      CERTRELAY_TRY(texts.emplace_back(), read_or(files.form_template, source->form));
      source->form = texts.back();
      CERTRELAY_TRY(texts.emplace_back(), read_or(files.readback, source->rules));
      source->rules = texts.back();
    }
    forms.push_back(*source);
  }
  std::unique_ptr<CertificateKit> out(std::make_unique<CertificateKit>(Private{}));
  CERTRELAY_TRY(const auto fonts, out->open_fonts(files));
  CERTRELAY_TRY(auto kit, RenderKit::load(fonts, forms));
  out->kit_ = std::make_unique<RenderKit>(std::move(kit));
  return out;
}

}  // namespace certrelay
