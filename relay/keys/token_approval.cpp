#include "relay/keys/token_approval.hpp"

#include <algorithm>

#include "relay/keys/token_session.hpp"

namespace certrelay {
namespace {

// RFC 8410, section 4: all of a SubjectPublicKeyInfo before the key's 32 bytes.
constexpr std::array<std::uint8_t, 12> kEd25519Head{0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                                    0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
constexpr std::size_t kPointSize = 32;

// PKCS#11 wraps the point in an OCTET STRING; some tokens give it bare.
Result<Bytes> spki_of_point(ByteView point) {
  if (point.size() == kPointSize + 2 && point[0] == 0x04 && point[1] == kPointSize) {
    point = point.subspan(2);
  }
  if (point.size() != kPointSize) return Error{ErrorCode::kTokenUnusable, "token: no Ed25519 key"};
  Bytes out(kEd25519Head.begin(), kEd25519Head.end());
  out.insert(out.end(), point.begin(), point.end());
  return out;
}

}  // namespace

TokenApproval::TokenApproval(std::unique_ptr<TokenSession> session, unsigned long key, Bytes spki)
    : session_(std::move(session)), key_(key), spki_(std::move(spki)) {}
TokenApproval::~TokenApproval() = default;

Result<std::unique_ptr<TokenApproval>> TokenApproval::open(const TokenSettings& settings) {
  CERTRELAY_TRY(auto session, TokenSession::open(settings));
  CERTRELAY_TRY(const auto keys, session->find_signing_keys());
  if (keys.size() != 1) return Error{ErrorCode::kTokenUnusable, "token: one key of that label"};
  CERTRELAY_TRY(const auto point, session->public_point());
  CERTRELAY_TRY(auto spki, spki_of_point(point));
  return std::make_unique<TokenApproval>(std::move(session), keys.front(), std::move(spki));
}

Result<std::array<std::uint8_t, 64>> TokenApproval::sign(ByteView message) const {
  return session_->sign_ed25519(key_, Bytes(message.begin(), message.end()));
}

}  // namespace certrelay
