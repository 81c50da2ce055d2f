#include "firmware/fetch/ocsp_section.hpp"

#include <filesystem>

#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kRespondersMax = 8;

}  // namespace

std::optional<OcspSection> parse_ocsp(TomlTable& root, const std::string& folder) {
  if (!root.has("ocsp")) return std::nullopt;
  auto table = root.table("ocsp");
  OcspSection out;
  out.urls = table.texts("responders", 1);
  if (out.urls.size() > kRespondersMax) table.refuse("responders", "at most 8 addresses");
  for (const auto& url : out.urls) {
    auto address = HttpAddress::parse(url);
    if (!address) table.refuse("responders", "write http://host[:port]/path; answers are signed");
    out.responders.push_back(std::move(address).value());
  }
  out.socket = (std::filesystem::path(folder) / table.text_or("socket", "run/fetch.sock"))
                   .lexically_normal()
                   .string();
  // Well within the ten seconds of an answer.
  out.timeout = std::chrono::milliseconds(table.number_or("timeout_ms", 3000, 100, 8000));
  out.age_max = std::chrono::minutes(table.number_or("age_max_minutes", 24 * 60, 1, 24 * 60 * 31));
  out.refuse_unknown = table.flag_or("refuse_unknown", true);
  table.finish();
  return out;
}

OcspSection load_ocsp(const std::string& path) {
  const auto file = std::filesystem::absolute(path).lexically_normal();
  PosixFiles files;
  const auto bytes = files.read_all(file.string(), kConfigBytesMax);
  if (!bytes) throw StartFailure(path, "cannot be read; check that the file exists and its rights");
  const auto document = parse_toml(std::string(as_text(bytes.value())), file.string());
  TomlTable root(document, file.string(), "");
  auto section = parse_ocsp(root, file.parent_path().string());
  if (!section) {
    throw StartFailure(file.string() + ": [ocsp]", "is missing: there is nothing to fetch");
  }
  return std::move(*section);
}

}  // namespace certrelay
