// Reads a whole extract once, checks every rule of FORMAT.md, and hands its records on household by
// household, so that nobody holds a city in memory.
#pragma once

#include "protocol/extract/byte_source.hpp"
#include "protocol/extract/household_rules.hpp"
#include "protocol/extract/manifest.hpp"

namespace certrelay {

// What a household's rows become. Called only while no rule is broken; since a later row may still
// break one, nothing received is valid before walk_extract has returned ok.
class ExtractSink {
 public:
  ExtractSink() = default;
  ExtractSink(const ExtractSink&) = delete;
  ExtractSink& operator=(const ExtractSink&) = delete;
  virtual ~ExtractSink() = default;
  virtual Result<void> catalogue(Catalogue catalogue) = 0;
  // `cards[i]` are the cards of members[i], on rows.card_lines[i]; name images are filled in.
  virtual Result<void> household(HouseholdRows rows,
                                 std::vector<std::vector<CardRecord>> cards) = 0;
};

// Every fault of the content goes to `diagnostics`: form, closed schema, digests, lengths, ids
// twice, households without their head, cards for nobody, counts, order of rows. All rows are
// looked at, so that one run names all faults.
// Errors: the first fault's code, the sink's, the files'.
Result<void> walk_extract(const Manifest& manifest, ExtractFiles& files, ExtractSink& sink,
                          Diagnostics& diagnostics);

}  // namespace certrelay
