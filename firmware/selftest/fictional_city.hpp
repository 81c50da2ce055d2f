// The self-test's own people: a root, cards and households that exist in memory for as long as the
// test runs, and nowhere else.
#pragma once

#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/ports/register_port.hpp"

namespace certrelay {

struct FictionalCard {
  Bytes certificate;  // DER
  PkiKey key;
  CardAlgorithm algorithm;
};

struct FictionalHousehold {
  HouseholdView view;     // head first; every name and address is this household's alone
  FictionalCard card;     // the head's
  CardKey card_key;       // as the register links it
  std::string name_mark;  // occurs in each of its members' names and in nobody else's
};

struct FictionalCity {
  std::vector<FictionalHousehold> households;
  Catalogue catalogue;  // every kind that was asked for, one purpose, one price
  std::unique_ptr<CardVerifier> cards;

  // `households`: an even number from 4 to kFictionalHouseholdsMax (CHECK), of one to five members;
  // every second one's card is elliptic and has a key of its own, the others share an RSA key. Two
  // RSA keys take a tenth of a second. All is valid around `now`. Errors: kInternal.
  static Result<FictionalCity> found(std::size_t households,
                                     const std::vector<CertificateKind>& kinds, UtcTime now);
};
inline constexpr std::size_t kFictionalHouseholdsMax = 999;

}  // namespace certrelay
