// The words of a date as a page prints them, packed: 昭和５８年　７月　９日 in eleven bytes. Words
// of another form (the register's own) stay as they are; unpacking gives the very words back.
#pragma once

#include <string>

#include "protocol/base/codec.hpp"

namespace certrelay {

// Precondition: at most 255 bytes (CHECK).
void pack_date_words(std::string_view words, ByteWriter& out);
// Errors: kMalformed, kInvalidUtf8.
Result<std::string> unpack_date_words(ByteReader& in);

}  // namespace certrelay
