// The words that the fictional city's people and places are made of.
#pragma once

#include <string>
#include <string_view>

#include "firmware/kiosk/city/random.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// A name and its reading in full-width katakana.
struct NamePart {
  std::string_view text;
  std::string_view kana;
};

// One in eight is a name that breaks 16-bit or normalising software: 𠮷, 髙, 﨑, 渡邉, a variation
// sequence, 々, ヶ.
NamePart random_surname(CityRandom& random);
// A given name of the generation that was born in that year.
NamePart random_given_name(CityRandom& random, Sex sex, int birth_year);

// A foreign resident's name as the residence card has it (Latin, or kanji), without furigana.
struct ForeignIdentity {
  std::string name;
  std::string_view nationality;
};
ForeignIdentity random_foreign_identity(CityRandom& random, Sex sex);

// "高知県土佐みなと市白波町二丁目４番１１号　見本ハイツ２０３号": this city, full-width digits;
// every dwelling carries 見本.
std::string random_address(CityRandom& random);
// An address in another fictional municipality.
std::string random_previous_address(CityRandom& random);
// 本籍
std::string random_domicile(CityRandom& random);

// Decimal, full-width digits.
std::string full_width(int number);

}  // namespace certrelay
