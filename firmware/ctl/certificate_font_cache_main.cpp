// certrelay-font-cache FONT OUT: run by the build, so that the package holds the glyph cache beside
// the binaries. Writes OUT whole or not at all.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "protocol/base/sha256.hpp"
#include "render/font/cache_builder.hpp"

namespace {

int fail(const char* what) {
  std::fprintf(stderr, "certrelay-font-cache: %s\n", what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("usage: certrelay-font-cache FONT OUT");
  std::ifstream in(argv[1], std::ios::binary);
  const certrelay::Bytes font{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || font.empty()) return fail("cannot read the font file");
  const auto cache = certrelay::build_glyph_cache(font);
  if (!cache) return fail("not a TrueType font that a glyph cache can be built from");
  const std::string part = std::string(argv[2]) + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(cache.value().data()),
            static_cast<std::streamsize>(cache.value().size()));
  out.close();
  if (!out) return fail("cannot write the cache");
  std::error_code error;
  std::filesystem::rename(part, argv[2], error);
  if (error) return fail("cannot put the cache in its place");
  std::printf("font sha256 %s, cache %zu bytes\n",
              certrelay::to_hex(certrelay::sha256(font)).c_str(), cache.value().size());
  return 0;
}
