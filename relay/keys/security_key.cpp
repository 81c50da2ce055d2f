#include "relay/keys/security_key.hpp"

#include <fido.h>
#include <fido/es256.h>

#include <algorithm>
#include <memory>

#include "protocol/base/json.hpp"
#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/login_message.hpp"
#include "relay/keys/attestation_object.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {
namespace {

// SubjectPublicKeyInfo of a P-256 key up to the two coordinates (RFC 5480 §2.1.1, RFC 5480 §2.2).
constexpr std::array<std::uint8_t, 27> kP256SpkiHead{
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr std::size_t kPointBytes = 64;
constexpr std::size_t kPortDigitsMax = 5;

template <class T, void (*Free)(T**)>
struct FreeFido {
  void operator()(T* thing) const { Free(&thing); }
};
using FidoAssert = std::unique_ptr<fido_assert_t, FreeFido<fido_assert_t, fido_assert_free>>;
using FidoCred = std::unique_ptr<fido_cred_t, FreeFido<fido_cred_t, fido_cred_free>>;
using FidoPoint = std::unique_ptr<es256_pk_t, FreeFido<es256_pk_t, es256_pk_free>>;

Error foreign(std::string_view where) { return {ErrorCode::kForeignSignature, where}; }

// "https://" host, with or without a port (RFC 6454 §6.2).
bool is_origin_of(std::string_view origin, std::string_view host) {
  constexpr std::string_view kScheme = "https://";
  if (!origin.starts_with(kScheme)) return false;
  origin.remove_prefix(kScheme.size());
  if (!origin.starts_with(host)) return false;
  origin.remove_prefix(host.size());
  if (origin.empty()) return true;
  const auto port = origin.substr(1);
  return origin.front() == ':' && !port.empty() && port.size() <= kPortDigitsMax &&
         std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

// WebAuthn Level 2 §7.1 and §7.2, steps 7 to 12. Members of later levels are none of ours.
Result<void> check_client_data(ByteView bytes, std::string_view call, std::string_view host,
                               const Digest& challenge) {
  CERTRELAY_TRY(const auto value, parse_strict_json(as_text(bytes)));
  CERTRELAY_TRY(auto in, JsonObject::from(value));
  CERTRELAY_TRY(const auto type, in.string("type"));
  CERTRELAY_TRY(const auto said, in.string("challenge"));
  CERTRELAY_TRY(const auto origin, in.string("origin"));
  if (in.has("crossOrigin")) {
    CERTRELAY_TRY(const auto crossed, in.boolean("crossOrigin"));
    if (crossed) return foreign("security key: within another page");
  }
  if (type != call) return foreign("security key: another call");
  if (!is_origin_of(origin, host)) return foreign("security key: another page");
  if (said != to_base64url(challenge)) {
    return Error{ErrorCode::kBadSignature, "security key: challenge"};
  }
  return ok();
}

bool all_ok(std::initializer_list<int> results) {
  return std::ranges::all_of(results, [](int result) { return result == FIDO_OK; });
}

}  // namespace

std::string SecurityKey::keyid() const { return key_id(spki); }

Result<void> verify_assertion(std::string_view host, const SecurityKey& key,
                              const Digest& challenge, const PersonalSignature& signature) {
  if (!signature.assertion || signature.keyid != key.keyid()) {
    return foreign("security key: another key");
  }
  const auto& said = *signature.assertion;
  CERTRELAY_TRY(check(said));
  CERTRELAY_TRY(check_authenticator_data(said.authenticator_data, false));
  CERTRELAY_TRY(check_client_data(said.client_data, "webauthn.get", host, challenge));
  const Error bad{ErrorCode::kBadSignature, "security key: signature"};
  if (key.spki.size() != kP256SpkiHead.size() + kPointBytes) return bad;
  const FidoAssert assertion(fido_assert_new());
  const FidoPoint point(es256_pk_new());
  const auto hash = sha256(said.client_data);
  const std::string name(host);
  const bool taken =
      assertion && point &&
      all_ok(
          {es256_pk_from_ptr(point.get(), key.spki.data() + kP256SpkiHead.size(), kPointBytes),
           fido_assert_set_clientdata_hash(assertion.get(), hash.data(), hash.size()),
           fido_assert_set_rp(assertion.get(), name.c_str()),
           fido_assert_set_count(assertion.get(), 1),
           fido_assert_set_up(assertion.get(), FIDO_OPT_TRUE),
           fido_assert_set_uv(assertion.get(), FIDO_OPT_TRUE),
           fido_assert_set_authdata_raw(assertion.get(), 0, said.authenticator_data.data(),
                                        said.authenticator_data.size()),
           fido_assert_set_sig(assertion.get(), 0, said.signature.data(), said.signature.size())});
  if (!taken) return bad;
  if (fido_assert_verify(assertion.get(), 0, COSE_ES256, point.get()) != FIDO_OK) return bad;
  return ok();
}

Result<SecurityKey> verify_registration(std::string_view host, const Digest& challenge,
                                        ByteView client_data, ByteView attestation_object,
                                        UtcTime now) {
  CERTRELAY_TRY(check_client_data(client_data, "webauthn.create", host, challenge));
  CERTRELAY_TRY(const auto parts, parse_attestation_object(attestation_object));
  CERTRELAY_TRY(check_authenticator_data(parts.auth_data, true));
  const Error unusable{ErrorCode::kKeyUnusable, "security key: attestation"};
  const FidoCred made(fido_cred_new());
  const auto hash = sha256(client_data);
  const std::string name(host);
  const bool taken =
      made &&
      all_ok(
          {fido_cred_set_type(made.get(), COSE_ES256),
           fido_cred_set_rp(made.get(), name.c_str(), nullptr),
           fido_cred_set_uv(made.get(), FIDO_OPT_TRUE),
           fido_cred_set_clientdata_hash(made.get(), hash.data(), hash.size()),
           fido_cred_set_fmt(made.get(), parts.format.c_str()),
           fido_cred_set_authdata_raw(made.get(), parts.auth_data.data(), parts.auth_data.size()),
           fido_cred_set_attstmt(made.get(), parts.statement.data(), parts.statement.size())});
  if (!taken) return unusable;
  const bool own = fido_cred_x5c_ptr(made.get()) == nullptr;
  if ((own ? fido_cred_verify_self(made.get()) : fido_cred_verify(made.get())) != FIDO_OK) {
    return unusable;
  }
  const std::size_t id_size = fido_cred_id_len(made.get());
  if (fido_cred_pubkey_len(made.get()) != kPointBytes || id_size < 1 ||
      id_size > kCredentialIdMax) {
    return unusable;
  }
  SecurityKey out{.credential_id = {}, .spki = {}, .added_at = now};
  const auto* id = fido_cred_id_ptr(made.get());
  out.credential_id.assign(id, id + id_size);
  out.spki.assign(kP256SpkiHead.begin(), kP256SpkiHead.end());
  const auto* point = fido_cred_pubkey_ptr(made.get());
  out.spki.insert(out.spki.end(), point, point + kPointBytes);
  CERTRELAY_TRY(PublicKey::from_spki(out.spki, KeyType::kEcdsaP256));
  return out;
}

}  // namespace certrelay
