#include "relay/ledger/export_reader.hpp"

namespace certrelay {
namespace {

// The lines of a file of any size.
class LineReader {
 public:
  explicit LineReader(std::unique_ptr<File> file) : file_(std::move(file)) {}
  // False at the end. What follows the last line feed is a line too. Valid until the next call.
  Result<bool> next(std::string_view& line) {
    for (;;) {
      const auto end = buffer_.find('\n', start_);
      if (end != std::string::npos) {
        line = std::string_view(buffer_).substr(start_, end - start_);
        start_ = end + 1;
        return true;
      }
      if (buffer_.size() - start_ > kExportLineBytesMax) {
        return Error{ErrorCode::kLimitExceeded, "export: line"};
      }
      CERTRELAY_TRY(const auto more, fill());
      if (more) continue;
      line = std::string_view(buffer_).substr(start_);
      start_ = buffer_.size();
      return !line.empty();
    }
  }

 private:
  Result<bool> fill() {
    constexpr std::size_t kPiece = 65'536;
    buffer_.erase(0, start_);
    start_ = 0;
    Bytes piece(kPiece);
    CERTRELAY_TRY(const auto got, file_->read_at(offset_, piece));
    offset_ += got;
    buffer_.append(as_text(ByteView(piece).first(got)));
    return got != 0;
  }
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::size_t start_ = 0;
};

}  // namespace

Result<ExportRead> read_export(Files& files, const std::string& path, ExportVerifier& lines,
                               const std::function<Result<void>(std::string_view)>& taken) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kRead));
  LineReader reader(std::move(file));
  std::string_view line;
  for (;;) {
    CERTRELAY_TRY(const auto more, reader.next(line));
    Result<void> outcome = more ? lines.take(line) : lines.expect_end();
    if (outcome && more) outcome = taken(line);
    if (!outcome) return ExportRead{outcome.error()};
    if (!more) return ExportRead{};
  }
}

}  // namespace certrelay
