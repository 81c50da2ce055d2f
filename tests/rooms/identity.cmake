# The certificate factory is the kiosk's; until the kiosk adds it, the tests do.
if(NOT TARGET certrelay_kiosk_pki)
  add_subdirectory(${CMAKE_SOURCE_DIR}/firmware/kiosk/pki
                   ${CMAKE_BINARY_DIR}/firmware/kiosk/pki)
endif()
add_library(certrelay_test_pki STATIC support/test_pki.cpp)
target_link_libraries(certrelay_test_pki PUBLIC certrelay_kiosk_pki certrelay_identity)
add_library(certrelay_path_suite STATIC
  support/openssl_opinion.cpp support/path_suite.cpp support/path_suite_basic.cpp
  support/path_suite_cases.cpp support/path_suite_other.cpp support/path_suite_policy.cpp
  support/path_suite_revocation.cpp support/path_suite_scopes.cpp)
target_link_libraries(certrelay_path_suite PUBLIC certrelay_test_pki)
suite(unit path_suite_test SOURCES unit/identity/path_suite_test.cpp
  DEPS certrelay_path_suite certrelay_ctl_card)
suite(unit search_budget_test SOURCES unit/identity/search_budget_test.cpp
  DEPS certrelay_path_suite certrelay_test_ocsp)
suite(unit identity_test
  SOURCES unit/identity/card_case_test.cpp unit/identity/card_lines_test.cpp
          unit/identity/card_purposes_test.cpp
          unit/identity/card_verifier_test.cpp unit/identity/certificate_test.cpp
          unit/identity/crl_contradictions_test.cpp unit/identity/crl_test.cpp
          unit/identity/der_test.cpp unit/identity/path_test.cpp
          unit/identity/pki_factory_test.cpp unit/identity/second_opinion_test.cpp
          unit/identity/unread_forms_test.cpp
  DEPS certrelay_test_pki certrelay_ctl_card)
add_library(certrelay_test_ocsp STATIC support/test_ocsp.cpp)
target_link_libraries(certrelay_test_ocsp PUBLIC certrelay_test_pki)
suite(unit identity_opinions_test
  SOURCES unit/identity/authority_key_id_test.cpp unit/identity/ocsp_contradictions_test.cpp
          unit/identity/ocsp_test.cpp
  DEPS certrelay_test_ocsp certrelay_path_suite)
add_library(certrelay_mutants STATIC
  support/der_mutants.cpp support/full_pki.cpp support/openssl_reading.cpp)
target_link_libraries(certrelay_mutants PUBLIC certrelay_test_pki)
suite(unit mutants_test SHARDS 2 SOURCES unit/identity/mutants_test.cpp
  DEPS certrelay_mutants certrelay_test_ocsp certrelay_path_suite)
suite(unit ocsp_step_test SOURCES unit/identity/ocsp_step_test.cpp
  DEPS certrelay_test_ocsp certrelay_test_support)
suite(unit card_refusals_test SOURCES unit/identity/refusals_test.cpp
  DEPS certrelay_test_pki certrelay_wire)
fuzz_target(ocsp_fuzz DEPS certrelay_identity)
fuzz_target(der_fuzz DEPS certrelay_identity)
fuzz_target(leaf_fuzz DEPS certrelay_identity)
fuzz_target(crl_fuzz DEPS certrelay_identity)
# Not a test: figures for docs/testing.md, from the release preset.
add_executable(identity_bench EXCLUDE_FROM_ALL bench/identity_bench.cpp)
target_link_libraries(identity_bench PRIVATE certrelay_test_pki certrelay_ctl_card)
