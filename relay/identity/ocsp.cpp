#include "relay/identity/ocsp.hpp"

#include "protocol/base/der_writer.hpp"
#include "relay/identity/certificate.hpp"
#include "relay/identity/extensions.hpp"
#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

constexpr auto kOcspForm = ErrorCode::kOcspMalformed;

// AlgorithmIdentifier of a digest: the OID, with NULL or without parameters.
Result<IssuerHashAlgorithm> read_hash_algorithm(DerReader& in) {
  CERTRELAY_TRY(auto algorithm, in.enter(der_tag::kSequence));
  CERTRELAY_TRY(const auto id, algorithm.expect_oid());
  if (!algorithm.at_end()) {
    CERTRELAY_TRY(algorithm.expect_null());
    CERTRELAY_TRY(algorithm.expect_end());
  }
  if (as_text(id) == oid::kSha1) return IssuerHashAlgorithm::kSha1;
  if (as_text(id) == oid::kSha256) return IssuerHashAlgorithm::kSha256;
  return Error{ErrorCode::kOcspAlgorithm, "ocsp: hash"};
}

Result<OcspQuestion> read_certificate_id(DerReader& in) {
  CERTRELAY_TRY(auto id, in.enter(der_tag::kSequence));
  OcspQuestion out;
  CERTRELAY_TRY(out.hash, read_hash_algorithm(id));
  CERTRELAY_TRY(const auto name, id.expect(der_tag::kOctetString));
  CERTRELAY_TRY(const auto key, id.expect(der_tag::kOctetString));
  CERTRELAY_TRY(const auto serial, id.expect(der_tag::kInteger));
  CERTRELAY_TRY(id.expect_end());
  const std::size_t length = out.hash == IssuerHashAlgorithm::kSha1 ? 20 : 32;
  if (name.content.size() != length || key.content.size() != length) return in.error("ocsp: id");
  out.issuer_name_hash = name.content;
  out.issuer_key_hash = key.content;
  CERTRELAY_TRY(der_positive(serial.content, kOcspForm));
  out.serial = serial.content;
  return out;
}

Result<UtcTime> read_time(DerReader& in) {
  CERTRELAY_TRY(const auto value, in.expect(der_tag::kGeneralizedTime));
  return der_time(value, kOcspForm);
}

// revoked [1] IMPLICIT RevokedInfo.
Result<void> read_revoked(ByteView content, OcspSingle& out) {
  DerReader in(content, kOcspForm);
  out.status = OcspStatus::kRevoked;
  CERTRELAY_TRY(read_time(in));
  if (in.at_end()) return ok();
  CERTRELAY_TRY(auto wrapper, in.enter(0xA0));
  CERTRELAY_TRY(const auto reason, wrapper.expect(der_tag::kEnumerated));
  CERTRELAY_TRY(wrapper.expect_end());
  if (reason.content.size() != 1 || reason.content[0] > 10) return in.error("ocsp: reason");
  out.on_hold = reason.content[0] == kCertificateHold;
  return in.expect_end();
}

Result<void> read_status(DerReader& in, OcspSingle& out) {
  CERTRELAY_TRY(const auto value, in.any());
  if (value.tag == 0xA1) return read_revoked(value.content, out);
  if ((value.tag != 0x80 && value.tag != 0x82) || !value.content.empty()) {
    return in.error("ocsp: status");
  }
  out.status = value.tag == 0x80 ? OcspStatus::kGood : OcspStatus::kUnknown;
  return ok();
}

Result<std::vector<ExtensionView>> read_extensions(DerReader& in) {
  CERTRELAY_TRY(auto wrapper, in.enter(0xA1));
  CERTRELAY_TRY(auto list, wrapper.enter(der_tag::kSequence));
  CERTRELAY_TRY(wrapper.expect_end());
  auto extensions = read_extension_list(list);
  if (!extensions) return Error{kOcspForm, extensions.error().where};
  return extensions;
}

Error unknown_extension() {
  return {ErrorCode::kOcspExtensionUnknown, "ocsp: unknown critical extension"};
}

Result<OcspSingle> read_single(DerReader& responses) {
  CERTRELAY_TRY(auto in, responses.enter(der_tag::kSequence));
  OcspSingle out;
  CERTRELAY_TRY(out.of, read_certificate_id(in));
  CERTRELAY_TRY(read_status(in, out));
  CERTRELAY_TRY(out.this_update, read_time(in));
  if (in.next_is(0xA0)) {
    CERTRELAY_TRY(auto wrapper, in.enter(0xA0));
    CERTRELAY_TRY(out.next_update, read_time(wrapper));
    CERTRELAY_TRY(wrapper.expect_end());
  }
  if (!in.at_end()) {
    CERTRELAY_TRY(const auto extensions, read_extensions(in));
    for (const auto& extension : extensions) {
      if (extension.critical) return unknown_extension();
    }
  }
  CERTRELAY_TRY(in.expect_end());
  return out;
}

// ResponderID: byName [1] or byKey [2], both EXPLICIT.
Result<void> read_responder(DerReader& in, OcspAnswer& out) {
  if (in.next_is(0xA1)) {
    CERTRELAY_TRY(auto wrapper, in.enter(0xA1));
    CERTRELAY_TRY(const auto name, wrapper.expect(der_tag::kSequence));
    out.responder_name = name.whole;
    return wrapper.expect_end();
  }
  CERTRELAY_TRY(auto wrapper, in.enter(0xA2));
  CERTRELAY_TRY(const auto hash, wrapper.expect(der_tag::kOctetString));
  if (hash.content.size() != 20) return in.error("ocsp: responder");
  out.responder_key_hash = hash.content;
  return wrapper.expect_end();
}

Result<void> read_answer_extensions(DerReader& in, OcspAnswer& out) {
  CERTRELAY_TRY(const auto extensions, read_extensions(in));
  for (const auto& extension : extensions) {
    if (as_text(extension.oid) == oid::kOcspNonce) {
      DerReader value(extension.value, kOcspForm);
      CERTRELAY_TRY(const auto nonce, value.expect(der_tag::kOctetString));
      CERTRELAY_TRY(value.expect_end());
      out.nonce = nonce.content;
    } else if (extension.critical) {
      return unknown_extension();
    }
  }
  return ok();
}

Result<void> read_tbs(DerReader in, OcspAnswer& out) {
  if (in.next_is(0xA0)) {  // an explicit version: v1 is the default, which DER leaves out
    return in.error("ocsp: version");
  }
  CERTRELAY_TRY(read_responder(in, out));
  CERTRELAY_TRY(out.produced_at, read_time(in));
  CERTRELAY_TRY(auto responses, in.enter(der_tag::kSequence));
  if (responses.at_end()) return in.error("ocsp: no response");
  while (!responses.at_end()) {
    if (out.responses.size() == kOcspResponsesMax) return in.error("ocsp: too many responses");
    CERTRELAY_TRY(auto single, read_single(responses));
    out.responses.push_back(std::move(single));
  }
  if (!in.at_end()) {
    CERTRELAY_TRY(read_answer_extensions(in, out));
  }
  return in.expect_end();
}

// Nobody has asked for it yet: its three parts must be there.
Result<void> check_certificate_form(ByteView content) {
  DerReader in(content, kOcspForm);
  CERTRELAY_TRY(in.expect(der_tag::kSequence));
  CERTRELAY_TRY(in.expect(der_tag::kSequence));
  CERTRELAY_TRY(in.expect(der_tag::kBitString));
  return in.expect_end();
}

Result<void> read_certificates(DerReader& in, OcspAnswer& out) {
  if (in.at_end()) return ok();
  CERTRELAY_TRY(auto wrapper, in.enter(0xA0));
  CERTRELAY_TRY(auto list, wrapper.enter(der_tag::kSequence));
  CERTRELAY_TRY(wrapper.expect_end());
  while (!list.at_end()) {
    if (out.certificates.size() == kOcspCertificatesMax) return in.error("ocsp: certificates");
    CERTRELAY_TRY(const auto certificate, list.expect(der_tag::kSequence));
    CERTRELAY_TRY(check_certificate_form(certificate.content));
    out.certificates.push_back(certificate.whole);
  }
  return ok();
}

Result<OcspAnswer> read_basic(ByteView der, const KeyRules& rules) {
  DerReader outer(der, kOcspForm);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  OcspAnswer out;
  out.whole = der;
  CERTRELAY_TRY(const auto tbs, in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto algorithm, in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto signature, in.expect(der_tag::kBitString));
  CERTRELAY_TRY(read_certificates(in, out));
  CERTRELAY_TRY(in.expect_end());
  out.tbs = tbs.whole;
  CERTRELAY_TRY(out.signature, der_whole_octets(signature.content, kOcspForm));
  CERTRELAY_TRY(out.algorithm,
                parse_signature_algorithm(algorithm.whole, rules, ErrorCode::kOcspAlgorithm));
  CERTRELAY_TRY(read_tbs(DerReader(tbs.content, kOcspForm), out));
  return out;
}

}  // namespace

Result<Bytes> make_ocsp_request(ByteView issuer_name, ByteView issuer_spki, ByteView serial,
                                const OcspNonce& nonce) {
  CERTRELAY_TRY(const auto key, public_key_octets(issuer_spki));
  constexpr auto kHash = IssuerHashAlgorithm::kSha1;
  const auto hash_oid = der_value(der_tag::kOid, {as_bytes(oid::kSha1)});
  const auto null = der_value(der_tag::kNull, {});
  const auto algorithm = der_value(der_tag::kSequence, {hash_oid, null});
  const auto name_hash = der_value(der_tag::kOctetString, {issuer_hash(kHash, issuer_name)});
  const auto key_hash = der_value(der_tag::kOctetString, {issuer_hash(kHash, key)});
  const auto number = der_value(der_tag::kInteger, {serial});
  const auto id = der_value(der_tag::kSequence, {algorithm, name_hash, key_hash, number});
  const auto one = der_value(der_tag::kSequence, {id});
  const auto list = der_value(der_tag::kSequence, {one});
  const auto nonce_oid = der_value(der_tag::kOid, {as_bytes(oid::kOcspNonce)});
  const auto inner = der_value(der_tag::kOctetString, {ByteView(nonce)});
  const auto nonce_value = der_value(der_tag::kOctetString, {inner});
  const auto extension = der_value(der_tag::kSequence, {nonce_oid, nonce_value});
  const auto extensions = der_value(0xA2, {der_value(der_tag::kSequence, {extension})});
  const auto tbs = der_value(der_tag::kSequence, {list, extensions});
  return der_value(der_tag::kSequence, {tbs});
}

Result<OcspAnswer> parse_ocsp_answer(ByteView der, const KeyRules& rules) {
  if (der.size() > kOcspBytesMax) return Error{kOcspForm, "ocsp: size"};
  DerReader outer(der, kOcspForm);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  CERTRELAY_TRY(const auto status, in.expect(der_tag::kEnumerated));
  if (status.content.size() != 1) return in.error("ocsp: response status");
  if (status.content[0] != 0) return Error{ErrorCode::kOcspNotSuccessful, "ocsp: status"};
  CERTRELAY_TRY(auto wrapper, in.enter(0xA0));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(auto bytes, wrapper.enter(der_tag::kSequence));
  CERTRELAY_TRY(wrapper.expect_end());
  CERTRELAY_TRY(const auto type, bytes.expect_oid());
  CERTRELAY_TRY(const auto basic, bytes.expect(der_tag::kOctetString));
  CERTRELAY_TRY(bytes.expect_end());
  if (as_text(type) != oid::kOcspBasic) return in.error("ocsp: response type");
  return read_basic(basic.content, rules);
}

}  // namespace certrelay
