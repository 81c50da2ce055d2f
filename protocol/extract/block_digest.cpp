#include "protocol/extract/block_digest.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"
#include "protocol/extract/record_codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kLabel = "certrelay block v1";

}  // namespace

BlockDigest::BlockDigest(const std::array<std::uint8_t, 32>& nonce, std::uint64_t blocks,
                         std::uint64_t block) {
  ByteWriter out;
  out.raw(kLabel);
  out.u8(0);
  out.raw(nonce);
  out.u64(blocks);
  out.u64(block);
  hash_.add(out.view());
}

void BlockDigest::add(const HouseholdRecord& household, const PersonRecord& person,
                      const std::vector<CardKey>& cards, const std::vector<JstDay>& valid_from,
                      IndividualNumbers numbers) {
  ByteWriter out;
  for (const auto& cell : cells_of(household)) out.short_text(cell);
  for (const auto& cell : cells_of(person, numbers)) out.short_text(cell);
  // The picture itself beside its name.
  out.short_bytes(person.name_image);
  std::vector<Bytes> links;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    ByteWriter link;
    link.short_bytes(cards[i].issuer_der);
    link.short_bytes(cards[i].serial);
    link.short_text(to_iso_day(valid_from.at(i)));
    links.push_back(std::move(link).take());
  }
  std::sort(links.begin(), links.end());
  out.u16(static_cast<std::uint16_t>(links.size()));
  for (const auto& link : links) out.raw(link);
  auto bytes = std::move(out).take();
  hash_.add(bytes);
  wipe(bytes);
  ++persons_;
}

}  // namespace certrelay
