#include "tests/unit/registry/register_world.hpp"

namespace certrelay {

RegisterWorld::RegisterWorld(OuterKey* other, bool numbers) : token(other) {
  settings.hold_individual_number = numbers;
  settings.folder = "/s/register";
  settings.outer_key = "/s/outer.key";
  CERTRELAY_CHECK(files.make_folder("/s").has_value());
  settings.owner = files.info("/s").value().owner;
  CERTRELAY_CHECK(SealedRegister::init(env(), settings).has_value());
}

Result<void> RegisterWorld::import(SealedRegister& target, const sample::Extract& extract) {
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  CERTRELAY_TRY(const auto built, target.build(extract.manifest, source, diagnostics));
  return target.activate(built, clock.utc_now());
}

std::vector<std::string> RegisterWorld::stored_files() {
  std::vector<std::string> out;
  const auto names = files.list(settings.folder).value();
  for (const auto& name : names) {
    out.push_back(settings.folder + "/" + name);
  }
  return out;
}

}  // namespace certrelay
