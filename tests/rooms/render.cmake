suite(unit register_date_test SOURCES unit/base/register_date_test.cpp DEPS certrelay_base)

add_library(certrelay_test_render STATIC support/render_samples.cpp)
target_link_libraries(certrelay_test_render PUBLIC certrelay_render certrelay_readback)
target_compile_definitions(certrelay_test_render PRIVATE
  CERTRELAY_GLYPH_CACHE_FILE="${CERTRELAY_GLYPH_CACHE}")
target_compile_definitions(certrelay_test_render INTERFACE
  CERTRELAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_dependencies(certrelay_test_render certrelay_glyph_cache)

suite(unit render_test
  SOURCES golden/render_tools_test.cpp unit/render/eras_test.cpp unit/render/forms_test.cpp
          unit/render/readback_test.cpp
          unit/render/render_test.cpp
  DEPS certrelay_test_render)

add_executable(render_bench bench/render_bench.cpp)
target_link_libraries(render_bench PRIVATE certrelay_test_render)

fuzz_target(readback_fuzz DEPS certrelay_readback)
fuzz_target(text_layout_fuzz DEPS certrelay_test_render)
