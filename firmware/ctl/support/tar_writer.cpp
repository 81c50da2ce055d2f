#include "firmware/ctl/support/tar_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kTarBlock = 512;

// Octal digits, filled with zeros, the last byte NUL.
void put_octal(std::array<char, kTarBlock>& header, std::size_t at, int width,
               unsigned long long value) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", width - 1, value);
  std::copy_n(text.data(), width - 1, header.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

void TarWriter::add(const std::string& name, std::string_view contents) {
  CERTRELAY_CHECK(!name.empty() && name.size() < 100 && name.front() != '/');
  CERTRELAY_CHECK(contents.size() < (std::size_t{1} << 30));
  std::array<char, kTarBlock> header{};
  std::copy(name.begin(), name.end(), header.begin());
  put_octal(header, 100, 8, 0600);
  put_octal(header, 108, 8, 0);
  put_octal(header, 116, 8, 0);
  put_octal(header, 124, 12, contents.size());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time_).time_since_epoch().count();
  put_octal(header, 136, 12, static_cast<unsigned long long>(seconds));
  header[156] = '0';
  constexpr std::string_view kMagic("ustar\00000", 8);
  std::copy(kMagic.begin(), kMagic.end(), header.begin() + 257);
  // The sum counts its own field as spaces.
  std::fill_n(header.begin() + 148, 8, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put_octal(header, 148, 7, sum);
  header[154] = '\0';
  out_.insert(out_.end(), header.begin(), header.end());
  out_.insert(out_.end(), contents.begin(), contents.end());
  out_.resize((out_.size() + kTarBlock - 1) / kTarBlock * kTarBlock);
}

Bytes TarWriter::finish() && {
  out_.resize(out_.size() + 2 * kTarBlock);
  return std::move(out_);
}

}  // namespace certrelay
