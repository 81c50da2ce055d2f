// GET /v1/overview: the service, the register and what ends when, as they are at this moment.
#include "firmware/daemon/open_vault.hpp"
#include "relay/front/pem_file.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPemBytesMax = std::size_t{1} << 20;

UtcTime to_second(UtcTime time) { return UtcTime(std::chrono::floor<std::chrono::seconds>(time)); }

// The first end of the certificates in a file; none when it cannot be read.
DatedThing end_of_file(Files& files, std::string name, const std::string& path) {
  DatedThing out{std::move(name), std::nullopt};
  const auto bytes = files.read_all(path, kPemBytesMax);
  if (!bytes) return out;
  const auto all = certificates_of(as_text(bytes.value()), ErrorCode::kMalformed);
  if (!all) return out;
  for (const auto& one : all.value()) {
    const auto until = utc_of(*X509_get0_notAfter(one.get()));
    if (until && (!out.until || until.value() < *out.until)) out.until = to_second(until.value());
  }
  return out;
}

OverviewRegister register_view(const RegisterState& state) {
  OverviewRegister out{.reason = std::string(name_of(kRegisterReasons, state.reason)),
                       .generation = state.version.generation,
                       .sequence = state.version.sequence,
                       .last_contact = std::nullopt,
                       .age_s = 0,
                       .age_max_s = static_cast<std::uint64_t>(state.age_max.count()),
                       .quarantined = state.quarantined,
                       .push = std::nullopt};
  if (state.last_contact != UtcTime{}) {
    out.last_contact = to_second(state.last_contact);
    out.age_s = static_cast<std::uint64_t>(std::max<std::int64_t>(0, state.age.count()));
  }
  return out;
}

}  // namespace

std::vector<DatedThing> OpenVault::ends() const {
  std::vector<DatedThing> out;
  const auto config = config_now();
  for (const auto& listener : config->listeners) {
    if (!listener.tls) continue;
    const auto name = "tls." + std::string(to_text(listener.role));
    out.push_back(end_of_file(seams_.files, name, listener.tls->certificate));
    out.push_back(end_of_file(seams_.files, name + ".client_ca", listener.tls->client_ca));
  }
  if (config->documents) {
    out.push_back(end_of_file(seams_.files, "documents", config->documents->certificate));
  }
  std::size_t number = 0;
  for (const auto& issuer : cards_->health().issuers) {
    const auto its = std::to_string(++number);
    out.push_back({"card.root." + its, to_second(issuer.not_after)});
    if (issuer.crls.empty()) out.push_back({"crl." + its, std::nullopt});
    for (const auto& list : issuer.crls) {
      out.push_back({"crl." + its, to_second(list.next_update)});
    }
  }
  if (out.size() > kDatedThingsMax) out.resize(kDatedThingsMax);
  return out;
}

asio::awaitable<Result<Bytes>> OpenVault::overview_body() {
  auto reg = register_view(register_->state());
  reg.push = co_await registry_.newest();
  const auto now = seams_.clock.utc_now();
  Overview out{.now = to_second(now),
               .municipality = config_.municipality,
               .municipality_name = config_.municipality_name,
               .demo = config_.demo,
               .kinds = {},
               .reg = std::move(reg),
               .ends = ends()};
  const auto config = config_now();
  for (const auto& [kind, calendar] : config->calendar) {
    out.kinds.push_back({.kind = kind,
                         .open = is_open(calendar, now),
                         .suspended = orders_.suspended(kind),
                         .note = orders_.note(kind),
                         .hours = hours_text(calendar)});
  }
  co_return encode(out);
}

}  // namespace certrelay
