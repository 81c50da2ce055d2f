// Goal: what certrelay.toml says is what is read, with its defaults; see config_mistakes_test.cpp.
#include <cstdlib>

#include "tests/unit/daemon/config_world.hpp"

namespace certrelay {
namespace {

class ConfigTest : public testing::ConfigWorld {};

TEST_F(ConfigTest, PathsAreRelativeToTheFilesFolder) {
  const auto config = load();
  EXPECT_EQ(config.state_dir, folder_ / "state");
  EXPECT_EQ(config.listeners[0].tls->certificate, folder_ / "pki/center.pem");
  EXPECT_EQ(config.listeners[0].tls->key, "/elsewhere/center.key");
  EXPECT_EQ(config.keys.password, "himitsu");
  EXPECT_EQ(config.keys.registry_answer_key, config.keys.answer_key);
}

TEST_F(ConfigTest, OcspIsOffUnlessItIsConfiguredAndThenClosedByDefault) {  // R15
  EXPECT_FALSE(load().ocsp.has_value());
  EXPECT_FALSE(load().card.crl_age_max.has_value());
  const auto with = [](std::string_view more) {
    return "[ocsp]\nresponders = [\"http://ocsp.example:8080/q\"]\n" + std::string(more) +
           "[limits]";
  };
  const auto config = load("[limits]", with(""));
  ASSERT_TRUE(config.ocsp.has_value());
  EXPECT_TRUE(config.ocsp->refuse_unknown);
  EXPECT_EQ(config.ocsp->timeout, std::chrono::milliseconds(3000));
  EXPECT_EQ(config.ocsp->socket, folder_ / "run/fetch.sock");
  EXPECT_EQ(config.ocsp->responders.at(0).authority(), "ocsp.example:8080");
  EXPECT_EQ(config.ocsp->responders.at(0).target, "/q");
  EXPECT_NE(refusal("[limits]", with("timeout_ms = 8001\n")).find("ocsp.timeout_ms"),
            std::string::npos);
  EXPECT_NE(refusal("[limits]", with("refuse_unknwon = false\n")).find("no known key"),
            std::string::npos);
  for (const auto* url : {"https://a/", "http://", "http://a:0/", "http://a:65536/", "http://a b/",
                          "http://u@a/", "a"}) {
    EXPECT_FALSE(HttpAddress::parse(url).has_value()) << url;
  }
  EXPECT_EQ(HttpAddress::parse("http://a:65535").value().target, "/");
}

TEST_F(ConfigTest, AListsGreatestAgeIsConfiguration) {  // R15
  constexpr std::string_view kLists = "crls = [\"card.crl\"]";
  const auto with = [&](std::string_view limit) {
    return std::string(kLists) + "\ncrl_age_max_hours = " + std::string(limit);
  };
  EXPECT_EQ(load(kLists, with("48")).card.crl_age_max, std::chrono::hours(48));
  EXPECT_NE(refusal(kLists, with("0")).find("card.crl_age_max_hours"), std::string::npos);
}

constexpr std::string_view kPolicies = "policies = [\"1.2.392.200149.8.5.1.3.30\"]";

// Two generations, the first of which says `more` as well.
std::string generations(std::string_view more = "") {
  return "[card.authentication.current]\n" + std::string(kPolicies) +
         "\nalgorithms = [\"rsa-pkcs1-sha256\"]\n" + std::string(more) +
         "\n[card.authentication.next]\npolicies = [\"1.2.392.200149.8.5.1.3.31\"]\n"
         "algorithms = [\"ecdsa-p384-sha384\"]\n";
}

TEST_F(ConfigTest, PoliciesAloneAreEveryAlgorithmOfToday) {
  const auto& purposes = load().card.purposes;
  ASSERT_EQ(purposes.authentication.size(), 1U);
  EXPECT_EQ(purposes.authentication[0].policies.size(), 1U);
  EXPECT_EQ(purposes.authentication[0].algorithms.size(), 2U);
  EXPECT_EQ(purposes.authentication[0].rsa_exponent_max, std::uint64_t{1} << 32);
  ASSERT_EQ(purposes.signing.size(), 1U);
  EXPECT_EQ(purposes.signing[0].policies.at(0), kSigningCardPolicy);
}

TEST_F(ConfigTest, CardsAreChosenPerPurposeAndGeneration) {
  const auto config = load(kPolicies, generations("rsa_exponent_max = 65537") +
                                          "[card.signing.current]\n"
                                          "policies = [\"1.2.392.200149.8.5.1.1.10\"]\n"
                                          "roots = [\"signing-root.pem\"]\n");
  const auto& purposes = config.card.purposes;
  ASSERT_EQ(purposes.authentication.size(), 2U);
  EXPECT_EQ(purposes.authentication[0].rsa_exponent_max, 65537U);
  EXPECT_EQ(purposes.authentication[0].algorithms.at(0), CardAlgorithm::kRsaPkcs1Sha256);
  EXPECT_EQ(purposes.authentication[1].policies.at(0), "1.2.392.200149.8.5.1.3.31");
  EXPECT_EQ(purposes.authentication[1].algorithms.at(0), CardAlgorithm::kEcdsaP384Sha384);
  EXPECT_EQ(config.card.signing_roots.at(0), folder_ / "signing-root.pem");
}

TEST_F(ConfigTest, ABadChoiceOfCardsIsRefusedByItsKeyAndSaysHowToMendIt) {
  struct Bad {
    std::string card;  // instead of the policies
    std::string_view key, mend;
  };
  const std::string signing = "[card.signing.current]\npolicies = [\"1.2.3\"]\n";
  const auto with_algorithms = [](std::string_view list) {
    return "[card.authentication.a]\nalgorithms = [" + std::string(list) + "]\n";
  };
  const std::vector<Bad> all{
      {"", "card.policies", "one of the two"},
      {std::string(kPolicies) + "\n" + generations(), "card.policies", "one of the two"},
      {"policies = []", "card.policies", "at least 1"},
      {"policies = [\"1.2.x\"]", "card.policies", "dotted form"},
      {"policies = [\"2.5.29.32.0\"]", "card.policies", "accepts every certificate"},
      {"policies = [\"1.2.392.200149.8.5.1.1.10\"]", "card.policies", "signing"},
      {"policies = [\"1.2.3\"]\n" + signing, "card.policies", "signing"},
      {"[card.authentication]\n", "card.authentication.current", "each generation"},
      {"[card.authentication.Next]\n", "card.authentication.Next", "a-z"},
      {with_algorithms(""), "card.authentication.a.algorithms", "at least 1"},
      {with_algorithms("\"rsa-pkcs1-sha1\""), "card.authentication.a.algorithms",
       "rsa-pkcs1-sha256"},
      {with_algorithms("\"rsa-pss-sha256\""), "card.authentication.a.algorithms",
       "ecdsa-p384-sha384"},
      {with_algorithms("\"ecdsa-p256-sha256\""), "card.authentication.a.algorithms",
       "nothing else"},
      {with_algorithms("\"ecdsa-p384-sha384\", \"ecdsa-p384-sha384\""),
       "card.authentication.a.algorithms", "each once"},
      {generations("rsa_exponent_max = 65536"), "card.authentication.current.rsa_exponent_max",
       "65537"},
      {generations("rsa_exponent_max = 4294967297"), "card.authentication.current.rsa_exponent_max",
       "4294967296"},
      {generations("rsa_bits = 1024"), "card.authentication.current.rsa_bits", "no known key"},
      {generations() + "rsa_exponent_max = 65537\n", "card.authentication.next.rsa_exponent_max",
       "no RSA"},
      {generations() + "[card.signing]\n", "card.signing.current", "each generation"},
      {generations() + "[card.signing.a]\nalgorithms = []\n", "card.signing.a.algorithms",
       "no known key"},
      {generations() + "[card.signing.a]\npolicies = [\"1\"]\n", "card.signing.a.policies",
       "dotted form"},
  };
  for (const auto& bad : all) {
    const auto said = refusal(kPolicies, bad.card);
    EXPECT_NE(said.find(": " + std::string(bad.key)), std::string::npos) << bad.card << said;
    EXPECT_NE(said.find(bad.mend), std::string::npos) << bad.card << said;
  }
}

TEST_F(ConfigTest, OuterKeyIsAFileACredentialOrATokenAndOneOfThem) {  // R33
  constexpr std::string_view kFile = "outer_key = \"keys/outer.key\"";
  EXPECT_EQ(load().keys.outer_key, folder_ / "keys/outer.key");
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/certrelay", 1);
  EXPECT_EQ(load(kFile, "outer_credential = \"outer\"").keys.outer_credential,
            "/run/credentials/certrelay/outer");
  EXPECT_NE(refusal(kFile, "outer_credential = \"../outer\"").find("not a path"),
            std::string::npos);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_NE(refusal(kFile, "outer_credential = \"outer\"").find("LoadCredentialEncrypted"),
            std::string::npos);
  const auto token = load(kFile,
                          "outer_token = { module = \"/usr/lib/p11.so\", token = \"mihon\", "
                          "pin_file = \"password\" }");
  ASSERT_TRUE(token.keys.outer_token.has_value());
  EXPECT_EQ(token.keys.outer_token->pin, "himitsu");
  EXPECT_TRUE(token.keys.outer_key.empty());
  EXPECT_NE(refusal(kFile, "").find("exactly one"), std::string::npos);
  EXPECT_NE(refusal(kFile, "outer_key = \"a\"\nouter_credential = \"b\"").find("exactly one"),
            std::string::npos);
}

TEST_F(ConfigTest, ACredentialIsNamedInsteadOfAPath) {
  constexpr std::string_view kFile = "key = \"/elsewhere/center.key\"";
  const auto key = [](const char* name) {
    return "key = \"credential:" + std::string(name) + "\"";
  };
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/certrelay", 1);
  EXPECT_EQ(load(kFile, key("center-key")).listeners[0].tls->key,
            "/run/credentials/certrelay/center-key");
  for (const auto* name : {"", "../center-key", "a/b"}) {
    EXPECT_NE(refusal(kFile, key(name)).find("is not there"), std::string::npos) << name;
  }
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_NE(refusal(kFile, key("center-key")).find("LoadCredentialEncrypted"), std::string::npos);
}

TEST_F(ConfigTest, OnlyADemonstrationMayLieOnAnyFileSystem) {  // R21
  constexpr std::string_view kRegister = "extract_age_max_hours = 26";
  EXPECT_FALSE(load().reg.any_file_system);
  EXPECT_NE(refusal(kRegister, "any_file_system = true").find("only a demonstration"),
            std::string::npos);
}

TEST_F(ConfigTest, GuardRailsHaveDefaultsAndAreRead) {
  EXPECT_EQ(load().reg.rails.deleted_persons_percent_max, 2U);
  EXPECT_EQ(load().reg.rails.deleted_cards_percent_max, 5U);
  EXPECT_EQ(load().reg.rails.shrink_percent_max, 10U);
  const auto config = load("extract_age_max_hours = 26",
                           "deleted_persons_percent_max = 0\ndeleted_cards_percent_max = 100\n"
                           "shrink_percent_max = 33");
  EXPECT_EQ(config.reg.rails.deleted_persons_percent_max, 0U);
  EXPECT_EQ(config.reg.rails.deleted_cards_percent_max, 100U);
  EXPECT_EQ(config.reg.rails.shrink_percent_max, 33U);
}

TEST_F(ConfigTest, WhoIsDueIsLookedForEachMinuteOrMoreOften) {
  using std::chrono::seconds;
  const auto look = [&](const char* value) {
    return std::string("erasure_look_seconds = ") + value;
  };
  EXPECT_EQ(load().reg.erasure_look, seconds(60));
  EXPECT_EQ(load("extract_age_max_hours = 26", look("1")).reg.erasure_look, seconds(1));
  EXPECT_EQ(load("extract_age_max_hours = 26", look("60")).reg.erasure_look, seconds(60));
  for (const auto* past : {"0", "61"}) {
    EXPECT_NE(refusal("extract_age_max_hours = 26", look(past)).find("write 1 to 60"),
              std::string::npos);
  }
}

TEST_F(ConfigTest, AKindPrintsOnTheFormThatIsNamed) {  // R12
  constexpr std::string_view kRegister = "[register]\n";
  EXPECT_TRUE(load().render.forms.empty());  // each kind on its usual form
  const auto config =
      load(kRegister,
           "[render.forms]\njuminhyo = { form = \"individual\", template = \"f.toml\" }\n"
           "kisai_jiko = { readback = \"r.toml\" }\n[register]\n");
  const auto& copy = config.render.forms.at(CertificateKind::kJuminhyo);
  EXPECT_EQ(copy.form, "individual");
  EXPECT_EQ(copy.template_file, folder_ / "f.toml");
  EXPECT_EQ(copy.readback_file, "");
  const auto& record = config.render.forms.at(CertificateKind::kKisaiJiko);
  EXPECT_EQ(record.form, "record");
  EXPECT_EQ(record.readback_file, folder_ / "r.toml");
  EXPECT_NE(refusal(kRegister, "[render.forms]\njuminhyo = { form = \"big\" }\n[register]\n")
                .find("write household, individual or record"),
            std::string::npos);
  EXPECT_NE(refusal(kRegister, "[render.forms]\nkoseki = { form = \"record\" }\n[register]\n")
                .find("no kind of certificate"),
            std::string::npos);
}

TEST_F(ConfigTest, ListenersAreReadWithEitherKindOfAddress) {
  const auto config = load();
  ASSERT_EQ(config.listeners.size(), 3U);
  EXPECT_EQ(config.listeners[0].port, 8443);
  EXPECT_EQ(config.listeners[1].host, "::1");
  EXPECT_EQ(config.listeners[1].port, 0);
  EXPECT_FALSE(config.listeners[2].tls.has_value());
}

TEST_F(ConfigTest, TheOperatorsListenerIsThereWhenItIsNamed) {  // R28, R13
  EXPECT_FALSE(listens(load(), Role::kAdmin));
  EXPECT_EQ(load().operators.active_max, 9U);
  EXPECT_EQ(load().keys.admin_answer_key, load().keys.answer_key);
  const auto config = load("monitoring = \"127.0.0.1:9100\"\n", R"(monitoring = "127.0.0.1:9100"
admin = "127.0.0.1:9443"
[tls.admin]
certificate = "pki/admin.pem"
key = "pki/admin.key"
client_ca = "pki/admin-ca.pem"
[[terminal]]
name = "terminal-1"
san = "DNS:t1.example"
[operators]
enrolments = ["operators/mihon.json"]
active_max = 5
)");
  EXPECT_TRUE(listens(config, Role::kAdmin));
  ASSERT_EQ(config.terminals.size(), 1U);
  EXPECT_EQ(config.terminals[0].san, "DNS:t1.example");
  EXPECT_EQ(config.operators.enrolments, std::vector{folder_ / "operators/mihon.json"});
  EXPECT_EQ(config.operators.active_max, 5U);
}

TEST_F(ConfigTest, NothingIsAddedToADocumentUnlessItIsConfigured) {
  EXPECT_FALSE(load().documents.has_value());
  const auto with = [](const std::string& more) {
    return "[documents]\ncertificate = \"mayor.pem\"\n" + more + "[limits]";
  };
  const auto file = load("[limits]", with("key = \"mayor.key\"\nprinted_seal = true\n")).documents;
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->certificate, folder_ / "mayor.pem");
  EXPECT_EQ(file->key, folder_ / "mayor.key");
  EXPECT_TRUE(file->printed_seal);
  EXPECT_FALSE(file->signature);
  const std::string token =
      "token = { module = \"p11.so\", token = \"t\", pin_file = \"password\", label = \"doc\" }\n";
  const auto held = load("[limits]", with(token + "signature = true\n")).documents;
  ASSERT_TRUE(held && held->token);
  EXPECT_EQ(held->label, "doc");
  EXPECT_EQ(held->token->pin, "himitsu");
  EXPECT_NE(refusal("[limits]", with("signature = true\n")).find("exactly one"), std::string::npos);
  EXPECT_NE(refusal("[limits]", with("key = \"k\"\n" + token)).find("exactly one"),
            std::string::npos);
  EXPECT_NE(refusal("[limits]", with("key = \"k\"\n")).find("switch on"), std::string::npos);
}

TEST_F(ConfigTest, EightFontsAreTakenAndNotNine) {
  const auto fonts = [](int count) {
    std::string out = "fonts = [";
    for (int i = 0; i < count; ++i) {
      out += "{ path = \"f" + std::to_string(i) + ".ttf\", sha256 = \"" + std::string(64, 'a') +
             "\" },";
    }
    return out;
  };
  EXPECT_EQ(load("fonts = [", fonts(7)).render.fonts.size(), 8U);
  EXPECT_NE(refusal("fonts = [", fonts(8)).find("1 to 8"), std::string::npos);
}

}  // namespace
}  // namespace certrelay
