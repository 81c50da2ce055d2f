#include "protocol/wire/overview_message.hpp"

#include "protocol/wire/operator_json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kWordMax = 64;
constexpr std::size_t kHoursMax = 1024;
constexpr std::size_t kNameMax = 128;

using boost::json::object;

Result<SuspensionNote> read_note(JsonObject in) {
  CERTRELAY_TRY(const auto at, time_field(in, "at"));
  CERTRELAY_TRY(auto by, id_field<OperatorName>(in, "by"));
  CERTRELAY_TRY(auto reason, id_field<StatedReason>(in, "reason"));
  CERTRELAY_TRY(in.expect_no_more());
  return SuspensionNote{at, std::move(by), std::move(reason)};
}

Result<OverviewKind> read_kind(JsonObject& in) {
  OverviewKind out{};
  CERTRELAY_TRY(out.kind, parsed_field(in, "kind", parse_certificate_kind));
  CERTRELAY_TRY(out.open, in.boolean("open"));
  CERTRELAY_TRY(out.suspended, in.boolean("suspended"));
  CERTRELAY_TRY(out.hours, plain_text_field(in, "hours"));
  CERTRELAY_TRY(check_text(out.hours, 1, kHoursMax));
  if (in.has("note")) {
    CERTRELAY_TRY(auto note, in.object("note"));
    CERTRELAY_TRY(out.note, read_note(std::move(note)));
  }
  return out;
}

object kind_object(const OverviewKind& kind) {
  object out{{"kind", to_text(kind.kind)},
             {"open", kind.open},
             {"suspended", kind.suspended},
             {"hours", kind.hours}};
  if (kind.note) {
    out["note"] = object{{"at", to_rfc3339_jst(kind.note->at)},
                         {"by", kind.note->by.text()},
                         {"reason", kind.note->reason.text()}};
  }
  return out;
}

Result<PlanCounts> read_counts(JsonObject& from, std::string_view name) {
  CERTRELAY_TRY(auto in, from.object(name));
  PlanCounts out;
  CERTRELAY_TRY(out.added, count_field(in, "added"));
  CERTRELAY_TRY(out.changed, count_field(in, "changed"));
  CERTRELAY_TRY(out.deleted, count_field(in, "deleted"));
  CERTRELAY_TRY(out.unchanged, count_field(in, "unchanged"));
  CERTRELAY_TRY(in.expect_no_more());
  return out;
}

object counts_object(const PlanCounts& counts) {
  return {{"added", counts.added},
          {"changed", counts.changed},
          {"deleted", counts.deleted},
          {"unchanged", counts.unchanged}};
}

Result<OverviewPush> read_push(JsonObject in) {
  CERTRELAY_TRY(auto id, id_field<ExtractId>(in, "extract_id"));
  CERTRELAY_TRY(const auto state, parsed_field(in, "state", parse_extract_state));
  CERTRELAY_TRY(const auto generation, count_field(in, "generation"));
  CERTRELAY_TRY(const auto created, time_field(in, "created"));
  CERTRELAY_TRY(const auto persons, count_field(in, "persons"));
  CERTRELAY_TRY(const auto households, count_field(in, "households"));
  CERTRELAY_TRY(const auto person_changes, read_counts(in, "person_changes"));
  CERTRELAY_TRY(const auto household_changes, read_counts(in, "household_changes"));
  CERTRELAY_TRY(const auto card_changes, read_counts(in, "card_changes"));
  CERTRELAY_TRY(in.expect_no_more());
  return OverviewPush{std::move(id), state,          generation,        created,     persons,
                      households,    person_changes, household_changes, card_changes};
}

object push_object(const OverviewPush& push) {
  return {{"extract_id", push.id.text()},
          {"state", to_text(push.state)},
          {"generation", push.generation},
          {"created", to_rfc3339_jst(push.created)},
          {"persons", push.persons},
          {"households", push.households},
          {"person_changes", counts_object(push.person_changes)},
          {"household_changes", counts_object(push.household_changes)},
          {"card_changes", counts_object(push.card_changes)}};
}

Result<OverviewRegister> read_register(JsonObject in) {
  OverviewRegister out{};
  CERTRELAY_TRY(out.reason, plain_text_field(in, "reason"));
  CERTRELAY_TRY(check_text(out.reason, 1, kWordMax));
  CERTRELAY_TRY(out.generation, count_field(in, "generation"));
  CERTRELAY_TRY(out.sequence, count_field(in, "sequence"));
  CERTRELAY_TRY(out.last_contact, optional_time_field(in, "last_contact"));
  CERTRELAY_TRY(out.age_s, count_field(in, "age_s"));
  CERTRELAY_TRY(out.age_max_s, count_field(in, "age_max_s"));
  CERTRELAY_TRY(out.quarantined, count_field(in, "quarantined"));
  if (in.has("push")) {
    CERTRELAY_TRY(auto push, in.object("push"));
    CERTRELAY_TRY(out.push, read_push(std::move(push)));
  }
  CERTRELAY_TRY(in.expect_no_more());
  return out;
}

object register_object(const OverviewRegister& reg) {
  object out{{"reason", reg.reason},       {"generation", reg.generation},
             {"sequence", reg.sequence},   {"age_s", reg.age_s},
             {"age_max_s", reg.age_max_s}, {"quarantined", reg.quarantined}};
  if (reg.last_contact) out["last_contact"] = to_rfc3339_jst(*reg.last_contact);
  if (reg.push) out["push"] = push_object(*reg.push);
  return out;
}

Result<DatedThing> read_dated(JsonObject& in) {
  CERTRELAY_TRY(auto name, plain_text_field(in, "name"));
  CERTRELAY_TRY(check_text(name, 1, kWordMax));
  CERTRELAY_TRY(const auto until, optional_time_field(in, "until"));
  return DatedThing{std::move(name), until};
}

Result<Overview> read_overview(JsonObject& in) {
  CERTRELAY_TRY(const auto now, time_field(in, "now"));
  CERTRELAY_TRY(const auto municipality, id_field<MunicipalityCode>(in, "municipality"));
  CERTRELAY_TRY(auto name, plain_text_field(in, "municipality_name"));
  CERTRELAY_TRY(check_text(name, 1, kNameMax));
  CERTRELAY_TRY(const auto demo, in.boolean("demo"));
  CERTRELAY_TRY(auto kinds, objects_field<OverviewKind>(in, "kinds", 2, read_kind));
  CERTRELAY_TRY(auto reg_object, in.object("register"));
  CERTRELAY_TRY(auto reg, read_register(std::move(reg_object)));
  CERTRELAY_TRY(auto ends, objects_field<DatedThing>(in, "ends", kDatedThingsMax, read_dated));
  return Overview{
      now, municipality, std::move(name), demo, std::move(kinds), std::move(reg), std::move(ends)};
}

}  // namespace

Result<Overview> decode_overview(ByteView body) {
  return decode_body<Overview>(body, kOperatorBodyMax, read_overview);
}

Result<Bytes> encode(const Overview& message) {
  CERTRELAY_TRY(check_time(message.now));
  CERTRELAY_TRY(check_count(message.ends.size(), 0, kDatedThingsMax));
  boost::json::array ends;
  for (const auto& end : message.ends) {
    object one{{"name", end.name}};
    if (end.until) {
      CERTRELAY_TRY(check_time(*end.until));
      one["until"] = to_rfc3339_jst(*end.until);
    }
    ends.push_back(std::move(one));
  }
  return to_body(object{{"now", to_rfc3339_jst(message.now)},
                        {"municipality", message.municipality.text()},
                        {"municipality_name", message.municipality_name},
                        {"demo", message.demo},
                        {"kinds", to_array_of(message.kinds, kind_object)},
                        {"register", register_object(message.reg)},
                        {"ends", std::move(ends)}});
}

}  // namespace certrelay
