#include "render/readback/code_symbol.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocol/base/bytes.hpp"
#include "render/readback/code_patterns.hpp"

namespace certrelay {
namespace {

const Error kBadCode{ErrorCode::kPdfUnreadable, "readback: code"};
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::size_t kVersionMax = 20;

// ISO/IEC 18004, table 9, by version: all codewords, then for L and M the correcting codewords of a
// block and the number of blocks.
struct Capacity {
  std::size_t all;
  std::array<std::size_t, 2> correcting, blocks;
};
constexpr std::array<Capacity, kVersionMax> kCapacities{
    {{26, {7, 10}, {1, 1}},    {44, {10, 16}, {1, 1}},   {70, {15, 26}, {1, 1}},
     {100, {20, 18}, {1, 2}},  {134, {26, 24}, {1, 2}},  {172, {18, 16}, {2, 4}},
     {196, {20, 18}, {2, 4}},  {242, {24, 22}, {2, 4}},  {292, {30, 22}, {2, 5}},
     {346, {18, 26}, {4, 5}},  {404, {20, 30}, {4, 5}},  {466, {24, 22}, {4, 8}},
     {532, {26, 22}, {4, 9}},  {581, {30, 24}, {4, 9}},  {655, {22, 24}, {6, 10}},
     {733, {24, 28}, {6, 10}}, {815, {28, 28}, {6, 11}}, {901, {30, 26}, {6, 13}},
     {991, {28, 26}, {7, 14}}, {1085, {28, 26}, {8, 16}}}};

struct Format {
  std::size_t level;  // 0: L, 1: M
  unsigned mask;
};

// The fifteen bits beside the first finder, which must be a codeword (annex C).
std::optional<Format> read_format(const ModuleGrid& modules) {
  unsigned bits = 0;
  const auto add = [&](std::size_t x, std::size_t y) { bits = bits << 1 | modules.at(x, y); };
  for (std::size_t x = 0; x < 9; ++x) {
    if (x != 6) add(x, 8);
  }
  for (std::size_t y = 8; y-- > 0;) {
    if (y != 6) add(8, y);
  }
  bits ^= 0x5412;
  const unsigned data = bits >> 10;
  unsigned rest = data << 10;
  for (unsigned bit = 14; bit >= 10; --bit) {
    if ((rest >> bit & 1) != 0) rest ^= 0x537U << (bit - 10);
  }
  const unsigned level = data >> 3;
  if (rest != (bits & 0x3FF) || level > 1) return std::nullopt;
  return Format{level == 1 ? 0U : 1U, data & 7};  // 01 is L, 00 is M
}

bool is_masked(unsigned mask, std::size_t x, std::size_t y) {
  switch (mask) {
    case 0:
      return (x + y) % 2 == 0;
    case 1:
      return y % 2 == 0;
    case 2:
      return x % 3 == 0;
    case 3:
      return (x + y) % 3 == 0;
    case 4:
      return (x / 3 + y / 2) % 2 == 0;
    case 5:
      return x * y % 2 + x * y % 3 == 0;
    case 6:
      return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
      return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

// Two columns at a time from the right, upwards and downwards in turn.
Bytes read_words(const ModuleGrid& modules, const CodePatterns& patterns, unsigned mask) {
  const auto width = modules.width;
  Bytes out;
  unsigned word = 0;
  int bits = 0;
  bool upwards = true;
  for (std::size_t right = width - 1; right > 0; right -= right == 8 ? 3 : 2) {  // not column 6
    for (std::size_t step = 0; step < width; ++step) {
      const auto y = upwards ? width - 1 - step : step;
      for (const auto x : {right, right - 1}) {
        if (!patterns.is_data(x, y)) continue;
        const bool dark = modules.at(x, y) != is_masked(mask, x, y);
        word = (word << 1 | dark) & 0xFF;
        if (++bits % 8 == 0) out.push_back(static_cast<std::uint8_t>(word));
      }
    }
    upwards = !upwards;
    if (right < 2) break;
  }
  return out;
}

// GF(256) of the code, polynomial 0x11D.
std::uint8_t times(std::uint8_t a, std::uint8_t b) {
  unsigned out = 0;
  for (int bit = 7; bit >= 0; --bit) {
    out = out << 1U ^ (out >> 7U) * 0x11DU;
    out ^= (static_cast<unsigned>(b) >> bit & 1U) * a;
  }
  return static_cast<std::uint8_t>(out);
}

// A block is a codeword when the first `correcting` powers of 2 are its roots.
bool is_whole(const Bytes& block, std::size_t correcting) {
  std::uint8_t root = 1;
  for (std::size_t i = 0; i < correcting; ++i, root = times(root, 2)) {
    std::uint8_t sum = 0;
    for (const auto word : block) sum = static_cast<std::uint8_t>(times(sum, root) ^ word);
    if (sum != 0) return false;
  }
  return true;
}

// Undoes the interleaving (7.6) and returns the data of all blocks.
Result<Bytes> data_of(const Bytes& words, const Capacity& capacity, std::size_t level) {
  const auto correcting = capacity.correcting.at(level);
  const auto count = capacity.blocks.at(level);
  if (words.size() != capacity.all) return kBadCode;
  const auto data = capacity.all - correcting * count;
  const auto shorter = data / count;
  const auto longer_from = count - data % count;  // the last ones have one word more
  std::vector<Bytes> blocks(count);
  std::size_t at = 0;
  for (std::size_t i = 0; i <= shorter; ++i) {
    for (std::size_t b = i < shorter ? 0 : longer_from; b < count; ++b) {
      blocks[b].push_back(words[at++]);
    }
  }
  Bytes out;
  for (const auto& block : blocks) out.insert(out.end(), block.begin(), block.end());
  for (std::size_t i = 0; i < correcting; ++i) {
    for (auto& block : blocks) block.push_back(words[at++]);
  }
  const bool whole =
      std::ranges::all_of(blocks, [&](const Bytes& block) { return is_whole(block, correcting); });
  if (!whole) return kBadCode;
  return out;
}

// One alphanumeric segment (7.4.4), the terminator, then nothing but padding.
Result<std::string> text_of(const Bytes& data, std::size_t version) {
  std::size_t at = 0;
  const auto take = [&](std::size_t bits) {
    std::size_t value = 0;
    for (; bits > 0; --bits, ++at) {
      const bool bit = at / 8 < data.size() && (data[at / 8] >> (7 - at % 8) & 1) != 0;
      value = value << 1 | static_cast<std::size_t>(bit);
    }
    return value;
  };
  if (take(4) != 2) return kBadCode;
  std::string out;
  for (auto left = take(version < 10 ? 9 : 11); left > 0;) {
    const bool pair = left > 1;
    const auto value = take(pair ? 11 : 6);
    if (value >= kAlphabet.size() * (pair ? kAlphabet.size() : 1)) return kBadCode;
    if (pair) out += kAlphabet[value / kAlphabet.size()];
    out += kAlphabet[value % kAlphabet.size()];
    left -= pair ? 2 : 1;
  }
  const auto all = data.size() * 8;
  if (at > all || take(std::min<std::size_t>(4, all - at)) != 0) return kBadCode;
  if (take((8 - at % 8) % 8) != 0) return kBadCode;
  for (std::size_t pad = 0; at < all; ++pad) {
    if (take(8) != (pad % 2 == 0 ? 0xEC : 0x11)) return kBadCode;
  }
  return out;
}

}  // namespace

Result<std::string> read_code(const ModuleGrid& modules) {
  const auto width = modules.width;
  if (width < 21 || width % 4 != 1 || modules.dark.size() != width * width) return kBadCode;
  const auto version = (width - 17) / 4;
  if (version > kVersionMax) return kBadCode;
  const CodePatterns patterns(version);
  if (!patterns.fit(modules)) return kBadCode;
  const auto format = read_format(modules);
  if (!format) return kBadCode;
  const auto& capacity = kCapacities.at(version - 1);
  auto words = read_words(modules, patterns, format->mask);
  CERTRELAY_TRY(const auto data, data_of(words, capacity, format->level));
  return text_of(data, version);
}

}  // namespace certrelay
