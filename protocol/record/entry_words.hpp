// What an entry is about, as officials read it: the console, the command line and the reports say
// the same words (docs/GLOSSARY.md).
#pragma once

#include <string_view>

#include "protocol/record/entry.hpp"

namespace certrelay {

// "警報の発生"; to_text() of a kind that a newer program wrote.
std::string_view happening_words(EntryKind kind);
// "Alarm latched".
std::string_view english_happening_words(EntryKind kind);

}  // namespace certrelay
