// What a browser hands over of a new security key: CBOR that a captured front may have made.
#include <cstdlib>

#include "relay/keys/attestation_object.hpp"
#include "relay/keys/security_key.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;
  const ByteView bytes(data, size);
  if (const auto parts = parse_attestation_object(bytes)) {
    // Both lie within what was given.
    for (const auto part : {parts.value().statement, parts.value().auth_data}) {
      if (part.data() < data || part.data() + part.size() > data + size) std::abort();
    }
  }
  const Digest challenge{};
  const std::string client = R"({"type":"webauthn.create","challenge":")" +
                             to_base64url(challenge) + R"(","origin":"https://localhost"})";
  static_cast<void>(
      verify_registration("localhost", challenge, as_bytes(client), bytes, UtcTime{}).has_value());
  return 0;
}
