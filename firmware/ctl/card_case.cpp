#include "firmware/ctl/card_case.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <ctime>

#include "protocol/base/json.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/identity/oids.hpp"
#include "relay/identity/reasons.hpp"

namespace certrelay {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineDepthMax = 4;

struct SignedMessage {
  Bytes message;
  Bytes signature;
  std::string algorithm;
};

struct CardCase {
  PathRules rules;
  TrustMaterial material;
  std::optional<UtcTime> now;
  std::optional<UtcTime> also_at;  // when `now` lies between two milliseconds: the later one
  std::optional<Bytes> certificate, public_key;
  std::optional<SignedMessage> signed_message;
};

// The member, or null when it is absent or JSON null.
const json::value* given(JsonObject& in, std::string_view name) {
  const auto* value = in.optional(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::optional<std::string>> optional_text(JsonObject& in, std::string_view name) {
  const auto* value = given(in, name);
  if (value == nullptr) return std::optional<std::string>();
  if (!value->is_string()) return Error{ErrorCode::kWrongType, "a text"};
  return std::optional<std::string>(std::string(value->get_string()));
}

Result<std::optional<Bytes>> optional_bytes(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(const auto text, optional_text(in, name));
  if (!text) return std::optional<Bytes>();
  CERTRELAY_TRY(auto bytes, from_base64(*text));
  return std::optional<Bytes>(std::move(bytes));
}

Result<void> read_flag(JsonObject& in, std::string_view name, bool& flag) {
  const auto* value = given(in, name);
  if (value == nullptr) return ok();
  if (!value->is_bool()) return Error{ErrorCode::kWrongType, "a flag"};
  flag = value->get_bool();
  return ok();
}

// Each element of an array of texts, through `convert`.
template <class Convert>
Result<std::vector<Bytes>> list_of(JsonObject& in, std::string_view name, Convert convert) {
  std::vector<Bytes> out;
  const auto* value = given(in, name);
  if (value == nullptr) return out;
  if (!value->is_array()) return Error{ErrorCode::kWrongType, "an array"};
  for (const auto& element : value->get_array()) {
    if (!element.is_string()) return Error{ErrorCode::kWrongType, "an array of texts"};
    CERTRELAY_TRY(auto one, convert(std::string_view(element.get_string())));
    out.push_back(std::move(one));
  }
  return out;
}

Result<PathRules> read_rules(JsonObject& in) {
  CERTRELAY_TRY(const auto profile, optional_text(in, "profile"));
  PathRules rules = PathRules::for_rfc5280();
  if (!profile || *profile == "jpki") {
    CERTRELAY_TRY(auto policy, oid::from_dotted(kDefaultCardPolicy));
    rules = PathRules::for_jpki({std::move(policy)});
  } else if (*profile != "rfc5280") {
    return Error{ErrorCode::kMalformed, "profile"};
  }
  CERTRELAY_TRY(auto policies, list_of(in, "policy_oids", oid::from_dotted));
  if (!policies.empty()) rules.policies = std::move(policies);
  // Whoever asks about a policy of the other purpose wants to know about it.
  std::erase_if(rules.other_purpose_policies, [&](const Bytes& oid) {
    return std::find(rules.policies.begin(), rules.policies.end(), oid) != rules.policies.end();
  });
  CERTRELAY_TRY(read_flag(in, "explicit_policy", rules.explicit_policy));
  CERTRELAY_TRY(read_flag(in, "inhibit_any_policy", rules.inhibit_any_policy));
  // Mappings are refused always, so this one changes nothing; its form is checked.
  bool inhibit_policy_mapping = true;
  CERTRELAY_TRY(read_flag(in, "inhibit_policy_mapping", inhibit_policy_mapping));
  CERTRELAY_TRY(read_flag(in, "check_revocation", rules.check_revocation));
  return rules;
}

// None of the three members, or all.
Result<std::optional<SignedMessage>> read_signed_message(JsonObject& in) {
  CERTRELAY_TRY(auto message, optional_bytes(in, "message"));
  CERTRELAY_TRY(auto signature, optional_bytes(in, "signature"));
  CERTRELAY_TRY(auto algorithm, optional_text(in, "algorithm"));
  if (message && signature && algorithm) {
    return std::optional<SignedMessage>(
        {std::move(*message), std::move(*signature), std::move(*algorithm)});
  }
  if (message || signature || algorithm) {
    return Error{ErrorCode::kMissingMember, "message, signature and algorithm belong together"};
  }
  return std::optional<SignedMessage>();
}

// Times of programs that count in microseconds, and RFC 3339's lower case letters. What lies
// between two of our milliseconds must hold at both: rounding would make a card of a second ago
// valid.
Result<void> read_now(JsonObject& in, CardCase& out) {
  CERTRELAY_TRY(auto given_now, optional_text(in, "now"));
  if (!given_now) return ok();
  auto& text = *given_now;
  constexpr std::size_t kSeparatorAt = 10;
  if (text.size() > kSeparatorAt && text[kSeparatorAt] == 't') text[kSeparatorAt] = 'T';
  if (text.ends_with('z')) text.back() = 'Z';
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::size_t kMillisecondDigits = 3;
  bool between = false;
  if (const auto point = text.find('.'); point != std::string::npos) {
    const auto end = std::min(text.find_first_not_of(kDigits, point + 1), text.size());
    if (end - point - 1 > kMillisecondDigits) {
      const auto cut = point + 1 + kMillisecondDigits;
      between = text.substr(cut, end - cut).find_first_not_of('0') != std::string::npos;
      text.erase(cut, end - cut);
    }
  }
  CERTRELAY_TRY(out.now, parse_rfc3339(text));
  if (between) out.also_at = *out.now + std::chrono::milliseconds(1);
  return ok();
}

Result<CardCase> read_case(JsonObject& in) {
  CardCase out;
  CERTRELAY_TRY(out.rules, read_rules(in));
  CERTRELAY_TRY(read_now(in, out));
  CERTRELAY_TRY(out.material.anchors_der, list_of(in, "trust_anchors", from_base64));
  CERTRELAY_TRY(out.material.intermediates_der, list_of(in, "intermediates", from_base64));
  CERTRELAY_TRY(out.material.crls_der, list_of(in, "crls", from_base64));
  CERTRELAY_TRY(out.material.ocsp_der, list_of(in, "ocsp", from_base64));
  CERTRELAY_TRY(out.certificate, optional_bytes(in, "certificate"));
  CERTRELAY_TRY(out.public_key, optional_bytes(in, "public_key"));
  CERTRELAY_TRY(out.signed_message, read_signed_message(in));
  CERTRELAY_TRY(in.expect_no_more());
  if (out.certificate.has_value() == out.public_key.has_value()) {
    return Error{ErrorCode::kMissingMember, "certificate or public_key"};
  }
  if (out.certificate && !out.now) return Error{ErrorCode::kMissingMember, "now"};
  if (out.public_key && !out.signed_message) {
    return Error{ErrorCode::kMissingMember, "message, signature and algorithm"};
  }
  return out;
}

Result<void> check_signature(const CardCase& one, ByteView spki) {
  if (!one.signed_message) return ok();  // the certificate alone is asked about
  const auto algorithm = parse_card_algorithm(one.signed_message->algorithm);
  if (!algorithm) return Error{ErrorCode::kCardAlgorithmMismatch, "algorithm"};
  return check_payload_signature(spki, algorithm.value(), one.signed_message->message,
                                 one.signed_message->signature, one.rules.keys);
}

// The steps of CardVerifier::verify over material that comes with the case.
Result<void> judge(const CardCase& one) {
  if (one.public_key) return check_signature(one, *one.public_key);
  if (!one.certificate || !one.now) return Error{ErrorCode::kInternal, "case"};
  CERTRELAY_TRY(const auto store, TrustStore::load(one.material, one.rules));
  CERTRELAY_TRY(const auto leaf, parse_certificate(*one.certificate));
  CERTRELAY_TRY(CardPublicKey::from_spki(leaf.spki, one.rules.keys));
  CERTRELAY_TRY(validate_path(store, leaf, one.rules, *one.now));
  if (one.also_at) {
    CERTRELAY_TRY(validate_path(store, leaf, one.rules, *one.also_at));
  }
  return check_signature(one, leaf.spki);
}

// `id` first: it is repeated even when the rest of the line is no case.
Result<CardCase> read_line(std::string_view line, std::size_t bytes_max, json::value& document,
                           json::value& id) {
  const JsonLimits limits{.bytes_max = bytes_max, .depth_max = kLineDepthMax};
  CERTRELAY_TRY(document, parse_strict_json(line, limits));
  CERTRELAY_TRY(auto in, JsonObject::from(document));
  const auto* given_id = in.optional("id");
  if (given_id == nullptr || !(given_id->is_string() || given_id->is_int64())) {
    return Error{ErrorCode::kMissingMember, "id"};
  }
  id = *given_id;
  return read_case(in);
}

}  // namespace

CardVerdict judge_card_line(std::string_view line, std::size_t bytes_max) {
  const std::clock_t begin = std::clock();
  json::value document;
  json::value id;
  CardVerdict verdict;
  json::string reason = "ok";
  const auto one = read_line(line, bytes_max, document, id);
  if (!one) {
    reason = "bad_input: ";
    reason += one.error().where;
  } else {
    verdict.understood = true;
    const auto judged = judge(one.value());
    verdict.accepted = judged.has_value();
    if (!judged) reason = reason_text(judged.error().code);
  }
  const double ms =
      static_cast<double>(std::clock() - begin) * 1000.0 / static_cast<double>(CLOCKS_PER_SEC);
  char ms_text[32];
  static_cast<void>(std::snprintf(ms_text, sizeof ms_text, "%.3f", ms));
  verdict.line = "{\"id\":" + json::serialize(id) + ",\"result\":\"" +
                 (verdict.accepted ? "accept" : "reject") +
                 "\",\"reason\":" + json::serialize(reason) + ",\"ms\":" + ms_text + "}";
  return verdict;
}

}  // namespace certrelay
