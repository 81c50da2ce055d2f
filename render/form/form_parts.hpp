// The parts of a form that no resident changes, as content stream operators.
#pragma once

#include <string>

#include "render/form/form_template.hpp"
#include "render/form/form_writer.hpp"

namespace certrelay {

enum class BlockKind : std::uint8_t { kJapanese, kForeign, kEmpty };
inline constexpr std::size_t kBlockKinds = 3;

// Title, header, footer, seal; with `demo` the marks 見本, the large one under everything.
// `seal_image`: the seal is drawn as the image /S0 instead of the template's characters.
// Errors: kTemplateInvalid.
Result<std::string> sheet_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    bool demo, bool seal_image);

// Frame, lines, number, labels and constant marks of one block (from 0); kEmpty is struck.
// Errors: kTemplateInvalid.
Result<std::string> block_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    std::size_t block, BlockKind kind);

// The word that closes 備考 (以下余白) in row `row` of a block; the form has one.
// Errors: kTemplateInvalid.
Result<std::string> closing_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                      std::size_t block, std::size_t row);

}  // namespace certrelay
