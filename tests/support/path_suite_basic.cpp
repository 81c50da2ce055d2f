// Signatures, validity, name chaining, basic constraints, key usage, private extensions.
#include "tests/support/path_suite_cases.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

SuiteCertificate changed(SuiteCertificate spec, void (*change)(SuiteCertificate&)) {
  change(spec);
  return spec;
}

void add_signatures(SuiteCases& out) {
  const auto good = SuiteCases::ca("Good CA");
  const auto ee = SuiteCases::leaf("Good CA");
  out.valid("4.1.1 valid signatures", {.certificates = {good, ee}});
  out.invalid("4.1.2 CA signature",
              {.certificates = {changed(good, [](auto& c) { c.break_signature = true; }), ee}},
              "certificate_signature");
  out.invalid("4.1.3 EE signature",
              {.certificates = {good, changed(ee, [](auto& c) { c.break_signature = true; })}},
              "certificate_signature");
  out.invalid(
      "4.1.4-6 DSA",
      {.certificates = {good,
                        changed(ee, [](auto& c) { c.algorithm = hex("300906072a8648ce380403"); })}},
      "certificate_algorithm");
  out.invalid(
      "4.1.x SHA-1",
      {.certificates = {good,
                        changed(ee, [](auto& c) { c.algorithm = hex("300906072a8648ce3d0401"); })}},
      "certificate_algorithm");
  out.invalid("4.1.x algorithms differ",
              {.certificates = {good, changed(ee,
                                              [](auto& c) {
                                                c.inner_algorithm = hex("300a06082a8648ce3d040303");
                                              })}},
              "certificate_algorithms_differ");
  out.invalid("4.1.x another algorithm in both places",
              {.certificates = {good, changed(ee,
                                              [](auto& c) {
                                                c.algorithm = hex("300a06082a8648ce3d040303");
                                              })}},
              "certificate_signature");
}

void add_validity(SuiteCases& out) {
  const auto good = SuiteCases::ca("Good CA");
  const auto ee = SuiteCases::leaf("Good CA");
  const auto leaf_case = [&](void (*change)(SuiteCertificate&)) {
    return SuitePath{.certificates = {good, changed(ee, change)}};
  };
  const auto ca_case = [&](void (*change)(SuiteCertificate&)) {
    return SuitePath{.certificates = {changed(good, change), ee}};
  };
  out.invalid("4.2.1 CA notBefore",
              ca_case([](auto& c) { c.not_before = suite_utc("470101120100Z"); }),
              "issuer_not_yet_valid");
  out.invalid("4.2.2 EE notBefore",
              leaf_case([](auto& c) { c.not_before = suite_utc("470101120100Z"); }),
              "certificate_not_yet_valid");
  out.valid("4.2.3 pre-2000 UTC notBefore",
            leaf_case([](auto& c) { c.not_before = suite_utc("500101120100Z"); }));
  out.valid("4.2.4 GeneralizedTime notBefore",
            leaf_case([](auto& c) { c.not_before = suite_generalized("20020101120100Z"); }));
  out.invalid("4.2.5 CA notAfter",
              ca_case([](auto& c) { c.not_after = suite_utc("250601000000Z"); }), "issuer_expired");
  out.invalid("4.2.6 EE notAfter",
              leaf_case([](auto& c) { c.not_after = suite_utc("250601000000Z"); }),
              "certificate_expired");
  out.invalid("4.2.7 pre-2000 UTC notAfter",
              leaf_case([](auto& c) { c.not_after = suite_utc("990101120100Z"); }),
              "certificate_expired");
  out.valid("4.2.8 GeneralizedTime notAfter",
            leaf_case([](auto& c) { c.not_after = suite_generalized("20500101120100Z"); }));
  out.valid("4.2.x ends this second",
            leaf_case([](auto& c) { c.not_after = suite_utc("261122100000Z"); }))
      .openssl_differs = "notAfter is inclusive (RFC 5280 §4.1.2.5)";
  out.invalid("4.2.x ended a second ago",
              leaf_case([](auto& c) { c.not_after = suite_utc("261122095959Z"); }),
              "certificate_expired");
  out.valid("4.2.x begins this second",
            leaf_case([](auto& c) { c.not_before = suite_utc("261122100000Z"); }));
  out.invalid("4.2.x begins in a second",
              leaf_case([](auto& c) { c.not_before = suite_utc("261122100001Z"); }),
              "certificate_not_yet_valid");
  for (const auto* time : {"2611221000Z", "261122100000+0000", "261122100000", "261322100000Z",
                           "260230100000Z", "261122240000Z", "26112210000aZ"}) {
    auto bad = ee;
    bad.not_before = suite_utc(time);
    out.invalid(std::string("4.2.x no time: ") + time, {.certificates = {good, bad}},
                "certificate_malformed");
  }
  auto fraction = ee;
  fraction.not_before = suite_generalized("20020101120100.5Z");
  out.invalid("4.2.x a fraction", {.certificates = {good, fraction}}, "certificate_malformed");
}

Bytes name(std::vector<Bytes> attributes) { return der_of(0x30, attributes); }
Bytes at(std::string_view type, std::string_view value, std::uint8_t tag = 0x13) {
  return suite_attribute(type, tag, value);
}

void add_names(SuiteCases& out) {
  const auto good = SuiteCases::ca("Good CA");
  const auto issued_by = [&](const Bytes& issuer) {
    auto ee = SuiteCases::leaf("Good CA");
    ee.issuer_name = issuer;
    return SuitePath{.certificates = {good, ee}};
  };
  const auto us = at("C", "US");
  const auto org = at("O", "Test Certificates");
  const auto cn = at("CN", "Good CA");
  out.invalid("4.3.1 another name", issued_by(name({us, org, at("CN", "Good CA Root")})),
              "issuer_unknown");
  out.invalid("4.3.2 another order", issued_by(name({org, us, cn})), "issuer_unknown");
  out.valid("4.3.3 white space within", issued_by(name({us, org, at("CN", "Good   CA")})));
  out.valid("4.3.4 white space around", issued_by(name({us, org, at("CN", "  Good CA ")})));
  out.valid("4.3.5 capitals",
            issued_by(name({us, at("O", "TEST certificates"), at("CN", "gOOD cA")})));
  auto with_ids = good;
  with_ids.unique_ids = hex("82020055");
  auto ee = SuiteCases::leaf("Good CA");
  ee.unique_ids = hex("81020055");
  out.valid("4.3.6 unique identifiers", {.certificates = {with_ids, ee}});
  ee.unique_ids = hex("8202005581020055");
  out.invalid("4.3.x unique identifiers out of order", {.certificates = {with_ids, ee}},
              "certificate_malformed");
  out.valid("4.3.9 UTF8String",
            issued_by(name({us, at("O", "Test Certificates", 0x0C), at("CN", "Good CA", 0x0C)})));
  out.valid("4.3.10 one part in UTF8String", issued_by(name({us, org, at("CN", "Good CA", 0x0C)})));
  out.valid("4.3.11 UTF8String and capitals",
            issued_by(name({us, org, at("CN", " good  CA", 0x0C)})));
  out.invalid("4.3.x a part more", issued_by(name({us, org, cn, at("CN", "x")})), "issuer_unknown");
  out.invalid("4.3.x a part less", issued_by(name({us, org})), "issuer_unknown");
  out.invalid("4.3.x another type", issued_by(name({us, org, at("O", "Good CA")})),
              "issuer_unknown");
  out.invalid("4.3.x no space", issued_by(name({us, org, at("CN", "GoodCA")})), "issuer_unknown");
  out.invalid("4.3.x empty issuer", issued_by(name({})), "certificate_malformed");
  out.invalid("4.3.x ill-formed UTF-8", issued_by(name({us, org, at("CN", "Good CA\xC3", 0x0C)})),
              "certificate_malformed");
  auto nameless = SuiteCases::leaf("Good CA");
  nameless.subject_name = name({});
  out.invalid("4.3.x empty subject", {.certificates = {good, nameless}}, "certificate_malformed");
  nameless.more = {{"2.5.29.17", true, hex("3003820161")}};
  out.valid("4.3.x empty subject, critical other name", {.certificates = {good, nameless}});
  nameless.more[0].critical = false;
  out.invalid("4.3.x empty subject, other name not critical", {.certificates = {good, nameless}},
              "certificate_malformed");
}

void add_basic_constraints(SuiteCases& out) {
  const auto ca = SuiteCases::ca("CA");
  const auto ee = SuiteCases::leaf("CA");
  const auto one = [&](void (*change)(SuiteCertificate&)) {
    return SuitePath{.certificates = {changed(ca, change), ee}};
  };
  out.invalid("4.6.1 missing", one([](auto& c) { c.write_basic_constraints = false; }),
              "issuer_not_authority");
  out.invalid("4.6.2 cA false", one([](auto& c) {
                c.is_authority = false;
                c.write_basic_constraints = false;
                c.more = {{"2.5.29.19", true, hex("3000")}};
              }));
  out.invalid("4.6.3 cA false, not critical", one([](auto& c) {
                c.is_authority = false;
                c.write_basic_constraints = false;
                c.more = {{"2.5.29.19", false, hex("3000")}};
              }));
  out.valid("4.6.4 not critical", one([](auto& c) { c.basic_constraints_critical = false; }));
  // 4.6.5 to 4.6.17: a length on the first, then more authorities.
  struct Length {
    const char* name;
    std::vector<int> lengths;  // -1: none
    bool ee_is_ca;
    bool valid;
  };
  const std::vector<Length> lengths{{"4.6.5 0, then one more", {0, -1}, false, false},
                                    {"4.6.6 0, then one more and a CA", {0, -1}, true, false},
                                    {"4.6.7 0", {0}, false, true},
                                    {"4.6.8 0, the last a CA", {0}, true, true},
                                    {"4.6.9 6 0 0", {6, 0, 0}, false, false},
                                    {"4.6.10 6 0 0, the last a CA", {6, 0, 0}, true, false},
                                    {"4.6.11 6 1 1 0", {6, 1, 1, 0}, false, false},
                                    {"4.6.12 6 1 1 0, the last a CA", {6, 1, 1, 0}, true, false},
                                    {"4.6.13 6 4 1 0", {6, 4, 1, 0}, false, true},
                                    {"4.6.14 6 4 1 0, the last a CA", {6, 4, 1, 0}, true, true},
                                    {"4.6.x may rise", {1, 2}, false, true},
                                    {"4.6.x may rise, and does not help", {1, 2, 0}, false, false}};
  for (const auto& length : lengths) {
    SuitePath path;
    std::string issuer = SuiteCases::kRoot;
    for (std::size_t i = 0; i < length.lengths.size(); ++i) {
      auto next = SuiteCases::ca("Length " + std::to_string(i), issuer);
      if (length.lengths[i] >= 0) next.path_length = length.lengths[i];
      issuer = next.subject;
      path.certificates.push_back(next);
    }
    auto last = length.ee_is_ca ? SuiteCases::ca("Last", issuer) : SuiteCases::leaf(issuer);
    path.certificates.push_back(last);
    length.valid ? out.valid(length.name, path) : out.invalid(length.name, path, "path_too_long");
  }
  auto zero = SuiteCases::ca("Zero");
  zero.path_length = 0;
  auto self = SuiteCases::ca("Zero", "Zero");
  self.key = "Zero 2";
  auto self_ee = SuiteCases::leaf("Zero");
  self_ee.issuer_key = "Zero 2";
  const SuiteList by_both{.issuer = "Zero"}, by_second{.issuer = "Zero", .key = "Zero 2"};
  out.valid("4.6.15 a self-issued one does not count",
            {.certificates = {zero, self, self_ee}, .lists = {by_both, by_second}});
  auto below = SuiteCases::ca("Below", "Zero");
  below.issuer_key = "Zero 2";
  out.invalid("4.6.16 one that counts behind a self-issued one",
              {.certificates = {zero, self, below, SuiteCases::leaf("Below")},
               .lists = {by_both, by_second}},
              "path_too_long");
  auto length_of_leaf = ee;
  length_of_leaf.path_length = 0;
  out.invalid("4.6.x a length without CA", {.certificates = {ca, length_of_leaf}},
              "certificate_extension_malformed");
}

void add_key_usage(SuiteCases& out) {
  const auto ca = SuiteCases::ca("CA");
  const auto ee = SuiteCases::leaf("CA");
  for (const bool critical : {true, false}) {
    auto one = ca;
    one.key_usage_critical = critical;
    const std::string how = critical ? ", critical" : ", not critical";
    one.key_usage = 0x82;  // digitalSignature, cRLSign
    out.invalid("4.7.1-2 no keyCertSign" + how, {.certificates = {one, ee}}, "issuer_key_usage");
    one.key_usage = 0x06;
    out.valid("4.7.3 key usage" + how, {.certificates = {one, ee}});
    one.key_usage = 0x04;
    out.invalid("4.7.4-5 no cRLSign" + how, {.certificates = {one, ee}}, "crl_issuer_key_usage");
  }
  auto silent = ca;
  silent.key_usage.reset();
  out.valid("4.7.x no key usage", {.certificates = {silent, ee}});
  auto leaf = ee;
  leaf.key_usage.reset();
  out.valid("4.7.x leaf without key usage", {.certificates = {ca, leaf}});
  leaf.key_usage = 0x84;
  out.invalid("4.7.x keyCertSign of a leaf", {.certificates = {ca, leaf}}, "key_usage_contradicts");
}

void add_extensions(SuiteCases& out) {
  const auto ca = SuiteCases::ca("CA");
  const auto with = [&](SuiteExtension extension, bool on_leaf) {
    auto authority = ca;
    auto ee = SuiteCases::leaf("CA");
    (on_leaf ? ee : authority).more = {std::move(extension)};
    return SuitePath{.certificates = {authority, ee}};
  };
  for (const bool on_leaf : {true, false}) {
    const std::string where = on_leaf ? " on the leaf" : " on the CA";
    out.valid("4.16.1 unknown" + where, with({"1.3.6.1.4.1.99999.1", false, hex("0500")}, on_leaf));
    out.invalid("4.16.2 unknown, critical" + where,
                with({"1.3.6.1.4.1.99999.1", true, hex("0500")}, on_leaf));
    out.invalid("4.16.x critical key identifier" + where,
                with({"2.5.29.35", true, hex("3000")}, on_leaf));
    out.invalid("4.16.x malformed other name" + where,
                with({"2.5.29.17", false, hex("6578616d706c65")}, on_leaf));
    out.invalid("4.16.x other name of an address of five octets" + where,
                with({"2.5.29.17", false, hex("300787050102030405")}, on_leaf));
    out.invalid("4.16.x malformed information access" + where,
                with({"1.3.6.1.5.5.7.1.1", false, hex("6578616d706c65")}, on_leaf));
    out.invalid("4.16.x critical information access" + where,
                with({"1.3.6.1.5.5.7.1.1", true, hex("3013301106082b060105050730028205612e636f6d")},
                     on_leaf));
    out.invalid("4.16.x the same twice" + where,
                with({"2.5.29.15", true, hex("03020106")}, on_leaf));
  }
}

}  // namespace

void add_basic_cases(SuiteCases& out) {
  add_signatures(out);
  add_validity(out);
  add_names(out);
  add_basic_constraints(out);
  add_key_usage(out);
  add_extensions(out);
}

}  // namespace certrelay
