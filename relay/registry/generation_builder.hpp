#pragma once

#include "protocol/extract/walk.hpp"
#include "relay/registry/base_file.hpp"
#include "relay/registry/generation_seal.hpp"
#include "relay/registry/stored_person.hpp"

namespace certrelay {

// Makes a generation's files under names of their own, which nobody reads before CURRENT has them.
// What it writes is sealed: no plaintext reaches the disk, temporary files included (R38).
class GenerationBuilder final : public ExtractSink {
 public:
  struct Target {
    std::string stem;  // path without the ends; no such file exists
    std::string keys;  // path of the new keys.bin; does not exist
    RootRef root;
  };
  // References and `target.root` must outlive it. `keys`: those of the register in force.
  // Errors: the store's.
  static Result<std::unique_ptr<GenerationBuilder>> create(Files& files, Entropy& entropy,
                                                           Target target, const Manifest& manifest,
                                                           KeyTable keys);

  Result<void> catalogue(Catalogue catalogue) override;
  Result<void> household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) override;

  // After the walk was ok: everything durable. The key count goes into CURRENT.
  Result<std::uint64_t> finish();

  // For create() alone.
  GenerationBuilder(Files& files, Entropy& entropy, Target target, const Manifest& manifest,
                    KeyTable keys, BaseWriter base);

 private:
  std::string path(std::string_view end) const { return target_.stem + std::string(end); }
  void add_cards(const std::vector<CardRecord>& cards);
  void seal_number_of(StoredPerson& stored, std::uint64_t person);

  Files* files_;
  Entropy* entropy_;
  Target target_;
  const Manifest* manifest_;
  KeyTable keys_;
  BaseWriter base_;
  GenerationSeal seal_;
  CardIndexBuilder index_;
};

}  // namespace certrelay
