// Policies: the initial set, explicit policy, mappings, anyPolicy.
#include "tests/support/path_suite_cases.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

using Policies = std::vector<std::string>;

// One certificate a list, the last the leaf; no policy extension for an empty list.
SuitePath path_of(const std::vector<Policies>& policies) {
  SuitePath path;
  std::string issuer = SuiteCases::kRoot;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const bool last = i + 1 == policies.size();
    auto next =
        last ? SuiteCases::leaf(issuer) : SuiteCases::ca("Policy CA " + std::to_string(i), issuer);
    next.policies = policies[i];
    issuer = next.subject;
    path.certificates.push_back(next);
  }
  return path;
}

struct Inputs {
  Policies initial;
  bool explicit_policy = false;
  bool inhibit_any = false;
};

PathCase& set(PathCase& one, const Inputs& inputs) {
  one.policies = inputs.initial;
  one.explicit_policy = inputs.explicit_policy;
  one.inhibit_any_policy = inputs.inhibit_any;
  return one;
}

void add_initial_sets(SuiteCases& out) {
  struct Case {
    const char* name;
    std::vector<Policies> path;
    Inputs inputs;
    bool valid;
  };
  const std::vector<Case> cases{
      {"4.8.1 same policy, explicit", {{"1"}, {"1"}}, {{}, true}, true},
      {"4.8.1 same policy, 1", {{"1"}, {"1"}}, {{"1"}, true}, true},
      {"4.8.1 same policy, 2", {{"1"}, {"1"}}, {{"2"}, true}, false},
      {"4.8.1 same policy, 1 2", {{"1"}, {"1"}}, {{"1", "2"}, true}, true},
      {"4.8.2 no policies", {{}, {}}, {{}, false}, true},
      {"4.8.2 no policies, explicit", {{}, {}}, {{}, true}, false},
      {"4.8.3 different policies", {{"1"}, {"1"}, {"2"}}, {{}, false}, true},
      {"4.8.3 different policies, explicit", {{"1"}, {"1"}, {"2"}}, {{}, true}, false},
      {"4.8.3 different policies, explicit, 1 2", {{"1"}, {"1"}, {"2"}}, {{"1", "2"}, true}, false},
      {"4.8.4 different policies", {{"1"}, {"2"}, {"2"}}, {{}, true}, false},
      {"4.8.5 different policies", {{"1"}, {"2"}, {"2"}}, {{}, true}, false},
      {"4.8.6 overlapping", {{"1", "2", "3"}, {"1"}, {"1"}}, {{}, true}, true},
      {"4.8.6 overlapping, 1", {{"1", "2", "3"}, {"1"}, {"1"}}, {{"1"}, true}, true},
      {"4.8.6 overlapping, 2", {{"1", "2", "3"}, {"1"}, {"1"}}, {{"2"}, true}, false},
      {"4.8.7 different in the middle",
       {{"1", "2", "3"}, {"1", "2"}, {"1"}, {"2"}},
       {{}, true},
       false},
      {"4.8.8 different in the middle", {{"1", "2"}, {"1"}, {"2"}, {"1"}}, {{}, true}, false},
      {"4.8.9 different in the middle",
       {{"1", "2", "3"}, {"1", "2"}, {"1", "2"}, {"1"}, {"2"}},
       {{}, true},
       false},
      {"4.8.10 all the same", {{"1", "2"}, {"1", "2"}}, {{}, true}, true},
      {"4.8.10 all the same, 2", {{"1", "2"}, {"1", "2"}}, {{"2"}, true}, true},
      {"4.8.11 any", {{"any"}, {"any"}}, {{}, true}, true},
      {"4.8.11 any, 1", {{"any"}, {"any"}}, {{"1"}, true}, true},
      {"4.8.12 different", {{"3"}, {"4"}}, {{}, true}, false},
      {"4.8.13 all of three, 1", {{"1", "2", "3"}, {"1", "2", "3"}}, {{"1"}, true}, true},
      {"4.8.13 all of three, 3", {{"1", "2", "3"}, {"1", "2", "3"}}, {{"3"}, true}, true},
      {"4.8.14 any above, 1", {{"any"}, {"1"}}, {{"1"}, true}, true},
      {"4.8.14 any above, 2", {{"any"}, {"1"}}, {{"2"}, true}, false},
      {"4.8.x any initial", {{"1"}, {"1"}}, {{"any"}, true}, true},
      {"4.8.x one without policies between", {{"1"}, {}, {"1"}}, {{}, true}, false}};
  for (const auto& one : cases) {
    set(one.valid ? out.valid(one.name, path_of(one.path))
                  : out.invalid(one.name, path_of(one.path), "policy_required"),
        one.inputs);
  }
}

void add_explicit_policy(SuiteCases& out) {
  struct Case {
    const char* name;
    std::vector<int> require;  // a CA each; -1: none
    bool valid;
  };
  const std::vector<Case> cases{{"4.9.1 10 and three more", {10, -1, -1, -1}, true},
                                {"4.9.2 5 and three more", {5, -1, -1, -1}, true},
                                {"4.9.3 4 and three more", {4, -1, -1, -1}, false},
                                {"4.9.4 0 and three more", {0, -1, -1, -1}, false},
                                {"4.9.5 7 2 4", {7, 2, 4, -1}, false},
                                {"4.9.x 1 alone", {1}, false},
                                {"4.9.x 2 alone", {2}, true}};
  for (const auto& one : cases) {
    std::vector<Policies> policies(one.require.size(), Policies{"1"});
    policies.push_back({});  // the leaf has none
    auto path = path_of(policies);
    for (std::size_t i = 0; i < one.require.size(); ++i) {
      if (one.require[i] >= 0) path.certificates[i].require_explicit = one.require[i];
    }
    one.valid ? out.valid(one.name, path) : out.invalid(one.name, path, "policy_required");
  }
  auto first = SuiteCases::ca("R");
  first.require_explicit = 2;
  auto self = SuiteCases::ca("R", "R");
  self.key = "R 2";
  auto ee = SuiteCases::leaf("R");
  ee.issuer_key = "R 2";
  ee.policies.clear();
  const std::vector<SuiteList> lists{{.issuer = "R"}, {.issuer = "R", .key = "R 2"}};
  out.valid("4.9.6 self-issued does not count",
            {.certificates = {first, self, ee}, .lists = lists});
  auto sub = SuiteCases::ca("R sub", "R");
  sub.issuer_key = "R 2";
  auto below = SuiteCases::leaf("R sub");
  below.policies.clear();
  out.invalid("4.9.7 one more below", {.certificates = {first, self, sub, below}, .lists = lists},
              "policy_required");
  auto own = SuiteCases::leaf("CA");
  own.require_explicit = 0;
  own.policies.clear();
  out.invalid("4.9.x required by the leaf", {.certificates = {SuiteCases::ca("CA"), own}},
              "policy_required");
}

// Everything with mappings is refused, wherever they stand and whatever is inhibited.
void add_mappings(SuiteCases& out) {
  const auto oid1 = from_hex("060a60864801650302013001").value();
  const auto oid2 = from_hex("060a60864801650302013002").value();
  const auto any = from_hex("0604551d2000").value();
  const auto mapping = [](const Bytes& from, const Bytes& to) {
    return SuiteExtension{"2.5.29.33", true, der_of(0x30, {der_of(0x30, {from, to})})};
  };
  for (const bool critical : {true, false}) {
    const std::string how = critical ? "" : ", not critical";
    auto path = path_of({{"1"}, {"2"}});
    path.certificates[0].more = {mapping(oid1, oid2)};
    path.certificates[0].more[0].critical = critical;
    set(out.refused("4.10.1 1 to 2" + how, path, "policy_mapping_unsupported"), {{"1"}, true});
    set(out.invalid("4.10.1 1 to 2, asked for 2" + how, path, "policy_mapping_unsupported"),
        {{"2"}, true});
    path.certificates[1].policies = {"1"};
    set(out.invalid("4.10.2 1 to 2, EE has 1" + how, path, "policy_mapping_unsupported"),
        {{}, true});
    path.certificates[0].more = {mapping(any, oid1)};
    out.invalid("4.10.7 from any" + how, path, "policy_mapping_unsupported");
    path.certificates[0].more = {mapping(oid1, any)};
    out.invalid("4.10.8 to any" + how, path, "policy_mapping_unsupported");
    path = path_of({{"1"}, {"1"}, {"2"}});
    path.certificates[1].more = {mapping(oid1, oid2)};
    path.certificates[0].inhibit_mapping = 0;
    set(out.invalid("4.11.1 inhibited at once" + how, path, "policy_mapping_unsupported"),
        {{}, true});
    path.certificates[0].inhibit_mapping = 1;
    set(out.refused("4.11.2 inhibited later" + how, path, "policy_mapping_unsupported"),
        {{}, true});
    auto leaf = path_of({{"1"}, {"1"}});
    leaf.certificates[1].more = {mapping(oid1, oid2)};
    out.refused("4.10.x on the leaf" + how, leaf, "policy_mapping_unsupported");
  }
  auto without = path_of({{"1"}, {"1"}});
  set(out.valid("4.11.x the input alone", without), {{"1"}, true}).inhibit_policy_mapping = true;
  without.certificates[0].inhibit_mapping = 0;
  set(out.valid("4.11.x the extension alone", without), {{"1"}, true});
  without.certificates[0].inhibit_mapping.reset();
  without.certificates[0].more = {{"2.5.29.36", true, {0x30, 0x00}}};
  out.invalid("4.11.x empty constraints", without, "certificate_extension_malformed");
  without.certificates[0].more = {{"2.5.29.36", false, {0x30, 0x03, 0x80, 0x01, 0x05}}};
  out.valid("4.11.x constraints that are not critical, met at once", without);
  auto unmet = path_of({{"1"}, {}});
  unmet.certificates[0].more = without.certificates[0].more;
  // RFC 5280 would count to five; a constraint that may be skipped is kept at its strictest.
  out.refused("4.11.x constraints that are not critical, not met at once", unmet,
              "policy_required");
  auto soft_any = path_of({{"1"}, {"any"}});
  soft_any.certificates[0].more = {{"2.5.29.54", false, {0x02, 0x01, 0x05}}};
  set(out.refused("4.12.x inhibition that is not critical", soft_any, "policy_required"),
      {{}, true});
}

void add_inhibit_any(SuiteCases& out) {
  struct Case {
    const char* name;
    std::vector<Policies> path;
    std::vector<int> inhibit;
    Inputs inputs;
    bool valid;
  };
  const std::vector<Case> cases{
      {"4.12.1 0, EE any", {{"1"}, {"any"}}, {0}, {{}, true}, false},
      {"4.12.2 0, EE any and 1", {{"1"}, {"any", "1"}}, {0}, {{}, true}, true},
      {"4.12.3 1, any any", {{"1"}, {"any"}, {"1"}}, {1}, {{}, true}, true},
      {"4.12.3 1, any any, input", {{"1"}, {"any"}, {"1"}}, {1}, {{}, true, true}, false},
      {"4.12.4 1, EE any", {{"1"}, {"any"}, {"any"}}, {1}, {{}, true}, false},
      {"4.12.5 5 1", {{"1"}, {"1"}, {"any"}, {"any"}}, {5, 1}, {{}, true}, false},
      {"4.12.6 1 5", {{"1"}, {"1"}, {"any"}}, {1, 5}, {{}, true}, false},
      {"4.12.x input, EE any", {{"1"}, {"any"}}, {}, {{}, true, true}, false},
      {"4.12.x input, all named", {{"1"}, {"1"}}, {}, {{}, true, true}, true}};
  for (const auto& one : cases) {
    auto path = path_of(one.path);
    for (std::size_t i = 0; i < one.inhibit.size(); ++i) {
      path.certificates[i].inhibit_any = one.inhibit[i];
    }
    set(one.valid ? out.valid(one.name, path) : out.invalid(one.name, path, "policy_required"),
        one.inputs);
  }
  auto first = SuiteCases::ca("I");
  first.inhibit_any = 1;
  auto self = SuiteCases::ca("I", "I");
  self.key = "I 2";
  self.policies = {"any"};
  auto ee = SuiteCases::ca("I sub", "I");
  ee.issuer_key = "I 2";
  ee.policies = {"any"};
  const std::vector<SuiteList> lists{{.issuer = "I"}, {.issuer = "I", .key = "I 2"}};
  set(out.valid("4.12.7 self-issued does not count",
                {.certificates = {first, self, ee, SuiteCases::leaf("I sub")}, .lists = lists}),
      {{}, true});
  auto leaf = SuiteCases::leaf("I");
  leaf.issuer_key = "I 2";
  leaf.policies = {"any"};
  first.inhibit_any = 0;
  set(out.invalid("4.12.10 EE any", {.certificates = {first, self, leaf}, .lists = lists},
                  "policy_required"),
      {{}, true});
}

// Two certificates of each kind of policies under each input. RFC 5280 by a shorter way than the
// tree: without mappings a policy stands when every certificate has it, or has anyPolicy where that
// counts.
void add_matrix(SuiteCases& out) {
  const std::vector<Policies> kinds{{}, {"1"}, {"2"}, {"any"}, {"1", "2"}};
  const auto has = [](const Policies& list, const char* wanted, bool inhibit) {
    for (const auto& one : list) {
      if (one == wanted || (one == "any" && !inhibit)) return true;
    }
    return false;
  };
  int serial = 0;
  for (const auto& above : kinds) {
    for (const auto& leaf : kinds) {
      for (const auto& inputs : {Inputs{{}, true, false}, Inputs{{}, true, true},
                                 Inputs{{"1"}, true, false}, Inputs{{"1"}, false, false}}) {
        bool valid = !inputs.explicit_policy;
        for (const auto* policy : {"1", "2", "other"}) {
          const bool asked = inputs.initial.empty() || inputs.initial[0] == policy;
          valid = valid || (asked && has(above, policy, inputs.inhibit_any) &&
                            has(leaf, policy, inputs.inhibit_any));
        }
        const auto name = "4.8.m matrix " + std::to_string(++serial);
        set(valid ? out.valid(name, path_of({above, leaf}))
                  : out.invalid(name, path_of({above, leaf}), "policy_required"),
            inputs);
      }
    }
  }
}

}  // namespace

void add_policy_cases(SuiteCases& out) {
  add_initial_sets(out);
  add_explicit_policy(out);
  add_mappings(out);
  add_inhibit_any(out);
  add_matrix(out);
}

}  // namespace certrelay
