// Internal to render/readback: the modules of a QR code that carry no data.
#pragma once

#include "render/readback/code_symbol.hpp"

namespace certrelay {

// Finders, timing, alignments and the places of format and version, by the symbol's version
// (ISO/IEC 18004, 6.3). Precondition: version 1 to 20.
class CodePatterns {
 public:
  explicit CodePatterns(std::size_t version);

  std::size_t width() const { return width_; }
  bool is_data(std::size_t x, std::size_t y) const { return at(x, y) == Module::kData; }
  // Whether every module of a fixed colour has it. Precondition: of that width.
  bool fit(const ModuleGrid& modules) const;

 private:
  enum class Module : std::uint8_t { kData, kWord, kLight, kDark };

  Module at(std::size_t x, std::size_t y) const { return modules_.at(y * width_ + x); }
  void put(std::size_t x, std::size_t y, Module module) { modules_.at(y * width_ + x) = module; }
  void put(std::size_t x, std::size_t y, bool dark) {
    put(x, y, dark ? Module::kDark : Module::kLight);
  }
  // Rings round a centre, cut at the symbol's edge: dark but where `light` has their number.
  void rings(std::size_t cx, std::size_t cy, int radius, unsigned light);
  void alignments(std::size_t version);
  void words(std::size_t version);

  std::size_t width_;
  std::vector<Module> modules_;
};

}  // namespace certrelay
