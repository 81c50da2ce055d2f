#include "tests/support/tls_test_files.hpp"

#include "firmware/kiosk/pki/profiles.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

// Valid whenever the tests run.
const Validity kLong{UtcTime{std::chrono::sys_days{2020y / 1 / 1}},
                     UtcTime{std::chrono::sys_days{2120y / 1 / 1}}};

template <class T>
T must(Result<T> result) {
  CERTRELAY_CHECK(result.has_value());
  return std::move(result).value();
}

PkiAuthority authority(const std::string& name, std::uint64_t serial) {
  return must(PkiAuthority::self_signed(role_authority_spec(name, serial_from(serial), kLong),
                                        must(PkiKey::generate(PkiKeyKind::kEcP256))));
}

struct Leaf {
  std::string certificate_pem;
  std::string key_pem;
};

Leaf leaf(const PkiAuthority& issuer, const CertificateSpec& spec) {
  const PkiKey key = must(PkiKey::generate(PkiKeyKind::kEcP256));
  return {to_pem(must(issuer.issue(spec, key)), "CERTIFICATE"), must(key.to_pkcs8_pem(""))};
}

TlsTestFiles make() {
  const PkiAuthority servers = authority("Servers", 1);
  const PkiAuthority clients = authority("Clients", 2);
  const PkiAuthority others = authority("Others", 3);
  const std::string name = kTestServerName;
  const Leaf server = leaf(servers, tls_server_spec(name, "DNS:" + name, serial_from(4), kLong));
  const Leaf client =
      leaf(clients, tls_client_spec("center", "DNS:center.client.example", serial_from(5), kLong));
  const Leaf stranger =
      leaf(others, tls_client_spec("center", "DNS:center.client.example", serial_from(6), kLong));
  TlsTestFiles out;
  out.server = {server.certificate_pem, server.key_pem, clients.certificate_pem()};
  out.client = {client.certificate_pem, client.key_pem, servers.certificate_pem(), name};
  out.stranger = {stranger.certificate_pem, stranger.key_pem, servers.certificate_pem(), name};
  out.other_authority_pem = others.certificate_pem();
  return out;
}

}  // namespace

const TlsTestFiles& tls_test_files() {
  static const TlsTestFiles files = make();
  return files;
}

}  // namespace certrelay
