// The parts of 世帯連記式 that no resident changes, as content stream operators.
#pragma once

#include <string>

#include "render/form/form_template.hpp"
#include "render/form/form_writer.hpp"

namespace certrelay {

enum class BlockKind : std::uint8_t { kJapanese, kForeign, kEmpty };
inline constexpr std::size_t kBlockKinds = 3;

// Title, header, footer, seal; with `demo` the marks 見本, the large one under everything.
// Errors: kTemplateInvalid.
Result<std::string> sheet_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    bool demo);

// Frame, lines, number, labels and constant marks of one block (0 to 3); kEmpty is struck.
// Errors: kTemplateInvalid.
Result<std::string> block_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    std::size_t block, BlockKind kind);

}  // namespace certrelay
