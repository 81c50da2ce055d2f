// Lists: basic revocation, self-issued certificates, delta lists.
#include "tests/support/path_suite_cases.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

SuiteExtension reason(std::uint8_t code) { return {"2.5.29.21", false, der_of(0x0A, {{code}})}; }
// root -> CA -> EE with the serial 0x0102; `list` is the CA's.
SuitePath with_list(const SuiteList& list) {
  auto ee = SuiteCases::leaf("CA");
  ee.serial = {0x01, 0x02};
  return {.certificates = {SuiteCases::ca("CA"), ee}, .lists = {list}};
}

void add_basic_revocation(SuiteCases& out) {
  auto path = with_list(SuiteCases::list("CA"));
  path.lists.clear();
  path.without_list = {"CA"};
  out.invalid("4.4.1 missing list", path, "card_status_unknown");
  path.without_list = {SuiteCases::kRoot};
  out.invalid("4.4.1 missing list of the root", path, "card_status_unknown");
  auto ca = SuiteCases::ca("CA");
  ca.serial = {0x55};
  out.invalid("4.4.2 revoked CA",
              {.certificates = {ca, SuiteCases::leaf("CA")},
               .lists = {{.issuer = SuiteCases::kRoot, .entries = {{{0x55}, {}}}}}},
              "issuer_revoked");
  const auto changed = [](void (*change)(SuiteList&)) {
    auto list = SuiteCases::list("CA");
    change(list);
    return with_list(list);
  };
  out.invalid("4.4.3 revoked EE", changed([](auto& l) { l.entries = {{{1, 2}, {}}}; }),
              "card_revoked");
  out.invalid("4.4.3 on hold", changed([](auto& l) { l.entries = {{{1, 2}, {reason(6)}}}; }),
              "card_on_hold");
  out.invalid("4.4.4 signature", changed([](auto& l) { l.break_signature = true; }),
              "crl_signature");
  out.invalid("4.4.5 another issuer name",
              changed([](auto& l) { l.issuer_name = suite_name("Bad Name"); }),
              "card_status_unknown");
  path = with_list({.issuer = SuiteCases::kRoot});
  path.without_list = {"CA"};
  out.invalid("4.4.6 wrong list", path, "card_status_unknown");
  path = with_list(SuiteCases::list("CA"));
  path.lists.push_back({.issuer = "CA 2", .key = "CA", .entries = {{{1, 2}, {}}}});
  out.valid("4.4.7 a second list with another issuer name", path);
  const SuiteExtension unknown{"1.3.6.1.4.1.99999.2", true, hex("0500")};
  auto list = SuiteCases::list("CA");
  list.entries = {{{1, 2}, {unknown}}};
  out.invalid("4.4.8 unknown entry extension", with_list(list), "crl_extension_unknown");
  list.entries = {{{1, 2}, {}}};
  list.more = {unknown};
  out.invalid("4.4.9 unknown extension", with_list(list), "crl_extension_unknown");
  list.entries = {{{1, 3}, {}}};
  out.invalid("4.4.10 unknown extension, EE not listed", with_list(list), "crl_extension_unknown");
  list.more[0].critical = false;
  out.valid("4.4.x unknown extension, not critical", with_list(list));
  out.invalid("4.4.11 old nextUpdate", changed([](auto& l) {
                l.this_update = suite_utc("090101000000Z");
                l.next_update = suite_utc("100102000000Z");
              }),
              "crl_expired");
  out.invalid("4.4.12 pre-2000 nextUpdate", changed([](auto& l) {
                l.this_update = suite_utc("980101000000Z");
                l.next_update = suite_utc("990101120100Z");
              }),
              "crl_expired");
  out.valid("4.4.13 GeneralizedTime nextUpdate",
            changed([](auto& l) { l.next_update = suite_generalized("20500101120100Z"); }));
}

void add_list_times_and_serials(SuiteCases& out) {
  auto list = SuiteCases::list("CA");
  list.next_update = suite_utc("261122095959Z");
  out.invalid("4.4.x ended a second ago", with_list(list), "crl_expired");
  list.next_update = suite_utc("261122100001Z");
  out.valid("4.4.x ends in a second", with_list(list));
  list = SuiteCases::list("CA");
  list.this_update = suite_utc("261122100001Z");
  out.invalid("4.4.x begins in a second", with_list(list), "crl_not_yet_valid");
  list = SuiteCases::list("CA");
  list.number.reset();
  out.refused("4.4.x no number", with_list(list), "crl_number_missing");
  list.number = 5;
  list.entries = {{{1, 7}, {}}, {{1, 7}, {}}};
  out.refused("4.4.x a serial twice", with_list(list), "crl_serial_twice");
  const auto with_serial = [&](Bytes serial, Bytes listed) {
    auto ee = SuiteCases::leaf("CA");
    ee.serial = std::move(serial);
    return SuitePath{.certificates = {SuiteCases::ca("CA"), ee},
                     .lists = {{.issuer = "CA", .entries = {{std::move(listed), {}}}}}};
  };
  out.refused("4.4.14 a list that names a negative serial", with_serial({0x00, 0xFF}, {0xFF}),
              "crl_malformed");
  out.invalid("4.4.15 negative serial", with_serial({0xFF}, {0xFF}));
  Bytes long_serial(20, 0x7F);
  auto other_end = long_serial;
  other_end.back() = 0x01;
  auto other_begin = long_serial;
  other_begin.front() = 0x01;
  out.valid("4.4.16 long serial, last octet differs", with_serial(long_serial, other_end));
  out.valid("4.4.17 long serial, first octet differs", with_serial(long_serial, other_begin));
  out.invalid("4.4.18 long serial, listed", with_serial(long_serial, long_serial), "card_revoked");
  out.invalid("4.4.x serial of 21 octets", with_serial(Bytes(21, 0x11), {0x01}),
              "certificate_serial");
  out.invalid("4.4.x serial zero", with_serial({0x00}, {0x01}), "certificate_serial");
}

// One authority with a key for certificates and one for lists, and the roll-over of keys.
void add_separate_keys(SuiteCases& out) {
  auto ca = SuiteCases::ca("CA");
  ca.key_usage = 0x04;
  auto signer = SuiteCases::ca("CA");
  signer.key = "CA lists";
  signer.key_usage = 0x02;
  signer.is_authority = false;
  signer.serial = {0x33};
  auto ee = SuiteCases::leaf("CA");
  ee.serial = {0x01, 0x02};
  SuitePath path{.certificates = {ca, ee},
                 .lists = {{.issuer = "CA", .key = "CA lists"}},
                 .without_list = {"CA"},
                 .besides = {signer}};
  out.valid("4.4.19 another key for lists", path);
  auto other = path;
  other.besides[0].key_usage = 0x80;
  out.invalid("4.4.x another key for lists, which may not", other, "crl_signature");
  other = path;
  other.besides[0].not_after = suite_utc("261122095959Z");
  out.invalid("4.4.x another key for lists, expired", other, "crl_signature");
  other = path;
  other.besides[0].issuer = "Stranger";
  out.invalid("4.4.x another key for lists, certified by nobody", other, "crl_signature");
  other = path;
  other.besides[0].break_signature = true;
  out.invalid("4.4.x another key for lists, its certificate's signature", other, "crl_signature");
  path.lists[0].entries = {{{1, 2}, {}}};
  out.invalid("4.4.20 another key for lists, EE revoked", path, "card_revoked");
  path.lists[0].entries.clear();
  path.lists.push_back({.issuer = SuiteCases::kRoot, .entries = {{{0x33}, {}}}});
  out.invalid("4.4.21 another key for lists, its certificate revoked", path, "crl_signature");

  auto old_key = SuiteCases::ca("CA", "CA");
  old_key.key = "CA old";
  ee.issuer_key = "CA old";
  SuitePath roll{.certificates = {SuiteCases::ca("CA"), old_key, ee},
                 .lists = {{.issuer = "CA"}},
                 .without_list = {"CA"}};
  out.valid("4.5.1 old with new, one list", roll);
  roll.lists[0].entries = {{{1, 2}, {}}};
  out.invalid("4.5.2 old with new, EE revoked", roll, "card_revoked");
  roll.lists[0].entries.clear();
  roll.lists[0].next_update = suite_utc("261122095959Z");
  out.invalid("4.5.x old with new, the list has ended", roll, "crl_expired");
  roll.lists = {{.issuer = "CA"}, {.issuer = "CA", .key = "CA old"}};
  out.valid("4.5.3 new with old, a list of each key", roll);
  roll.lists[1].entries = {{{1, 2}, {}}};
  out.invalid("4.5.5 new with old, EE revoked", roll, "card_revoked");
  auto lists_only = SuiteCases::ca("CA", "CA");
  lists_only.key = "CA lists";
  lists_only.key_usage = 0x02;
  lists_only.is_authority = false;
  auto by_lists_key = SuiteCases::leaf("CA");
  by_lists_key.issuer_key = "CA lists";
  out.invalid("4.5.8 EE signed by the key for lists",
              {.certificates = {SuiteCases::ca("CA"), lists_only, by_lists_key}},
              "issuer_not_authority");
}

void add_delta_lists(SuiteCases& out) {
  const SuiteExtension indicator{"2.5.29.27", true, hex("020101")};
  auto delta = SuiteCases::list("CA");
  delta.more = {indicator};
  delta.number = 5;
  out.invalid("4.15.1 delta without base", with_list(delta), "crl_delta");
  auto both = with_list(delta);
  both.lists.push_back(SuiteCases::list("CA"));
  out.refused("4.15.2 base and delta", both, "crl_delta");
  delta.entries = {{{1, 2}, {}}};
  both = with_list(delta);
  both.lists.push_back(SuiteCases::list("CA"));
  out.invalid("4.15.3 revoked in the delta", both, "crl_delta");
  delta.entries = {{{1, 2}, {reason(8)}}};
  auto base = SuiteCases::list("CA");
  base.entries = {{{1, 2}, {reason(6)}}};
  both = with_list(delta);
  both.lists.push_back(base);
  out.refused("4.15.5 on hold in the base, removed in the delta", both, "crl_delta");
  auto fresh = SuiteCases::leaf("CA");
  fresh.more = {{"2.5.29.46", false, hex("3000")}};
  out.valid("4.15.x freshest list named, complete list",
            {.certificates = {SuiteCases::ca("CA"), fresh}});
  auto newer = SuiteCases::list("CA");
  newer.number = 7;
  auto older = SuiteCases::list("CA");
  older.number = 6;
  older.entries = {{{1, 2}, {reason(6)}}};
  auto two = with_list(older);
  two.lists.push_back(newer);
  out.valid("4.15.x the newer complete list decides", two).openssl_differs =
      "it takes the list that comes first, not the newer (RFC 5280 §6.3.3)";
  two.lists = {newer, older};
  out.valid("4.15.x the newer complete list decides, first", two);
}

}  // namespace

void add_revocation_cases(SuiteCases& out) {
  add_basic_revocation(out);
  add_list_times_and_serials(out);
  add_separate_keys(out);
  add_delta_lists(out);
}

}  // namespace certrelay
