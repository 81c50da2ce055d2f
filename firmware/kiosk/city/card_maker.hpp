// The card's authority, the softcards under it, and its revocation list.
#pragma once

#include "firmware/kiosk/city/city_folder.hpp"
#include "firmware/kiosk/city/kiosk_site.hpp"
#include "firmware/kiosk/city/source_tables.hpp"

namespace certrelay {

struct MadeCards {
  std::vector<CastMember> cast;  // as `cards`
  Bytes issuer_der;              // the root's Name, for the extract's manifest
};

// pki/card-root.pem and .key, pki/card.crl and cards/<role>.json, each card with an RSA key of its
// own (card_keys.hpp). The list has `replaced` entries beyond the cards': none is of the city.
// Errors: the file system's, kInternal.
Result<MadeCards> write_cards(CityFolder& folder, const std::vector<IssuedCard>& cards,
                              int replaced, JstDay today);

}  // namespace certrelay
