suite(unit register_date_test SOURCES unit/base/register_date_test.cpp DEPS certrelay_base)

# A second font, for what IPAmj明朝 lacks.
set(CERTRELAY_SECOND_FONT /usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf)
set(CERTRELAY_SECOND_GLYPH_CACHE ${CMAKE_CURRENT_BINARY_DIR}/ipaexm.glyphs)
add_custom_command(OUTPUT ${CERTRELAY_SECOND_GLYPH_CACHE}
  COMMAND certrelay-font-cache ${CERTRELAY_SECOND_FONT} ${CERTRELAY_SECOND_GLYPH_CACHE}
  DEPENDS certrelay-font-cache ${CERTRELAY_SECOND_FONT}
  COMMENT "Cutting the glyphs of ${CERTRELAY_SECOND_FONT}" VERBATIM)
add_custom_target(certrelay_second_glyph_cache DEPENDS ${CERTRELAY_SECOND_GLYPH_CACHE})

add_library(certrelay_test_render STATIC support/gaiji_font.cpp support/render_samples.cpp)
target_link_libraries(certrelay_test_render PUBLIC certrelay_render certrelay_readback)
target_compile_definitions(certrelay_test_render PRIVATE
  CERTRELAY_GLYPH_CACHE_FILE="${CERTRELAY_GLYPH_CACHE}"
  CERTRELAY_SECOND_GLYPH_CACHE_FILE="${CERTRELAY_SECOND_GLYPH_CACHE}")
target_compile_definitions(certrelay_test_render INTERFACE
  CERTRELAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_dependencies(certrelay_test_render certrelay_glyph_cache certrelay_second_glyph_cache)

suite(unit render_test SHARDS 4
  SOURCES golden/gallery_test.cpp golden/render_tools_test.cpp unit/render/eras_test.cpp
          unit/render/font_list_test.cpp unit/render/forms_test.cpp
          unit/render/known_parts_test.cpp unit/render/outlines_test.cpp
          unit/render/random_names_test.cpp unit/render/readback_test.cpp
          unit/render/render_test.cpp
          unit/render/seal_code_test.cpp
  DEPS certrelay_test_render certrelay_test_support certrelay_font_builder)
suite(unit report_sheet_test SOURCES unit/render/report_sheet_test.cpp
  DEPS certrelay_test_render certrelay_report_sheet certrelay_ledger_reports)

# The peer is drawn with what no part of the product links; without it there is no bench.
pkg_check_modules(PANGOCAIRO IMPORTED_TARGET pangocairo)
if(PANGOCAIRO_FOUND)
  add_executable(render_bench EXCLUDE_FROM_ALL bench/pango_page.cpp bench/render_bench.cpp)
  target_link_libraries(render_bench PRIVATE certrelay_test_render PkgConfig::PANGOCAIRO)
endif()

# The card and the page of one transaction, for scripts/bench.
add_executable(stage_bench EXCLUDE_FROM_ALL bench/stage_bench.cpp)
target_link_libraries(stage_bench PRIVATE certrelay_test_render certrelay_test_pki)

fuzz_target(readback_fuzz DEPS certrelay_test_render)
fuzz_target(signed_file_fuzz DEPS certrelay_readback)
fuzz_target(code_stream_fuzz DEPS certrelay_readback)
fuzz_target(printed_seal_fuzz DEPS certrelay_printed_seal)
fuzz_target(text_layout_fuzz DEPS certrelay_test_render)
