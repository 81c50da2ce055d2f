// Name constraints, and what the published sections leave out: key identifiers, roots, several
// paths, versions.
#include <algorithm>

#include "tests/support/path_suite_cases.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

// Permitted [0] and excluded [1] subtrees of every kind, on the CA or the leaf: all are refused.
void add_name_constraints(SuiteCases& out) {
  const std::vector<std::pair<const char*, Bytes>> bases{
      {"DN", der_of(0xA4, {suite_name("EE of CA")})},
      {"rfc822", der_of(0x82, {hex("61")})},
      {"DNS", der_of(0x82, {hex("612e6578616d706c65")})},
      {"URI", der_of(0x86, {hex("2e6578616d706c65")})},
      {"IP", der_of(0x87, {hex("0a000000ff000000")})}};
  for (const auto& [kind, base] : bases) {
    for (const std::uint8_t tag : {std::uint8_t{0xA0}, std::uint8_t{0xA1}}) {
      for (const bool critical : {true, false}) {
        auto ca = SuiteCases::ca("CA");
        ca.more = {{"2.5.29.30", critical, der_of(0x30, {der_of(tag, {der_of(0x30, {base})})})}};
        out.invalid(std::string("4.13 ") + kind + (tag == 0xA0 ? " permitted" : " excluded") +
                        (critical ? "" : ", not critical"),
                    {.certificates = {ca, SuiteCases::leaf("CA")}}, "name_constraints_unsupported");
      }
    }
  }
  auto leaf = SuiteCases::leaf("CA");
  leaf.more = {{"2.5.29.30", true, hex("3000")}};
  out.invalid("4.13 on the leaf", {.certificates = {SuiteCases::ca("CA"), leaf}},
              "name_constraints_unsupported");
}

void add_key_identifiers(SuiteCases& out) {
  const auto ca = SuiteCases::ca("CA");
  const auto ee = SuiteCases::leaf("CA");
  auto no_ids = ee;
  no_ids.write_key_ids = false;
  out.refused("5.1 leaf without key identifier", {.certificates = {ca, no_ids}},
              "key_identifier_missing");
  auto silent = ca;
  silent.write_key_ids = false;
  out.refused("5.1 CA without key identifiers", {.certificates = {silent, ee}},
              "key_identifier_missing");
  auto no_root = SuiteCases::root();
  no_root.write_key_ids = false;
  auto& none = out.with_root(no_root, {.certificates = {silent, no_ids}}, "5.1 nobody has one");
  none.valid = true;
  auto& root_alone = out.with_root(no_root, {.certificates = {ca, ee}}, "5.1 root without");
  root_alone.reason = "key_identifier_missing";
}

void add_roots(SuiteCases& out) {
  const SuitePath path{.certificates = {SuiteCases::leaf(SuiteCases::kRoot)}};
  const auto with = [&](const std::string& name, const std::string& reason,
                        void (*change)(SuiteCertificate&)) {
    auto root = SuiteCases::root();
    change(root);
    out.with_root(root, path, name).reason = reason;
  };
  out.valid("5.2 leaf under the root", path);
  with("5.2 expired root", "issuer_expired",
       [](auto& r) { r.not_after = suite_utc("260101000000Z"); });
  with("5.2 root without constraints", "issuer_not_authority",
       [](auto& r) { r.write_basic_constraints = false; });
  with("5.2 root with soft constraints", "trust_anchor_invalid",
       [](auto& r) { r.basic_constraints_critical = false; });
  with("5.2 root without keyCertSign", "issuer_key_usage", [](auto& r) { r.key_usage = 0x02; });
  with("5.2 root with an unknown critical extension", "trust_anchor_invalid",
       [](auto& r) { r.more = {{"1.3.6.1.4.1.99999.1", true, hex("0500")}}; });
  with("5.2 root with name constraints", "name_constraints_unsupported",
       [](auto& r) { r.more = {{"2.5.29.30", true, hex("3000")}}; });
  with("5.2 root of version 1", "trust_anchor_invalid", [](auto& r) { r.version = {0x00}; });
  auto& self = out.valid("5.2 the root as leaf", path);
  self.leaf = self.anchors[0];
  self.valid = true;
  self.refused_by_us = true;
  self.reason = "card_is_trust_anchor";
  auto& unknown = out.invalid("5.2 another root", path, "issuer_unknown");
  auto stranger = SuiteCases::root();
  stranger.key = "stranger";
  stranger.issuer_key = "stranger";
  stranger.subject = stranger.issuer = "Stranger";
  unknown.anchors = {out.pki.certificate(stranger)};
  auto& same_name = out.invalid("5.2 another root of that name", path, "issuer_key_differs");
  stranger.subject = stranger.issuer = SuiteCases::kRoot;
  same_name.anchors = {out.pki.certificate(stranger)};
  auto& between = out.invalid("5.2 the root among the intermediates", path, "issuer_without_root");
  between.intermediates = between.anchors;
  between.anchors = unknown.anchors;
  auto& none = out.invalid("5.2 no root", path, "issuer_unknown");
  none.anchors.clear();
}

void add_forms(SuiteCases& out) {
  const auto ca = SuiteCases::ca("CA");
  for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{3}}) {
    auto ee = SuiteCases::leaf("CA");
    ee.version = {version};
    out.invalid("5.3 version " + std::to_string(version + 1), {.certificates = {ca, ee}},
                "certificate_version");
  }
  auto& longer =
      out.invalid("5.3 an octet behind the leaf", {.certificates = {ca, SuiteCases::leaf("CA")}},
                  "certificate_malformed");
  longer.leaf.push_back(0);
  auto& shorter = out.invalid("5.3 an octet less", {.certificates = {ca, SuiteCases::leaf("CA")}},
                              "certificate_malformed");
  shorter.leaf.pop_back();
  auto& empty = out.invalid("5.3 an empty leaf", {.certificates = {ca, SuiteCases::leaf("CA")}},
                            "certificate_malformed");
  empty.leaf.clear();
}

void add_purposes(SuiteCases& out) {
  const auto purpose = [](std::uint8_t number) {  // id-kp, or any for 0
    const auto oid = number == 0 ? hex("0604551d2500") : hex("06082b06010505070300");
    auto der = oid;
    if (number != 0) der.back() = number;
    return SuiteExtension{"2.5.29.37", false, der_of(0x30, {der})};
  };
  const auto path = [&](std::uint8_t issuer, std::uint8_t leaf) {
    auto ca = SuiteCases::ca("CA");
    ca.more = {purpose(issuer)};
    auto ee = SuiteCases::leaf("CA");
    ee.more = {purpose(leaf)};
    return SuitePath{.certificates = {ca, ee}};
  };
  out.valid("5.5 the issuer's purpose", path(1, 1));
  out.valid("5.5 any purpose of the issuer", path(0, 1));
  out.refused("5.5 another purpose than the issuer's", path(2, 1), "card_extended_key_usage");
}

// Three certificates of one authority, two of them useless: whichever comes first, the path is
// found.
void add_orders(SuiteCases& out) {
  const auto good = SuiteCases::ca("CA");
  auto expired = good;
  expired.not_after = suite_utc("260101000000Z");
  auto broken = good;
  broken.break_signature = true;
  std::vector<int> order{0, 1, 2};
  do {
    auto& one =
        out.valid("5.4 order of intermediates",
                  {.certificates = {good, SuiteCases::leaf("CA")}, .besides = {expired, broken}});
    one.openssl_differs = "it follows the first certificate of that name alone";
    const auto given = one.intermediates;
    for (std::size_t i = 0; i < order.size(); ++i) {
      one.intermediates[i] = given[static_cast<std::size_t>(order[i])];
    }
  } while (std::next_permutation(order.begin(), order.end()));
  out.invalid("5.4 only useless ones",
              {.certificates = {expired, SuiteCases::leaf("CA")}, .besides = {broken}},
              "issuer_expired");
  // Two authorities that certify each other, and one of them the root.
  auto a_by_b = SuiteCases::ca("A", "B");
  auto b_by_a = SuiteCases::ca("B", "A");
  const SuitePath circle{.certificates = {SuiteCases::ca("A"), SuiteCases::leaf("A")},
                         .besides = {a_by_b, b_by_a}};
  out.valid("5.4 a circle with a way out", circle);
  out.invalid("5.4 a circle", {.certificates = {a_by_b, b_by_a, SuiteCases::leaf("B")}},
              "issuer_without_root");
}

}  // namespace

void add_other_cases(SuiteCases& out) {
  add_name_constraints(out);
  add_key_identifiers(out);
  add_roots(out);
  add_forms(out);
  add_orders(out);
  add_purposes(out);
}

}  // namespace certrelay
