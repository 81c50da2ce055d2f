#include "relay/identity/crl.hpp"

#include "relay/identity/certificate.hpp"
#include "relay/identity/extensions.hpp"
#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

constexpr auto kCrlForm = ErrorCode::kCrlMalformed;
constexpr std::size_t kTypicalEntryBytes = 27;  // eight octets of serial, a UTCTime
constexpr std::uint8_t kRemoveFromCrl = 8;

// A list's extensions must be readable too, under the list's own name for the fault.
Result<std::vector<ExtensionView>> extensions_of(DerReader in) {
  auto list = read_extension_list(in);
  if (!list) return Error{kCrlForm, list.error().where};
  return list;
}

Result<void> read_crl_number(ByteView value, Crl& out) {
  constexpr auto kCode = ErrorCode::kCrlNumberMissing;
  DerReader in(value, kCode);
  CERTRELAY_TRY(const auto number, in.expect(der_tag::kInteger));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(out.number, der_unsigned(number.content, kCode));
  return ok();
}

Result<void> apply_crl_extension(const ExtensionView& extension, Crl& out, bool& has_number) {
  const auto id = as_text(extension.oid);
  // RFC 5280 §5.2.1, §5.2.3: never critical, and a reader that does not know them would refuse.
  if (extension.critical && (id == oid::kCrlNumber || id == oid::kAuthorityKeyId)) {
    return Error{kCrlForm, "crl: extension critical"};
  }
  if (id == oid::kCrlNumber) {
    has_number = true;
    return read_crl_number(extension.value, out);
  }
  if (id == oid::kDeltaCrlIndicator) return Error{ErrorCode::kCrlDelta, "crl: delta"};
  if (id == oid::kIssuingDistributionPoint) {
    CERTRELAY_TRY(out.scope, read_crl_scope(extension.value, out.issuer_der));
    // §5.2.5: critical, or a reader that does not know it takes the list for a complete one.
    if (!extension.critical) return Error{ErrorCode::kCrlScope, "crl: scope not critical"};
    return ok();
  }
  if (id == oid::kAuthorityKeyId) {
    CERTRELAY_TRY(auto read, read_authority_key_id(extension.value, kCrlForm));
    if (read.key_id) out.authority_key_id = Bytes(read.key_id->begin(), read.key_id->end());
    out.authority_certificate = std::move(read.certificate);
    return ok();
  }
  if (id == oid::kIssuerAltName) return ok();
  if (!extension.critical) return ok();
  return Error{ErrorCode::kCrlExtensionUnknown, "crl: unknown critical extension"};
}

Result<void> read_crl_extensions(DerReader& tbs, Crl& out) {
  const Error no_number{ErrorCode::kCrlNumberMissing, "crl: no number"};
  if (tbs.at_end()) return no_number;
  CERTRELAY_TRY(auto wrapper, tbs.enter(0xA0));
  CERTRELAY_TRY(auto list, wrapper.enter(der_tag::kSequence));
  CERTRELAY_TRY(wrapper.expect_end());
  CERTRELAY_TRY(const auto extensions, extensions_of(list));
  bool has_number = false;
  for (const auto& extension : extensions) {
    CERTRELAY_TRY(apply_crl_extension(extension, out, has_number));
  }
  if (!has_number) return no_number;
  return ok();
}

// True when the reason is certificateHold.
Result<bool> read_entry_extensions(DerReader in) {
  CERTRELAY_TRY(const auto extensions, extensions_of(in));
  bool on_hold = false;
  for (const auto& extension : extensions) {
    const auto id = as_text(extension.oid);
    if (id == oid::kReasonCode) {
      DerReader value(extension.value, kCrlForm);
      CERTRELAY_TRY(const auto reason, value.expect(der_tag::kEnumerated));
      CERTRELAY_TRY(value.expect_end());
      if (reason.content.size() != 1 || reason.content[0] > 10)
        return Error{kCrlForm, "crl: reason"};
      // §5.3.1: in delta lists alone.
      if (reason.content[0] == kRemoveFromCrl) return Error{ErrorCode::kCrlDelta, "crl: removal"};
      on_hold = reason.content[0] == kCertificateHold;
    } else if (id == oid::kCertificateIssuer) {
      return Error{ErrorCode::kCrlIndirect, "crl: entry of another issuer"};
    } else if (id != oid::kInvalidityDate && extension.critical) {
      return Error{ErrorCode::kCrlExtensionUnknown, "crl: unknown critical entry extension"};
    }
  }
  return on_hold;
}

Result<void> read_entry(DerReader entry, Crl& out) {
  DerValue serial, date, rest;
  if (!entry.next_is(der_tag::kInteger) || !entry.read(serial) || !entry.read(date) ||
      !has_time_form(date.tag, date.content) || serial.content.size() > kSerialOctetsMax) {
    return Error{kCrlForm, "crl: entry"};
  }
  CERTRELAY_TRY(const auto magnitude, der_positive(serial.content, kCrlForm));
  out.revoked.add(magnitude);
  if (entry.at_end()) return ok();
  if (!entry.next_is(der_tag::kSequence) || !entry.read(rest) || !entry.at_end()) {
    return Error{kCrlForm, "crl: entry extensions"};
  }
  CERTRELAY_TRY(const bool on_hold, read_entry_extensions(DerReader(rest.content, kCrlForm)));
  if (on_hold) out.on_hold.add(magnitude);
  return ok();
}

// The entry that lists are made of: lengths of one octet, a serial of at most eight octets and a
// UTCTime, nothing else. Takes it off `rest` and gives the serial's magnitude; whatever looks
// otherwise, good or bad, is left to read_entry().
bool take_plain_entry(ByteView& rest, ByteView& magnitude) {
  constexpr std::size_t kTimeBytes = 15;  // tag, length, YYMMDDhhmmssZ
  if (rest.size() < 4 || rest[0] != der_tag::kSequence || rest[2] != der_tag::kInteger) {
    return false;
  }
  const std::size_t serial = rest[3];
  const std::size_t content = 2 + serial + kTimeBytes;
  if (serial == 0 || serial > kSerialOctetsMax || rest[1] != content || rest.size() < 2 + content ||
      (rest[4] & 0x80) != 0) {
    return false;
  }
  const std::size_t sign = rest[4] == 0 ? 1 : 0;  // the octet that makes a high number positive
  if (sign == 1 && (serial == 1 || (rest[5] & 0x80) == 0)) return false;
  const auto time = rest.subspan(4 + serial, kTimeBytes);
  if (time[1] != kTimeBytes - 2 || !has_time_form(time[0], time.subspan(2))) return false;
  magnitude = rest.subspan(4 + sign, serial - sign);
  rest = rest.subspan(2 + content);
  return true;
}

Result<void> read_entries(DerReader& tbs, Crl& out) {
  if (tbs.next_is(der_tag::kSequence)) {
    CERTRELAY_TRY(const auto list, tbs.any());
    if (list.content.empty()) return Error{kCrlForm, "crl: empty list of entries"};
    out.revoked.reserve(list.content.size() / kTypicalEntryBytes);
    ByteView rest = list.content;
    while (!rest.empty()) {
      ByteView magnitude;
      if (take_plain_entry(rest, magnitude)) {
        out.revoked.add(magnitude);
        continue;
      }
      DerReader in(rest, kCrlForm);
      DerValue entry;
      if (!in.next_is(der_tag::kSequence) || !in.read(entry)) return in.error("crl: entry");
      CERTRELAY_TRY(read_entry(DerReader(entry.content, kCrlForm), out));
      rest = rest.subspan(entry.whole.size());
    }
  }
  out.revoked.seal();
  out.on_hold.seal();
  return ok();
}

Result<void> read_list_version(DerReader& tbs) {
  // Version 1 has no extensions, hence no number.
  if (!tbs.next_is(der_tag::kInteger)) {
    return Error{ErrorCode::kCrlNumberMissing, "crl: version 1"};
  }
  CERTRELAY_TRY(const auto version, tbs.any());
  if (version.content.size() != 1 || version.content[0] != 1) return tbs.error("crl: version");
  return ok();
}

Result<void> read_dates(DerReader& tbs, Crl& out) {
  CERTRELAY_TRY(const auto this_update, tbs.any());
  CERTRELAY_TRY(out.this_update, der_time(this_update, kCrlForm));
  // RFC 5280 §5.1.2.5 demands nextUpdate; without it a list would never grow old.
  if (!tbs.next_is(der_tag::kUtcTime) && !tbs.next_is(der_tag::kGeneralizedTime)) {
    return Error{ErrorCode::kCrlExpired, "crl: no nextUpdate"};
  }
  CERTRELAY_TRY(const auto next_update, tbs.any());
  CERTRELAY_TRY(out.next_update, der_time(next_update, kCrlForm));
  return ok();
}

Result<void> read_tbs(DerReader tbs, ByteView outer_algorithm, Crl& out) {
  CERTRELAY_TRY(read_list_version(tbs));
  CERTRELAY_TRY(const auto algorithm, tbs.expect(der_tag::kSequence));
  if (!same_bytes(algorithm.whole, outer_algorithm)) {
    return Error{ErrorCode::kCrlAlgorithm, "crl: algorithms differ"};
  }
  CERTRELAY_TRY(const auto issuer, tbs.expect(der_tag::kSequence));
  out.issuer_der.assign(issuer.whole.begin(), issuer.whole.end());
  CERTRELAY_TRY(read_dates(tbs, out));
  CERTRELAY_TRY(read_entries(tbs, out));
  CERTRELAY_TRY(read_crl_extensions(tbs, out));
  return tbs.expect_end();
}

}  // namespace

CardStatus Crl::status(ByteView serial) const {
  const auto magnitude = der_positive(serial, kCrlForm);
  // Not a certificate's serial, then not a good card's either.
  if (!magnitude || magnitude.value().size() > kSerialOctetsMax) return CardStatus::kRevoked;
  if (!revoked.contains(magnitude.value())) return CardStatus::kGood;
  return on_hold.contains(magnitude.value()) ? CardStatus::kOnHold : CardStatus::kRevoked;
}

std::optional<ByteView> crl_issuer(ByteView der) {
  DerReader outer(der, kCrlForm);
  DerValue list, tbs, value;
  if (!outer.read(list)) return {};
  if (!DerReader(list.content, kCrlForm).read(tbs)) return {};
  DerReader in(tbs.content, kCrlForm);
  if (in.next_is(der_tag::kInteger) && !in.read(value)) return {};  // version
  if (!in.read(value) || !in.read(value)) return {};                // algorithm, issuer
  if (value.tag != der_tag::kSequence) return {};
  return value.whole;
}

Result<UncheckedCrl> parse_crl(ByteView der, const KeyRules& rules) {
  if (der.size() > kCrlBytesMax) return Error{kCrlForm, "crl: size"};
  UncheckedCrl out;
  DerReader outer(der, kCrlForm);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  CERTRELAY_TRY(const auto tbs, in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto algorithm, in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto signature, in.expect(der_tag::kBitString));
  CERTRELAY_TRY(in.expect_end());
  CERTRELAY_TRY(out.algorithm,
                parse_signature_algorithm(algorithm.whole, rules, ErrorCode::kCrlAlgorithm));
  CERTRELAY_TRY(out.signature, der_whole_octets(signature.content, kCrlForm));
  out.tbs = tbs.whole;
  CERTRELAY_TRY(read_tbs(DerReader(tbs.content, kCrlForm), algorithm.whole, out.crl));
  return out;
}

}  // namespace certrelay
