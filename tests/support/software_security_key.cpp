#include "tests/support/software_security_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include "protocol/base/check.hpp"
#include "protocol/base/json.hpp"

namespace certrelay::testing {
namespace {

void put(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }
void put(Bytes& out, std::string_view more) { put(out, as_bytes(more)); }

// RFC 8949: the head of a text (3) or bytes (2) of that length.
void put_cbor_head(Bytes& out, unsigned major, std::size_t length) {
  const auto type = static_cast<std::uint8_t>(major << 5U);
  if (length < 24) {
    out.push_back(static_cast<std::uint8_t>(type | length));
  } else if (length < 256) {
    put(out, Bytes{static_cast<std::uint8_t>(type | 24U), static_cast<std::uint8_t>(length)});
  } else {
    put(out, Bytes{static_cast<std::uint8_t>(type | 25U), static_cast<std::uint8_t>(length >> 8U),
                   static_cast<std::uint8_t>(length & 0xFFU)});
  }
}
void put_cbor_text(Bytes& out, std::string_view value) {
  put_cbor_head(out, 3, value.size());
  put(out, value);
}
void put_cbor_bytes(Bytes& out, ByteView value) {
  put_cbor_head(out, 2, value.size());
  put(out, value);
}

Bytes client_data_of(const KeySays& says, std::string_view call, const Digest& challenge) {
  const auto json =
      to_json_text(boost::json::object{{"type", says.type.empty() ? std::string(call) : says.type},
                                       {"challenge", to_base64url(challenge)},
                                       {"origin", says.origin},
                                       {"crossOrigin", says.crossed},
                                       {"other_keys_can_be_added_here", "x"}});
  return {json.begin(), json.end()};
}

}  // namespace

SoftwareSecurityKey::SoftwareSecurityKey() : key_(EVP_EC_gen("P-256")) {
  CERTRELAY_CHECK(key_ != nullptr);
  std::array<unsigned char, 65> point{};
  std::size_t size = 0;
  CERTRELAY_CHECK(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                  point.size(), &size) == 1);
  CERTRELAY_CHECK(size == point.size() && point[0] == 4);
  point_.assign(point.begin() + 1, point.end());
  const auto id = sha256(point_);
  credential_id_.assign(id.begin(), id.end());
}

Bytes SoftwareSecurityKey::auth_data(const KeySays& says, bool with_key) const {
  Bytes out;
  put(out, sha256(says.host));
  const unsigned flags =
      (says.present ? 1U : 0U) | (says.verified ? 4U : 0U) | (with_key ? 0x40U : 0U);
  put(out, Bytes{static_cast<std::uint8_t>(flags), 0, 0, 0, 1});
  if (!with_key) return out;
  put(out, Bytes(16, 0));
  put(out, Bytes{0, static_cast<std::uint8_t>(credential_id_.size())});
  put(out, credential_id_);
  // COSE: kty EC2, alg ES256, crv P-256, x, y
  put(out, Bytes{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
  put(out, ByteView(point_).first(32));
  put(out, Bytes{0x22, 0x58, 0x20});
  put(out, ByteView(point_).subspan(32));
  return out;
}

Bytes SoftwareSecurityKey::signature_over(const Bytes& auth, const Bytes& client) const {
  Bytes message = auth;
  put(message, sha256(client));
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free);
  Bytes out(128);
  std::size_t size = out.size();
  CERTRELAY_CHECK(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) ==
                  1);
  CERTRELAY_CHECK(
      EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) == 1);
  out.resize(size);
  return out;
}

KeyRegistration SoftwareSecurityKey::make(const Digest& challenge, const KeySays& says) const {
  const auto client = client_data_of(says, "webauthn.create", challenge);
  const auto auth = auth_data(says, true);
  auto signature = signature_over(auth, client);
  if (says.broken_signature) signature.back() ^= 1U;
  Bytes object{0xa3};
  put_cbor_text(object, "fmt");
  put_cbor_text(object, says.format);
  put_cbor_text(object, "attStmt");
  if (says.format == "none") {
    object.push_back(0xa0);
  } else {
    object.push_back(0xa2);
    put_cbor_text(object, "alg");
    object.push_back(0x26);
    put_cbor_text(object, "sig");
    put_cbor_bytes(object, signature);
  }
  put_cbor_text(object, "authData");
  put_cbor_bytes(object, auth);
  return {client, object};
}

PersonalSignature SoftwareSecurityKey::sign(const Digest& challenge, const std::string& keyid,
                                            const KeySays& says) const {
  const auto client = client_data_of(says, "webauthn.get", challenge);
  const auto auth = auth_data(says, false);
  auto signature = signature_over(auth, client);
  if (says.broken_signature) signature.back() ^= 1U;
  PersonalSignature out{keyid};
  out.assertion = KeyAssertion{auth, client, std::move(signature)};
  return out;
}

}  // namespace certrelay::testing
