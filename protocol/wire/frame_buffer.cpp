#include "protocol/wire/frame_buffer.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"

namespace certrelay {

std::span<std::uint8_t> FrameBuffer::room() {
  const auto held = end_ - begin_;
  auto all = std::span(buffer_);
  std::copy(all.begin() + static_cast<std::ptrdiff_t>(begin_),
            all.begin() + static_cast<std::ptrdiff_t>(end_), all.begin());
  wipe(all.subspan(held, end_ - held));
  begin_ = 0;
  end_ = held;
  std::size_t size = kReadBytes;
  if (held >= kFramePrefixSize) {
    // next() has looked at it: a length that is none has ended the link.
    const auto length = frame_length(all.first(kFramePrefixSize));
    CERTRELAY_CHECK(length.has_value());
    size = std::max(size, kFramePrefixSize + length.value());
  }
  // A fresh block of the right size where a long frame is gone: the long one's memory is given
  // back.
  if (buffer_.size() > size && held == 0) buffer_ = Bytes();
  if (buffer_.size() < size) buffer_.resize(size);
  return std::span(buffer_).subspan(end_);
}

void FrameBuffer::filled(std::size_t bytes) {
  CERTRELAY_CHECK(bytes <= buffer_.size() - end_);
  end_ += bytes;
}

Result<ByteView> FrameBuffer::next() {
  const auto held = ByteView(buffer_).subspan(begin_, end_ - begin_);
  if (held.size() < kFramePrefixSize) return ByteView{};
  CERTRELAY_TRY(const auto length, frame_length(held.first(kFramePrefixSize)));
  if (held.size() < kFramePrefixSize + length) return ByteView{};
  begin_ += kFramePrefixSize + length;
  return held.subspan(kFramePrefixSize, length);
}

}  // namespace certrelay
