// Internal to protocol/extract: the name images (漢字氏名イメージ) of one extract.
#pragma once

#include <map>

#include "protocol/extract/checked_source.hpp"
#include "protocol/extract/manifest.hpp"

namespace certrelay {

class NameImages {
 public:
  // Reads every image of the manifest. Faults are reported. Errors: CheckedSource's, the files'.
  Result<void> read(const Manifest& manifest, ExtractFiles& files, Diagnostics& diagnostics);
  // The PNG of that name; null when the extract has none.
  const Bytes* take(std::string_view name);
  // After every person was asked: reports the images that nobody names.
  void report_rest(Diagnostics& diagnostics) const;

 private:
  struct Image {
    Bytes png;
    bool taken = false;
  };
  std::map<std::string, Image, std::less<>> images_;
};

// A PNG of one bit a pixel, grey, 48 px high and 1 to 4,096 wide: signature and IHDR alone, since
// the kiosk decodes it and the relay never does.
bool is_name_image(ByteView png);

}  // namespace certrelay
