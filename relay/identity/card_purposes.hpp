// What a site may choose for its cards: per purpose and generation, policies and algorithms of a
// closed list. Checked as a whole, before anything is verified with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ids/values.hpp"
#include "relay/identity/path_rules.hpp"

namespace certrelay {

inline constexpr std::string_view kDefaultCardPolicy = "1.2.392.200149.8.5.1.3.30";
inline constexpr std::string_view kSigningCardPolicy = "1.2.392.200149.8.5.1.1.10";
inline constexpr std::size_t kCardGenerationsMax = 8;  // of each purpose
inline constexpr std::size_t kCardPoliciesMax = 32;    // of a generation

// Cards that are accepted (利用者証明用電子証明書). The defaults are every card of today.
struct GenerationChoice {
  std::vector<std::string> policies{std::string(kDefaultCardPolicy)};  // dotted
  std::vector<CardAlgorithm> algorithms{CardAlgorithm::kRsaPkcs1Sha256,
                                        CardAlgorithm::kEcdsaP384Sha384};
  std::uint64_t rsa_exponent_max = kRsaExponentMax;  // from kRsaExponentMin
};

// Cards of the other purpose (署名用電子証明書): known, so that they are refused by name; never
// accepted, whatever is written here.
struct SigningChoice {
  std::vector<std::string> policies{std::string(kSigningCardPolicy)};
};

struct PurposeChoices {
  std::vector<GenerationChoice> authentication{GenerationChoice{}};
  std::vector<SigningChoice> signing{SigningChoice{}};
  std::vector<Bytes> signing_roots{};  // DER or PEM files; JPKI's own name is known without
};

// What is wrong with a choice, and in which place: an index into its purpose's list.
struct ChoiceFault {
  bool signing = false;
  std::size_t index = 0;
  std::string_view key;   // "policies", "algorithms", "rsa_exponent_max"; empty: the list
  std::string_view mend;  // what to write instead
};

// The first fault, of whatever order they were written in. anyPolicy is no policy of cards; a
// policy belongs to one purpose; an exponent bound needs RSA. Roots are not looked at.
std::optional<ChoiceFault> fault_of(const PurposeChoices& choices);

// The rules of the card's profile with those choices. Errors: kMalformed (fault_of() says where),
// kTrustAnchorInvalid (a signing root that is no certificate).
Result<PathRules> rules_of(const PurposeChoices& choices);

// The issuer of signing certificates, as name_key()s of its Name in both usual string types.
std::vector<std::string> jpki_signing_issuers();

}  // namespace certrelay
