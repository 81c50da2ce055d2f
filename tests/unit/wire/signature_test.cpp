#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/content_digest.hpp"
#include "tests/unit/wire/examples.hpp"

namespace certrelay::examples {
namespace {

const SignatureParameters kParameters{1795482060, "zr_MWruCtzuj53Lm3QfFKw"};

TEST(ContentDigest, OnlyOneSpellingPasses) {
  const auto good = format_content_digest(sha256("x"));
  EXPECT_EQ(parse_content_digest(good).value(), sha256("x"));
  const auto base64 = to_base64(sha256("x"));
  for (const auto& bad :
       {std::string(), std::string("sha-256=:"), std::string("sha-256=::"), "sha-256=" + base64,
        "SHA-256=:" + base64 + ":", "sha-512=:" + base64 + ":", good + ", " + good, good + ";q=1",
        " " + good, good + " ", "sha-256=:" + base64.substr(0, 43) + ":",
        "sha-256=:" + to_base64(Bytes(31)) + ":", "sha-256=:" + to_base64(Bytes(33)) + ":"}) {
    EXPECT_FALSE(parse_content_digest(bad).has_value()) << bad;
  }
}

TEST(ContentDigest, IsThereOnceAndTrue) {
  const Bytes body{'x'};
  const HttpHeader good{"content-digest", format_content_digest(sha256("x"))};
  EXPECT_EQ(check_content_digest({good}, body).value(), sha256("x"));
  EXPECT_EQ(check_content_digest({}, body).error().code, ErrorCode::kDigestMissing);
  EXPECT_EQ(check_content_digest({good, good}, body).error().code, ErrorCode::kDigestMissing);
  EXPECT_EQ(check_content_digest({good}, Bytes{'y'}).error().code, ErrorCode::kDigestMismatch);
}

TEST(SignatureForm, FollowsFromCallAndStatusAlone) {
  const auto issuance = RequestParts::of(issuance_http_request());
  const auto event = RequestParts::of(event_request());
  EXPECT_EQ(answer_form(issuance, 200), AnswerForm::kDocument);
  EXPECT_EQ(answer_form(issuance, 409), AnswerForm::kBody);
  EXPECT_EQ(answer_form(event, 204), AnswerForm::kEmpty);
  EXPECT_EQ(answer_form(event, 200), AnswerForm::kBody);
  EXPECT_EQ(answer_form({HttpMethod::kGet, "/v1/service", {}}, 304), AnswerForm::kEmpty);
}

TEST(SignatureInput, EachFormAcceptsItsOwnAlone) {
  const auto forms = {AnswerForm::kEmpty, AnswerForm::kBody, AnswerForm::kDocument};
  for (const auto made : forms) {
    for (const bool made_body : {false, true}) {
      const auto value = format_signature_input(made, made_body, kParameters);
      for (const auto demanded : forms) {
        for (const bool demanded_body : {false, true}) {
          const auto parsed = parse_signature_input(value, demanded, demanded_body);
          ASSERT_EQ(parsed.has_value(), made == demanded && made_body == demanded_body);
          if (parsed) {
            EXPECT_EQ(parsed.value(), kParameters);
          }
        }
      }
    }
  }
}

TEST(SignatureInput, NoOtherSpellingPasses) {
  const auto good = format_signature_input(AnswerForm::kBody, true, kParameters);
  const auto passes = [&](std::string_view from, std::string_view to) {
    auto text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return parse_signature_input(text, AnswerForm::kBody, true).has_value();
  };
  EXPECT_TRUE(passes("1795482060", "1795482061"));
  EXPECT_FALSE(passes("created=1795482060", "created=01795482060"));
  EXPECT_FALSE(passes("created=1795482060", "created=-1"));
  EXPECT_FALSE(passes("created=1795482060", "created=99999999999999999999"));
  EXPECT_FALSE(passes("created=1795482060", "created=1795482060;expires=1"));
  EXPECT_FALSE(passes("ecdsa-p256-sha256", "hmac-sha256"));
  EXPECT_FALSE(passes(";tag=\"certrelay-answer\"", ""));
  EXPECT_FALSE(passes("\"@status\" ", ""));
  EXPECT_FALSE(passes("\"@path\";req", "\"@path\""));
  EXPECT_FALSE(passes("\"@status\" \"content-digest\"", "\"content-digest\" \"@status\""));
  EXPECT_FALSE(passes("certrelay=", "sig1="));
  EXPECT_FALSE(passes("zr_MWruCtzuj53Lm3QfFKw", "zr_MWruCtzuj53Lm3QfFK"));
  EXPECT_FALSE(passes("zr_MWruCtzuj53Lm3QfFKw", "zr_MWruCtzuj53Lm3QfFK\""));
  EXPECT_FALSE(parse_signature_input("", AnswerForm::kBody, true).has_value());
  EXPECT_FALSE(parse_signature_input(";keyid=\");created=", AnswerForm::kBody, true).has_value());
}

TEST(SignatureBase, EveryCoveredPartIsThereAndNoHeaderCanForgeALine) {
  auto answer = document_answer();
  const auto parts = RequestParts::of(issuance_http_request());
  EXPECT_EQ(signature_base(answer, parts, kParameters).error().code, ErrorCode::kCoverageDiffers);
  answer.headers.push_back({"content-digest", format_content_digest(sha256(answer.body))});
  ASSERT_TRUE(signature_base(answer, parts, kParameters).has_value());
  for (std::size_t i = 0; i < answer.headers.size(); ++i) {
    auto without = answer;
    without.headers.erase(without.headers.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(signature_base(without, parts, kParameters).has_value()) << i;
    auto twice = answer;
    twice.headers.push_back(answer.headers[i]);
    EXPECT_FALSE(signature_base(twice, parts, kParameters).has_value()) << i;
    auto forged = answer;
    forged.headers[i].value += "\n\"@method\";req: POST";
    EXPECT_FALSE(signature_base(forged, parts, kParameters).has_value()) << i;
  }
}

TEST(SignatureBase, EmptyAnswerCoversStatusAndRequestOnly) {
  const auto parts = RequestParts::of(event_request());
  const auto base = signature_base({204, {}, {}}, parts, kParameters).value();
  EXPECT_EQ(base, "\"@status\": 204\n\"@method\";req: POST\n\"@path\";req: " + parts.path +
                      "\n\"content-digest\";req: " + format_content_digest(*parts.body_digest) +
                      "\n\"@signature-params\": (\"@status\" \"@method\";req \"@path\";req "
                      "\"content-digest\";req);created=1795482060;keyid=\"zr_MWruCtzuj53Lm3QfFKw\";"
                      "alg=\"ecdsa-p256-sha256\";tag=\"certrelay-answer\"");
  EXPECT_FALSE(signature_base({204, {}, {1}}, parts, kParameters).has_value());
}

TEST(SignatureBase, RequestWithoutABodyLeavesItsDigestOut) {
  const RequestParts parts{HttpMethod::kGet, "/v1/service", {}};
  const auto base = signature_base({304, {}, {}}, parts, kParameters).value();
  EXPECT_EQ(base.find("content-digest"), std::string::npos);
}

TEST(Signature, OnlySixtyFourBytesInOneSpellingPass) {
  const auto good = format_signature(counting<64>(0));
  EXPECT_EQ(parse_signature(good).value(), counting<64>(0));
  const auto of_size = [](std::size_t n) { return "certrelay=:" + to_base64(Bytes(n)) + ":"; };
  EXPECT_TRUE(parse_signature(of_size(64)).has_value());
  for (const auto& bad : {of_size(63), of_size(65), of_size(0), good + " ", good.substr(1),
                          std::string("certrelay=:"), std::string()}) {
    EXPECT_FALSE(parse_signature(bad).has_value()) << bad;
  }
}

TEST(CardPayload, EveryCutAdditionAndChangeOfFormIsRefused) {
  auto bytes = card_payload_bytes(card_payload());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(parse_card_payload(ByteView(bytes).first(size)).has_value()) << size;
  }
  for (const std::size_t at : {0U, 27U, 33U, 40U, 50U, 62U}) {
    auto changed = bytes;
    changed[at] ^= 0xf0;
    EXPECT_FALSE(parse_card_payload(changed).has_value()) << at;
  }
  bytes.push_back(0);
  EXPECT_EQ(parse_card_payload(bytes).error().code, ErrorCode::kTrailingBytes);
}

TEST(CardPayload, EachValueChangesTheBytes) {  // INV-3: bound to this transaction and no other
  const auto base = card_payload_bytes(card_payload());
  const auto with = [](auto change) {
    auto payload = card_payload();
    change(payload);
    return card_payload_bytes(payload);
  };
  const auto other_id = TransactionId::parse("6ba7b810-9dad-41d1-80b4-00c04fd430c8").value();
  EXPECT_NE(base, with([&](CardPayload& p) { p.transaction = other_id; }));
  EXPECT_NE(base, with([](CardPayload& p) { p.kiosk = KioskId::parse("KIOSK-0002").value(); }));
  EXPECT_NE(base, with([](CardPayload& p) { p.kind = CertificateKind::kKisaiJiko; }));
  EXPECT_NE(base, with([](CardPayload& p) { p.expires_at += std::chrono::milliseconds{1}; }));
  EXPECT_NE(base, with([](CardPayload& p) { p.peer = PeerName::parse("center2").value(); }));
  EXPECT_NE(base, with([](CardPayload& p) { p.challenge[31] ^= 1; }));
}

TEST(Statement, OnlyOneSpellingPasses) {
  const auto good = from_format_md("statement header");
  const auto passes = [&](std::string_view from, std::string_view to) {
    auto text = good;
    text.replace(text.find(from), from.size(), to);
    return parse_statement(text).has_value();
  };
  EXPECT_TRUE(passes("generation=3", "generation=999999999999999"));
  EXPECT_FALSE(passes("generation=3", "generation=1000000000000000"));
  EXPECT_FALSE(passes("generation=3", "generation=03"));
  EXPECT_FALSE(passes("generation=3", "generation=-3"));
  EXPECT_FALSE(passes("generation=3", "generation="));
  EXPECT_FALSE(passes("generation=3, sequence", "generation=3,sequence"));
  EXPECT_FALSE(passes("sequence=1207, ", ""));
  EXPECT_FALSE(passes("signature=:", "signature=:A"));
  EXPECT_FALSE(parse_statement(good + ";x").has_value());
  EXPECT_EQ(statement_of({}).error().code, ErrorCode::kStatementMissing);
  EXPECT_TRUE(statement_of({{"certrelay-statement", good}}).has_value());
}

TEST(Statement, KindsHaveLabelsOfTheirOwn) {
  std::vector<Bytes> seen;
  for (const auto kind :
       {StatementKind::kManifest, StatementKind::kActivate, StatementKind::kChange,
        StatementKind::kHeartbeat, StatementKind::kReconciliation}) {
    const auto bytes = statement_bytes(kind, kCity, statement(), sha256("{}"));
    EXPECT_EQ(std::ranges::count(seen, bytes), 0);
    seen.push_back(bytes);
    const auto label = "certrelay " + std::string(to_text(kind)) + " v1";
    EXPECT_EQ(as_text(ByteView(bytes).first(label.size())), label);
  }
}

}  // namespace
}  // namespace certrelay::examples
