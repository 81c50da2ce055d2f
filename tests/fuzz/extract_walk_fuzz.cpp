// The input is the tables one after the other, a line "\x01" between: every parser and rule of an
// extract runs on hostile bytes with a manifest that agrees with them.
#include "protocol/base/check.hpp"
#include "protocol/extract/walk.hpp"

namespace {

using namespace certrelay;  // NOLINT(google-build-using-namespace)

class Parts final : public ExtractFiles {
 public:
  explicit Parts(std::string_view input) {
    for (const auto& table : extract_tables()) {
      const auto end = input.find('\x01');
      parts_.emplace_back(table.file, input.substr(0, end));
      input = end == std::string_view::npos ? std::string_view{} : input.substr(end + 1);
    }
  }
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) override {
    for (const auto& [file, text] : parts_) {
      if (file == name) {
        return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(as_bytes(text)));
      }
    }
    return Error{ErrorCode::kNotFound, "fuzz"};
  }
  std::vector<ManifestFile> files() const {
    std::vector<ManifestFile> out;
    for (const auto& [file, text] : parts_) {
      out.push_back({std::string(file), text.size(), sha256(text)});
    }
    return out;
  }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> parts_;
};

class Drop final : public ExtractSink {
 public:
  Result<void> catalogue(Catalogue) override { return ok(); }
  Result<void> household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) override {
    CERTRELAY_CHECK(rows.members.size() == cards.size());
    CERTRELAY_CHECK(rows.members.front().person == rows.household.head);
    return ok();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Parts files(as_text({data, size}));
  Manifest manifest{.municipality = MunicipalityCode::parse("392901").value()};
  manifest.issuers = {{0x30, 0x00}};
  manifest.files = files.files();
  for (const auto numbers : {IndividualNumbers::kNotHeld, IndividualNumbers::kHeld}) {
    manifest.numbers = numbers;
    Drop sink;
    Diagnostics diagnostics;
    const auto done = walk_extract(manifest, files, sink, diagnostics);
    CERTRELAY_CHECK(done.has_value() == diagnostics.clean());
  }
  return 0;
}
