#include "firmware/ctl/folder_files.hpp"

namespace certrelay {
namespace {

class FileSource final : public ByteSource {
 public:
  explicit FileSource(std::unique_ptr<File> file) : file_(std::move(file)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    CERTRELAY_TRY(const auto count, file_->read_at(offset_, out));
    offset_ += count;
    return count;
  }

 private:
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> FolderFiles::open(std::string_view name) {
  CERTRELAY_TRY(auto file, files_->open(folder_ + "/" + std::string(name), OpenMode::kRead));
  return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(std::move(file)));
}

}  // namespace certrelay
