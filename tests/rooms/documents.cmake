# The printed seal and the signature of a certificate.
suite(unit printed_seal_test SOURCES unit/seal/printed_seal_test.cpp DEPS certrelay_printed_seal)
suite(unit document_key_test SOURCES unit/keys/document_key_test.cpp
  DEPS certrelay_keys certrelay_test_support)
suite(unit documents_test SOURCES golden/documents_test.cpp
  DEPS certrelay_document_check certrelay_document_sealer certrelay_test_render
       certrelay_test_support)
suite(unit sealed_document_test SOURCES unit/issuance/sealed_document_test.cpp
  DEPS certrelay_test_issuance certrelay_document_check certrelay_document_state)
# One binary of its own: it fills the memory that it hands out. glibc keeps small blocks in a cache
# that M_PERTURB does not reach.
suite(unit render_parallel_test SOURCES unit/render/parallel_test.cpp DEPS certrelay_test_render)
add_test(NAME ParallelRender.poisoned COMMAND render_parallel_test --gtest_filter=*FreshMemory*)
set_tests_properties(ParallelRender.poisoned PROPERTIES LABELS unit
  ENVIRONMENT GLIBC_TUNABLES=glibc.malloc.tcache_count=0)
suite(unit name_image_test SOURCES unit/render/name_image_test.cpp
  DEPS certrelay_test_render certrelay_extract certrelay_name_image)
# ICU is the second opinion on eras, in tests alone.
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-i18n icu-uc)
suite(unit eras_icu_test SOURCES unit/render/eras_icu_test.cpp
  DEPS certrelay_form PkgConfig::ICU)
suite(unit seal_image_test SOURCES unit/render/seal_image_test.cpp DEPS certrelay_test_render)
