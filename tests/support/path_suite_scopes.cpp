// Lists that speak for a part of an issuer's certificates: points, kinds of certificate, reasons.
#include "tests/support/path_suite_cases.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

SuiteExtension scope(bool critical, const std::vector<Bytes>& fields) {
  return {"2.5.29.28", critical, der_of(0x30, fields)};
}

// Names of distribution points: [0], behind which a choice of full and relative names stands.
Bytes full_name(const std::vector<std::string>& uris) {
  std::vector<Bytes> names;
  for (const auto& uri : uris) names.push_back(der_of(0x86, {Bytes(uri.begin(), uri.end())}));
  return der_of(0xA0, {der_of(0xA0, names)});
}
Bytes directory_point(const std::vector<Bytes>& steps) {
  return der_of(0xA0, {der_of(0xA0, {der_of(0xA4, {der_of(0x30, steps)})})});
}
// Of suite_name(): the sets of the issuer's name, to which a relative name adds one.
std::vector<Bytes> steps_below(const std::string& issuer, const Bytes& last) {
  const auto whole = suite_name(issuer);
  return {Bytes(whole.begin() + 2, whole.end()), last};
}
SuiteExtension points(const std::vector<std::vector<Bytes>>& each, bool critical = false) {
  std::vector<Bytes> list;
  for (const auto& fields : each) list.push_back(der_of(0x30, fields));
  return {"2.5.29.31", critical, der_of(0x30, list)};
}

// root -> CA -> EE 0x0102 with those points, and a list of the CA for each scope.
SuitePath scoped(const std::vector<SuiteExtension>& certificate,
                 const std::vector<std::vector<Bytes>>& scopes) {
  SuitePath path{.certificates = {SuiteCases::ca("CA"), SuiteCases::leaf("CA")}};
  path.certificates.back().serial = {0x01, 0x02};
  path.certificates.back().more = certificate;
  for (const auto& fields : scopes) {
    path.lists.push_back(SuiteCases::list("CA"));
    path.lists.back().more = {scope(true, fields)};
  }
  return path;
}

SuitePath with_revoked(SuitePath path, std::size_t list) {
  path.lists.at(list).entries = {{{1, 2}, {}}};
  return path;
}

void add_points(SuiteCases& out) {
  const auto a = full_name({"http://mihon/a"});
  const auto b = full_name({"http://mihon/b"});
  const auto path = scoped({points({{a}})}, {{a}});
  out.valid("4.14.1 the certificate's point is the list's", path);
  out.invalid("4.14.2 revoked at its point", with_revoked(path, 0), "card_revoked");
  out.invalid("4.14.3 a list of another point", scoped({points({{a}})}, {{b}}), "crl_scope");
  out.invalid("4.14.3 a list of a point, a certificate of none", scoped({}, {{a}}), "crl_scope");
  out.invalid("4.14.x a point in other letters",
              scoped({points({{full_name({"HTTP://mihon/a"})}})}, {{a}}), "crl_scope");
  const auto last = suite_attribute("CN", 0x13, "Point");
  const auto relative = der_of(0xA0, {der_of(0xA1, {Bytes(last.begin() + 2, last.end())})});
  const auto whole = directory_point(steps_below("CA", last));
  out.valid("4.14.4 full in the list, relative in the certificate",
            scoped({points({{relative}})}, {{whole}}));
  out.valid("4.14.5 relative in both", scoped({points({{relative}})}, {{relative}}));
  out.valid("4.14.7 relative in the list, full in the certificate",
            scoped({points({{whole}})}, {{relative}}));
  const auto other = suite_attribute("CN", 0x13, "Other");
  out.invalid(
      "4.14.6 another relative name",
      scoped({points({{der_of(0xA0, {der_of(0xA1, {Bytes(other.begin() + 2, other.end())})})}})},
             {{relative}}),
      "crl_scope");
  out.valid("4.14.x one of several names",
            scoped({points({{full_name({"http://mihon/c", "http://mihon/a"})}})},
                   {{full_name({"http://mihon/a", "http://mihon/d"})}}));
  out.valid("4.14.10 a point, and a list without", scoped({points({{a}})}, {}));
  out.valid("4.14.x critical points", scoped({points({{a}}, true)}, {{a}}));
  auto two = scoped({points({{a}})}, {{a}, {a}});
  two.lists[0].number = 3;
  out.valid("4.14.x the newer list of a point decides", with_revoked(two, 1)).openssl_differs =
      "it takes the list that comes first, not the newer (RFC 5280 §6.3.3)";
  out.invalid("4.14.x the newer list of a point revokes", with_revoked(two, 0), "card_revoked");
  const auto issuer = der_of(0xA2, {der_of(0xA4, {suite_name("Lists")})});
  out.refused("4.14.28 sent to another issuer's list", scoped({points({{a, issuer}})}, {}),
              "crl_indirect");
  out.invalid("4.14.x reasons and no place", scoped({points({{hex("81020520")}})}, {}),
              "certificate_extension_malformed");
  out.invalid("4.14.x no points at all", scoped({points({})}, {}),
              "certificate_extension_malformed");
}

void add_kinds(SuiteCases& out) {
  out.valid("4.14.10 only users, and one", scoped({}, {{hex("8101ff")}}));
  out.invalid("4.14.12 only authorities, and a user", scoped({}, {{hex("8201ff")}}), "crl_scope");
  out.invalid("4.14.14 only attribute certificates", scoped({}, {{hex("8501ff")}}), "crl_scope");
  SuitePath below_root{
      .certificates = {SuiteCases::ca("CA"), SuiteCases::leaf("CA")},
      .lists = {{.issuer = SuiteCases::kRoot, .more = {scope(true, {hex("8201ff")})}}}};
  out.valid("4.14.13 only authorities, and one", below_root);
  below_root.lists[0].more = {scope(true, {hex("8101ff")})};
  out.invalid("4.14.11 only users, and an authority", below_root, "crl_scope");
  out.invalid("4.14.x only users and only authorities",
              scoped({}, {{hex("8101ff"), hex("8201ff")}}), "crl_malformed");
  out.invalid("4.14.x a scope that says nothing", scoped({}, {{}}), "crl_malformed");
  out.invalid("4.14.22 indirect", scoped({}, {{hex("8401ff")}}), "crl_indirect");
  const auto a = full_name({"http://mihon/a"});
  out.invalid("4.14.25 point and indirect", scoped({points({{a}})}, {{a, hex("8401ff")}}),
              "crl_indirect");
  auto soft = scoped({points({{a}})}, {{a}});
  soft.lists[0].more[0].critical = false;
  out.invalid("4.14.x a scope that is not critical", soft, "crl_scope");
  auto path = scoped({}, {{}});
  auto& list = path.lists[0];
  list.more.clear();
  list.entries = {{{1, 9}, {{"2.5.29.29", true, der_of(0x30, {der_of(0xA4, {suite_name("X")})})}}}};
  out.invalid("4.14.27 entry of another issuer", path, "crl_indirect");
}

// Reasons 1 to 4 and 5 to 8 make all of them.
void add_reasons(SuiteCases& out) {
  const auto first = hex("83020378");
  const auto second = hex("8303070780");
  out.invalid("4.14.15 only some reasons", scoped({}, {{first}}), "crl_scope");
  out.invalid("4.14.16 revoked for one of them", with_revoked(scoped({}, {{first}}), 0),
              "card_revoked");
  out.invalid("4.14.17 some reasons twice", scoped({}, {{first}, {first}}), "crl_scope");
  const auto all = scoped({}, {{first}, {second}});
  out.valid("4.14.18 two lists for all reasons", all);
  out.invalid("4.14.20 revoked by the first", with_revoked(all, 0), "card_revoked");
  out.invalid("4.14.21 revoked by the second", with_revoked(all, 1), "card_revoked");
  const auto a = full_name({"http://mihon/a"});
  const auto b = full_name({"http://mihon/b"});
  const auto at_points = points({{a, hex("81020378")}, {b, hex("8103070780")}});
  out.valid("4.14.19 a point for each half", scoped({at_points}, {{a, first}, {b, second}}));
  out.invalid("4.14.x the halves at each other's point",
              scoped({at_points}, {{a, second}, {b, first}}), "crl_scope");
  out.invalid("4.14.x a point that answers for half",
              scoped({points({{a, hex("81020378")}})}, {{a}}), "crl_scope");
}

}  // namespace

void add_scope_cases(SuiteCases& out) {
  add_points(out);
  add_kinds(out);
  add_reasons(out);
}

}  // namespace certrelay
