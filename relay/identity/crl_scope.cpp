#include "relay/identity/crl_scope.hpp"

#include <algorithm>

#include "protocol/base/der_writer.hpp"
#include "relay/identity/general_names.hpp"

namespace certrelay {
namespace {

Result<std::vector<Bytes>> read_full_name(DerReader names) {
  std::vector<Bytes> out;
  while (!names.at_end()) {
    CERTRELAY_TRY(const auto name, names.any());
    CERTRELAY_TRY(check_general_name(name, names.code()));
    if (out.size() == kPointNamesMax) return names.error("distribution point: too many names");
    out.emplace_back(name.whole.begin(), name.whole.end());
  }
  if (out.empty()) return names.error("distribution point: no names");
  return out;
}

// A RelativeDistinguishedName stands for the issuer's name with one more step (§4.2.1.13).
Result<Bytes> complete_name(ByteView relative, ByteView issuer, ErrorCode code) {
  DerReader in(issuer, code);
  CERTRELAY_TRY(const auto base, in.expect(der_tag::kSequence));
  const auto step = der_value(der_tag::kSet, {relative});
  const auto name = der_value(der_tag::kSequence, {base.content, step});
  DerReader whole(name, code);
  CERTRELAY_TRY(const auto read, whole.any());
  CERTRELAY_TRY(check_name(read.content, code));
  return der_value(0xA4, {name});
}

// DistributionPointName, a CHOICE behind an explicit [0].
Result<std::vector<Bytes>> read_point_name(DerReader choice, ByteView issuer) {
  CERTRELAY_TRY(const auto name, choice.any());
  CERTRELAY_TRY(choice.expect_end());
  if (name.tag == 0xA0) return read_full_name(DerReader(name.content, choice.code()));
  if (name.tag != 0xA1) return choice.error("distribution point: name");
  CERTRELAY_TRY(auto complete, complete_name(name.content, issuer, choice.code()));
  std::vector<Bytes> out;
  out.push_back(std::move(complete));
  return out;
}

// The field of that tag, if it comes next.
Result<std::optional<ByteView>> optional_field(DerReader& in, std::uint8_t tag) {
  if (!in.next_is(tag)) return std::optional<ByteView>();
  CERTRELAY_TRY(const auto value, in.any());
  return std::optional<ByteView>(value.content);
}

Result<bool> optional_flag(DerReader& in, std::uint8_t tag) {
  CERTRELAY_TRY(const auto field, optional_field(in, tag));
  if (!field) return false;
  return der_boolean(*field, in.code());
}

Result<unsigned> optional_reasons(DerReader& in, std::uint8_t tag) {
  CERTRELAY_TRY(const auto field, optional_field(in, tag));
  if (!field) return kAllReasons;
  CERTRELAY_TRY(const auto flags, der_flags(*field, in.code()));
  return flags & kAllReasons;
}

Result<DistributionPoint> read_point(DerReader in, ByteView issuer) {
  DistributionPoint out;
  CERTRELAY_TRY(const auto name, optional_field(in, 0xA0));
  if (name) {
    CERTRELAY_TRY(out.names, read_point_name(DerReader(*name, in.code()), issuer));
  }
  CERTRELAY_TRY(out.reasons, optional_reasons(in, 0x81));
  CERTRELAY_TRY(const auto crl_issuer, optional_field(in, 0xA2));
  if (crl_issuer) {
    CERTRELAY_TRY(read_full_name(DerReader(*crl_issuer, in.code())));
    out.has_crl_issuer = true;
  }
  CERTRELAY_TRY(in.expect_end());
  // §4.2.1.13: reasons alone do not say where.
  if (!name && !crl_issuer) return in.error("distribution point: empty");
  return out;
}

// §4.2.1.13: names of a point are places where one list is to be had, by URI or in a directory.
// One that has another kind of name is not understood.
bool are_places(const std::vector<Bytes>& names) {
  constexpr std::uint8_t kUri = 0x86, kDirectory = 0xA4;
  return std::all_of(names.begin(), names.end(), [](const Bytes& name) {
    return name.front() == kUri || name.front() == kDirectory;
  });
}

bool share_a_name(const std::vector<Bytes>& a, const std::vector<Bytes>& b, NameMatching how) {
  return std::any_of(a.begin(), a.end(), [&](const Bytes& one) {
    return std::any_of(b.begin(), b.end(),
                       [&](const Bytes& other) { return general_names_match(one, other, how); });
  });
}

}  // namespace

Result<std::vector<DistributionPoint>> read_distribution_points(ByteView value, ByteView issuer) {
  DerReader outer(value, ErrorCode::kCertificateExtensionMalformed);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  std::vector<DistributionPoint> out;
  while (!in.at_end()) {
    CERTRELAY_TRY(const auto one, in.enter(der_tag::kSequence));
    CERTRELAY_TRY(auto point, read_point(one, issuer));
    if (out.size() == kDistributionPointsMax) return in.error("distribution points: too many");
    out.push_back(std::move(point));
  }
  if (out.empty()) return in.error("distribution points: none");
  return out;
}

Result<CrlScope> read_crl_scope(ByteView value, ByteView issuer) {
  DerReader outer(value, ErrorCode::kCrlMalformed);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  CrlScope out;
  out.whole.assign(value.begin(), value.end());
  const bool empty = in.at_end();
  CERTRELAY_TRY(const auto name, optional_field(in, 0xA0));
  if (name) {
    CERTRELAY_TRY(out.names, read_point_name(DerReader(*name, in.code()), issuer));
  }
  CERTRELAY_TRY(out.only_users, optional_flag(in, 0x81));
  CERTRELAY_TRY(out.only_authorities, optional_flag(in, 0x82));
  CERTRELAY_TRY(out.reasons, optional_reasons(in, 0x83));
  CERTRELAY_TRY(const bool indirect, optional_flag(in, 0x84));
  CERTRELAY_TRY(out.only_attributes, optional_flag(in, 0x85));
  CERTRELAY_TRY(in.expect_end());
  if (indirect) return Error{ErrorCode::kCrlIndirect, "crl: indirect"};
  // §5.2.5: at most one of the three, and never nothing at all.
  const int only = out.only_users + out.only_authorities + out.only_attributes;
  if (empty || only > 1) return in.error("crl: issuing distribution point");
  return out;
}

unsigned reasons_covered(const CrlScope& scope, const std::vector<DistributionPoint>& points,
                         bool is_authority, NameMatching how) {
  if (scope.only_attributes || (scope.only_users && is_authority) ||
      (scope.only_authorities && !is_authority)) {
    return 0;
  }
  if (scope.names.empty()) return scope.reasons;
  if (!are_places(scope.names)) return 0;
  unsigned covered = 0;
  for (const auto& point : points) {
    if (point.has_crl_issuer || !are_places(point.names)) continue;
    if (!share_a_name(scope.names, point.names, how)) continue;
    covered |= scope.reasons & point.reasons;
  }
  return covered;
}

}  // namespace certrelay
