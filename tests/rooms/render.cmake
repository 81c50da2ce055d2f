suite(unit register_date_test SOURCES unit/base/register_date_test.cpp DEPS certrelay_base)

add_library(certrelay_test_render STATIC support/render_samples.cpp)
target_link_libraries(certrelay_test_render PUBLIC certrelay_render certrelay_readback)
target_compile_definitions(certrelay_test_render PRIVATE
  CERTRELAY_GLYPH_CACHE_FILE="${CERTRELAY_GLYPH_CACHE}")
add_dependencies(certrelay_test_render certrelay_glyph_cache)

suite(unit render_test
  SOURCES unit/render/readback_test.cpp unit/render/render_test.cpp
  DEPS certrelay_test_render)
