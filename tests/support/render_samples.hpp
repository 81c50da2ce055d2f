// Fictional residents for tests of the page, and the render kit over the built glyph cache.
#pragma once

#include "render/expectation.hpp"
#include "render/readback/read_back.hpp"
#include "render/render.hpp"

namespace certrelay {

// The glyph cache of the build (CERTRELAY_GLYPH_CACHE_FILE), read once a process.
ByteView test_glyph_cache();
const Digest& test_font_digest();
// IPAex明朝, which has pairs that IPAmj明朝 lacks.
ByteView test_second_glyph_cache();
const Digest& test_second_font_digest();
// The reader's view of both.
const Outlines& test_outlines();
// With them, nothing known of the form.
Result<ReadDocument> read_back(ByteView pdf);
// 住民票の写し on 世帯連記式.
const RenderKit& test_render_kit();
const ReadbackRules& test_readback_rules();

// Four persons of one household: 𠮷野, a foreign resident with a long name and an alias, a child,
// 辻 with U+E0102.
CertificateModel sample_household();
// `count` persons, 1 to 20, made from the four above with tags and names of their own.
CertificateModel sample_household_of(std::size_t count);
// What a text extractor printed, or a line of a page, without what it put between the characters.
std::u32string without_spaces(std::string_view text);

}  // namespace certrelay
