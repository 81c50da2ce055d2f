// The calls about security keys.
#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/key_json.hpp"
#include "protocol/wire/operator_json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kHostMax = 253;

Result<KnownKey> read_key(JsonObject& in) {
  CERTRELAY_TRY(auto keyid, plain_text_field(in, "keyid"));
  CERTRELAY_TRY(auto id, base64_field(in, "credential_id"));
  return KnownKey{std::move(keyid), std::move(id)};
}

Result<void> check_key_id(std::string_view keyid) {
  if (is_key_id(keyid)) return ok();
  return Error{ErrorCode::kMalformed, "security key: key id"};
}

}  // namespace

Result<void> check_known_keys(const std::vector<KnownKey>& keys) {
  CERTRELAY_TRY(check_count(keys.size(), 0, kKnownKeysMax));
  for (const auto& key : keys) {
    CERTRELAY_TRY(check_key_id(key.keyid));
    CERTRELAY_TRY(check_count(key.credential_id.size(), 1, kCredentialIdMax));
  }
  return check_unique(keys, [](const KnownKey& key) { return key.keyid; });
}

Result<std::vector<KnownKey>> known_keys_field(JsonObject& in) {
  CERTRELAY_TRY(auto keys, objects_field<KnownKey>(in, "keys", kKnownKeysMax, read_key));
  CERTRELAY_TRY(check_known_keys(keys));
  return keys;
}

boost::json::array known_keys_value(const std::vector<KnownKey>& keys) {
  return to_array_of(keys, [](const KnownKey& key) {
    return boost::json::object{{"keyid", key.keyid},
                               {"credential_id", to_base64(key.credential_id)}};
  });
}

Result<KeyChallenge> decode_key_challenge(ByteView body) {
  return decode_body<KeyChallenge>(body, kSmallBodyMax, [](JsonObject& in) -> Result<KeyChallenge> {
    CERTRELAY_TRY(const auto challenge, base64_array_field<32>(in, "challenge"));
    CERTRELAY_TRY(auto host, plain_text_field(in, "host"));
    CERTRELAY_TRY(check_text(host, 1, kHostMax));
    CERTRELAY_TRY(auto keys, known_keys_field(in));
    return KeyChallenge{challenge, std::move(host), std::move(keys)};
  });
}

Result<Bytes> encode(const KeyChallenge& message) {
  CERTRELAY_TRY(check_text(message.host, 1, kHostMax));
  CERTRELAY_TRY(check_known_keys(message.keys));
  return to_body(boost::json::object{{"challenge", to_base64(message.challenge)},
                                     {"host", message.host},
                                     {"keys", known_keys_value(message.keys)}});
}

Result<KeyRegistration> decode_key_registration(ByteView body) {
  return decode_body<KeyRegistration>(
      body, kOperatorBodyMax, [](JsonObject& in) -> Result<KeyRegistration> {
        CERTRELAY_TRY(auto client, base64_field(in, "client_data"));
        CERTRELAY_TRY(auto object, base64_field(in, "attestation_object"));
        CERTRELAY_TRY(check_count(client.size(), 1, kClientDataMax));
        CERTRELAY_TRY(check_count(object.size(), 1, kAttestationObjectMax));
        return KeyRegistration{std::move(client), std::move(object)};
      });
}

Result<Bytes> encode(const KeyRegistration& message) {
  CERTRELAY_TRY(check_count(message.client_data.size(), 1, kClientDataMax));
  CERTRELAY_TRY(check_count(message.attestation_object.size(), 1, kAttestationObjectMax));
  return to_body(
      boost::json::object{{"client_data", to_base64(message.client_data)},
                          {"attestation_object", to_base64(message.attestation_object)}});
}

Result<KeyOffer> decode_key_offer(ByteView body) {
  return decode_body<KeyOffer>(body, kSmallBodyMax, [](JsonObject& in) -> Result<KeyOffer> {
    CERTRELAY_TRY(auto keyid, plain_text_field(in, "keyid"));
    CERTRELAY_TRY(check_key_id(keyid));
    return KeyOffer{std::move(keyid)};
  });
}

Result<Bytes> encode(const KeyOffer& message) {
  CERTRELAY_TRY(check_key_id(message.keyid));
  return to_body(boost::json::object{{"keyid", message.keyid}});
}

}  // namespace certrelay
