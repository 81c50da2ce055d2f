#include "tests/support/own_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

#include "protocol/base/check.hpp"

namespace certrelay::testing {
namespace {

constexpr std::uintptr_t kRegionBytesMax = std::uintptr_t{1} << 30;

struct Region {
  std::uintptr_t begin = 0, end = 0;
};

// Anonymous, private, writable; not a sanitizer's shadow, which is terabytes of untouched pages
// that would become real by being read.
std::vector<Region> writable_regions() {
  std::vector<Region> out;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string range, rights, offset, device, inode;
    words >> range >> rights >> offset >> device >> inode;
    if (rights != "rw-p" || inode != "0") continue;
    Region region;
    if (std::sscanf(range.c_str(), "%lx-%lx", &region.begin, &region.end) == 2 &&
        region.end - region.begin < kRegionBytesMax) {
      out.push_back(region);
    }
  }
  return out;
}

// Where `pattern` begins within `region`, read in pieces that overlap so that no copy lies across
// two of them. A hole in a piece (a guard page) leaves the rest of it unread.
void find_in(int memory, const Region& region, ByteView pattern, std::set<std::uintptr_t>& places) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  Bytes window;
  for (auto at = region.begin; at < region.end; at += kPiece) {
    window.resize(std::min<std::size_t>(kPiece + pattern.size(), region.end - at));
    const auto got = ::pread(memory, window.data(), window.size(), static_cast<off_t>(at));
    if (got <= 0) continue;
    window.resize(static_cast<std::size_t>(got));
    const auto scratch = reinterpret_cast<std::uintptr_t>(window.data());
    for (auto found = window.begin();; ++found) {
      found = std::search(found, window.end(), pattern.begin(), pattern.end());
      if (found == window.end()) break;
      const auto place = at + static_cast<std::size_t>(found - window.begin());
      if (place < scratch || place >= scratch + window.size()) places.insert(place);
    }
  }
}

}  // namespace

std::size_t flip_copies(ByteView pattern, std::size_t offset) {
  const int memory = ::open("/proc/self/mem", O_RDWR | O_CLOEXEC);
  CERTRELAY_CHECK(memory >= 0);
  std::set<std::uintptr_t> places;
  for (const auto& region : writable_regions()) find_in(memory, region, pattern, places);
  places.erase(reinterpret_cast<std::uintptr_t>(pattern.data()));
  for (const auto place : places) {
    std::uint8_t byte = 0;
    const auto at = static_cast<off_t>(place + offset);
    CERTRELAY_CHECK(::pread(memory, &byte, 1, at) == 1);
    byte ^= 1;
    CERTRELAY_CHECK(::pwrite(memory, &byte, 1, at) == 1);
  }
  ::close(memory);
  return places.size();
}

}  // namespace certrelay::testing
