// Small values that several rooms share and that are not texts.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Which register an answer came from (INV-5): the extract's generation and the last change applied.
struct RegisterVersion {
  std::uint64_t generation = 0;
  std::uint64_t sequence = 0;
  // Orders, within one process, what the source system does not number (a hold); never written
  // down and no part of what a version is.
  std::uint64_t edition = 0;
  friend constexpr bool operator==(const RegisterVersion& a, const RegisterVersion& b) {
    return a.generation == b.generation && a.sequence == b.sequence;
  }
  friend constexpr std::strong_ordering operator<=>(const RegisterVersion& a,
                                                    const RegisterVersion& b) {
    const auto order = a.generation <=> b.generation;
    return order != 0 ? order : a.sequence <=> b.sequence;
  }
};

// A member's handle in one inquiry: 16 random bytes, meaningless anywhere else (item 7).
using MemberHandle = std::array<std::uint8_t, 16>;

// A person's pseudonym in the ledger: keyed by the person's own key, unlinkable once that is gone.
using SubjectPseudonym = std::array<std::uint8_t, 16>;

// What identifies a card's certificate: never the serial alone (card-verification.md).
struct CardKey {
  Bytes issuer_der;  // the issuer's Name, DER
  Bytes serial;      // the INTEGER's content octets, as in the certificate
  friend bool operator==(const CardKey&, const CardKey&) = default;
};

// Kinds of certificate; the numbers are signed by the card (protocol.md).
// NOLINTNEXTLINE(performance-enum-size): a u16 in the signed bytes
enum class CertificateKind : std::uint16_t { kJuminhyo = 1, kKisaiJiko = 2 };
std::string_view to_text(CertificateKind kind);
Result<CertificateKind> parse_certificate_kind(std::string_view text);

// How the card signed; nothing else exists (card-verification.md).
enum class CardAlgorithm : std::uint8_t { kRsaPkcs1Sha256 = 1, kEcdsaP384Sha384 = 2 };
std::string_view to_text(CardAlgorithm algorithm);
Result<CardAlgorithm> parse_card_algorithm(std::string_view text);

// 徴収単位 (item 21)
enum class FeeUnit : std::uint8_t { kPerCopy = 1, kPerSheet = 2 };
std::string_view to_text(FeeUnit unit);
Result<FeeUnit> parse_fee_unit(std::string_view text);

// 漢字氏名イメージ (item 11): a 1-bit PNG, 48 px high.
inline constexpr std::size_t kNameImageBytesMax = 8192;

// The listeners: each its own process, certificate authority and column of the verb table.
enum class Role : std::uint8_t { kCenter = 1, kRegistry = 2, kAdmin = 3, kMonitoring = 4 };
std::string_view to_text(Role role);
Result<Role> parse_role(std::string_view text);

}  // namespace certrelay
