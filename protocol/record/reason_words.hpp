// Why something was refused or stopped, as officials read it: the console, the command line and the
// reports say the same words (docs/GLOSSARY.md).
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/error.hpp"

namespace certrelay {

// What the table has for a code: words of its own; by decision those of its block (error.hpp),
// because only an engineer can tell it apart; or nothing, for nobody has thought of it yet.
enum class ReasonWording : std::uint8_t { kOwn, kOfItsBlock, kNone };
ReasonWording reason_wording(ErrorCode reason);

// "電子証明書の失効". A code without words of its own has those of its block.
std::string_view reason_words(ErrorCode reason);
// "Card revoked".
std::string_view english_reason_words(ErrorCode reason);

// With the number that an engineer asks for: "電子証明書の失効（127）".
std::string numbered_reason_words(ErrorCode reason);

}  // namespace certrelay
