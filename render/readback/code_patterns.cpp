#include "render/readback/code_patterns.hpp"

#include <algorithm>
#include <cstdlib>

namespace certrelay {

CodePatterns::CodePatterns(std::size_t version)
    : width_(version * 4 + 17), modules_(width_ * width_, Module::kData) {
  const auto last = width_ - 1;
  for (std::size_t i = 0; i < width_; ++i) {
    put(6, i, i % 2 == 0);
    put(i, 6, i % 2 == 0);
  }
  for (const auto& [x, y] :
       {std::pair(std::size_t{3}, std::size_t{3}), std::pair(last - 3, std::size_t{3}),
        std::pair(std::size_t{3}, last - 3)}) {
    rings(x, y, 4, 0b10100);  // the ring about the core, and the border
  }
  alignments(version);
  words(version);
}

void CodePatterns::rings(std::size_t cx, std::size_t cy, int radius, unsigned light) {
  const auto width = static_cast<int>(width_);
  for (int dy = -radius; dy <= radius; ++dy) {
    for (int dx = -radius; dx <= radius; ++dx) {
      const int x = static_cast<int>(cx) + dx;
      const int y = static_cast<int>(cy) + dy;
      if (x < 0 || y < 0 || x >= width || y >= width) continue;
      const auto ring = static_cast<unsigned>(std::max(std::abs(dx), std::abs(dy)));
      put(static_cast<std::size_t>(x), static_cast<std::size_t>(y), (light >> ring & 1) == 0);
    }
  }
}

// Annex E: the centres stand in equal steps from the far end; the first is always 6.
void CodePatterns::alignments(std::size_t version) {
  if (version == 1) return;
  const std::size_t count = version / 7 + 2;
  const std::size_t step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
  std::vector<std::size_t> centres{6};
  for (std::size_t i = count - 1; i-- > 0;) centres.push_back(width_ - 7 - i * step);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const bool on_finder = (i == 0 && (j == 0 || j == count - 1)) || (i == count - 1 && j == 0);
      if (!on_finder) rings(centres[i], centres[j], 2, 0b010);
    }
  }
}

void CodePatterns::words(std::size_t version) {
  const auto last = width_ - 1;
  for (std::size_t i = 0; i < 9; ++i) {
    if (i == 6) continue;  // timing
    put(8, i, Module::kWord);
    put(i, 8, Module::kWord);
  }
  for (std::size_t i = 0; i < 8; ++i) {
    put(8, last - i, Module::kWord);
    put(last - i, 8, Module::kWord);
  }
  put(8, last - 7, true);
  for (std::size_t i = 0; version >= 7 && i < 18; ++i) {
    put(last - 10 + i % 3, i / 3, Module::kWord);
    put(i / 3, last - 10 + i % 3, Module::kWord);
  }
}

bool CodePatterns::fit(const ModuleGrid& modules) const {
  for (std::size_t y = 0; y < width_; ++y) {
    for (std::size_t x = 0; x < width_; ++x) {
      const auto module = at(x, y);
      if (module == Module::kDark && !modules.at(x, y)) return false;
      if (module == Module::kLight && modules.at(x, y)) return false;
    }
  }
  return true;
}

}  // namespace certrelay
