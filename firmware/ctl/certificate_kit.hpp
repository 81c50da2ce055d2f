#pragma once

#include <memory>
#include <string>
#include <vector>

#include "relay/env/pinned_file.hpp"
#include "render/render.hpp"

namespace certrelay {

// The SHA-256 of the font that the package pins: IPAmj Mincho 005.01 of Debian's
// fonts-ipamj-mincho.
inline constexpr std::string_view kIpamjSha256 =
    "75268aa9ac2d92080048196af08adee37f1c286cf4b7777ed5ac3722a8737f5f";

struct CertificateKitFiles {
  // Of each font, in their order.
  std::vector<std::string> glyph_caches;
  std::vector<std::string> font_sha256 = {std::string(kIpamjSha256)};
  std::string form = "household";  // a built-in form's name
  std::string form_template;       // files instead of the built-in form's own; empty: those
  std::string readback;
};

// The glyph cache that lies beside the running binary: ../share/fonts/ipamjm.glyphs from its folder
// or one above (build tree), else /usr/share/certrelay/fonts/ipamjm.glyphs.
CertificateKitFiles default_kit_files();

// A render kit over files: keeps the glyph caches that it views.
class CertificateKit {
  struct Private {};

 public:
  explicit CertificateKit(Private) {}
  // Errors: kFontCacheInvalid (also when the file is not there), kTemplateInvalid, kMalformed.
  static Result<std::unique_ptr<CertificateKit>> open(const CertificateKitFiles& files);
  CertificateKit(const CertificateKit&) = delete;
  CertificateKit& operator=(const CertificateKit&) = delete;

  const RenderKit& kit() const { return *kit_; }

 private:
  Result<std::vector<PinnedFont>> open_fonts(const CertificateKitFiles& files);

  std::vector<PinnedFile> caches_;
  std::unique_ptr<RenderKit> kit_;
};

}  // namespace certrelay
