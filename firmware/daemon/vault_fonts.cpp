// The pinned fonts and the forms: what pages are made with.
#include <deque>
#include <filesystem>

#include "firmware/daemon/read_file.hpp"
#include "firmware/daemon/started.hpp"
#include "firmware/daemon/vault_open.hpp"
#include "relay/env/file_mark.hpp"
#include "relay/env/posix_files.hpp"
#include "render/builtin_forms.hpp"

namespace certrelay {
namespace {

// The form of every kind that is offered, its texts read from the configured files.
class ConfiguredForms {
 public:
  explicit ConfiguredForms(const Config& config) {
    for (const auto& [kind, calendar] : config.calendar) add(kind, config.render.forms);
  }
  // Views this object.
  std::span<const FormSource> sources() const { return sources_; }
  // Of all that a form is made of.
  Digest identity() const {
    std::string all;
    for (const auto& one : sources_) {
      all += std::string(to_text(one.kind));
      for (const auto& digest : {sha256(one.form), sha256(one.rules), sha256(one.seal_image)}) {
        all += to_hex(digest);
      }
    }
    return sha256(all);
  }

 private:
  void add(CertificateKind kind, const std::map<CertificateKind, FormSection>& configured) {
    const auto found = configured.find(kind);
    const auto section = found != configured.end()
                             ? found->second
                             : FormSection{.form = std::string(usual_form(kind))};
    auto source = builtin_form(section.form, kind).value();
    const auto replace = [&](std::string_view& text, const char* key, const std::string& path) {
      if (path.empty()) return;
      texts_.push_back(read_configured_text(key, path));
      text = texts_.back();
    };
    replace(source.form, "render.forms: template", section.template_file);
    replace(source.rules, "render.forms: readback", section.readback_file);
    if (!section.seal_file.empty()) source.seal_image = read_seal(section);
    sources_.push_back(source);
  }

  ByteView read_seal(const FormSection& section) {
    texts_.push_back(read_configured_text("render.forms: seal", section.seal_file));
    if (sha256(texts_.back()) != section.seal_sha256) {
      throw StartFailure("render.forms: seal " + section.seal_file + " is not the pinned image",
                         "put the image there whose sha256 is configured");
    }
    return as_bytes(texts_.back());
  }

  std::deque<std::string> texts_;  // does not move what it holds
  std::vector<FormSource> sources_;
};

}  // namespace

// ipamjm.ttf has ipamjm.glyphs.
std::string glyph_cache_path(const FontSection& font) {
  if (!font.glyph_cache.empty()) return font.glyph_cache;
  const auto name = std::filesystem::path(font.path).stem().string() + ".glyphs";
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = self.parent_path().parent_path() / "share/fonts" / name;
  return std::filesystem::exists(beside, error) ? beside.string()
                                                : "/usr/share/certrelay/fonts/" + name;
}

Fonts open_fonts(const Config& config) {
  Fonts out;
  std::vector<PinnedFont> pinned;
  PosixFiles files;
  std::string identity;
  for (const auto& font : config.render.fonts) {
    const auto file = started(mark_of(files, font.path), "render.fonts " + font.path,
                              "install the package fonts-ipamj-mincho or correct the path");
    if (file.sha256 != font.sha256) {
      throw StartFailure("render.fonts " + font.path + " is not the pinned font",
                         "install the very version whose sha256 is configured");
    }
    const auto path = glyph_cache_path(font);
    out.caches.push_back(started(PinnedFile::open(files, path), "render.fonts: glyph_cache " + path,
                                 "build it with certrelay-font-cache " + font.path + " " + path));
    pinned.push_back({font.sha256, out.caches.back().bytes()});
    identity += to_hex(font.sha256);
  }
  const ConfiguredForms forms(config);
  out.identity = sha256(identity + to_hex(forms.identity()));
  out.kit = std::make_unique<RenderKit>(
      started(RenderKit::load(pinned, forms.sources()), "render: glyph cache, template or readback",
              "rebuild the cache from the pinned font, or correct the form's two files"));
  return out;
}

std::shared_ptr<const RenderKit> kit_of(Fonts fonts) {
  auto kept = std::make_shared<const Fonts>(std::move(fonts));
  return {kept, kept->kit.get()};
}

}  // namespace certrelay
