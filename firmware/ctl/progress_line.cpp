#include "firmware/ctl/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "protocol/base/grouped.hpp"

namespace certrelay {
namespace {

std::uint64_t part_of(std::uint64_t done, std::uint64_t all, std::uint64_t parts) {
  return all == 0 ? 0 : std::min(done, all) * parts / all;
}

std::string bar_of(std::uint64_t done, std::uint64_t all) {
  constexpr std::uint64_t kWidth = 30;
  return fmt::format("[{:.<{}}] {:>3}%", std::string(part_of(done, all, kWidth), '#'), kWidth,
                     part_of(done, all, 100));
}

}  // namespace

ProgressLine::ProgressLine(std::FILE* out, std::string what, Bar bar, std::uint64_t all_min)
    : out_(out),
      what_(std::move(what)),
      bar_(std::move(bar)),
      all_min_(all_min),
      is_terminal_(::isatty(::fileno(out)) == 1) {}

ProgressLine::~ProgressLine() {
  if (!is_open_) return;
  constexpr std::string_view kClear = "\r\x1B[K";
  (void)std::fwrite(kClear.data(), 1, kClear.size(), out_);
  std::fflush(out_);
}

void ProgressLine::operator()(std::uint64_t done, std::uint64_t all) {
  if (all < all_min_) return;
  const auto part = part_of(done, all, is_terminal_ ? 100 : 10);
  if (part == shown_) return;
  shown_ = part;
  if (is_terminal_) {
    is_open_ = done < all;
    fmt::print(out_, "\r{} {}{}", what_, bar_(done, all), is_open_ ? "" : "\n");
  } else {
    fmt::print(out_, "{} {}%\n", what_, part * 10);
  }
  std::fflush(out_);
}

std::string entries_bar(std::uint64_t done, std::uint64_t all) {
  return fmt::format("{}  {} / {}件", bar_of(done, all), grouped(done), grouped(all));
}

std::string bytes_bar(std::uint64_t done, std::uint64_t all) {
  constexpr double kMegabyte = 1e6;
  return fmt::format("{}  {:.1f} / {:.1f} MB", bar_of(done, all),
                     static_cast<double>(done) / kMegabyte, static_cast<double>(all) / kMegabyte);
}

}  // namespace certrelay
