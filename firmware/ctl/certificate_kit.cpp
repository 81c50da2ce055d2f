#include "firmware/ctl/certificate_kit.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace certrelay {
namespace {

constexpr std::string_view kRelative = "share/fonts/ipamjm.glyphs";

Error missing() { return Error{ErrorCode::kFontCacheInvalid, "font: cannot open the glyph cache"}; }

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<std::span<std::uint8_t>> map_file(const std::string& path) {
  const Descriptor file(path);
  struct stat info{};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0 || info.st_size <= 0) return missing();
  const auto size = static_cast<std::size_t>(info.st_size);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) return missing();
  return std::span(static_cast<std::uint8_t*>(memory), size);
}

Result<std::string> read_template(const std::string& path) {
  if (path.empty()) return std::string(default_household_template());
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
      files.glyph_cache = candidate.string();
      return files;
    }
  }
  files.glyph_cache = "/usr/share/certrelay/fonts/ipamjm.glyphs";
  return files;
}

Result<std::unique_ptr<CertificateKit>> CertificateKit::open(const CertificateKitFiles& files) {
  CERTRELAY_TRY(const auto digest, parse_digest(files.font_sha256));
  CERTRELAY_TRY(const auto form, read_template(files.form_template));
  std::unique_ptr<CertificateKit> out(std::make_unique<CertificateKit>(Private{}));
  CERTRELAY_TRY(out->mapping_, map_file(files.glyph_cache));
  const PinnedFont font{digest, out->mapping_};
  CERTRELAY_TRY(auto kit, RenderKit::load({&font, 1}, form));
  out->kit_ = std::make_unique<RenderKit>(std::move(kit));
  return out;
}

CertificateKit::~CertificateKit() {
  if (!mapping_.empty()) ::munmap(mapping_.data(), mapping_.size());
}

}  // namespace certrelay
