add_library(certrelay_test_issuance STATIC support/issuance_world.cpp support/memory_ports.cpp)
target_link_libraries(certrelay_test_issuance PUBLIC
  certrelay_issuance certrelay_test_render certrelay_test_support GTest::gtest)

suite(unit issuance_test
  SOURCES unit/issuance/event_test.cpp unit/issuance/fail_stop_test.cpp
          unit/issuance/incident_test.cpp unit/issuance/individual_number_test.cpp
          unit/issuance/issuance_test.cpp unit/issuance/orders_test.cpp
          unit/issuance/rules_test.cpp unit/issuance/settlement_test.cpp unit/issuance/stack_residue_test.cpp
  DEPS certrelay_test_issuance certrelay_own_stack)
# With the real verification of the card, and the ledger's judgement of the clock.
suite(unit card_misuse_test
  SOURCES unit/issuance/card_link_test.cpp unit/issuance/card_misuse_test.cpp
  DEPS certrelay_test_issuance certrelay_test_pki certrelay_ledger)

# Issuance on the real ledger, whose disk fails and loses its power.
suite(unit durability_test SOURCES unit/issuance/durability_test.cpp
  DEPS certrelay_test_issuance certrelay_ledger_test_support)

# Issuance and the sealed register joined as the vault joins them.
suite(unit withdrawal_test
  SOURCES unit/issuance/counter_rules_test.cpp unit/issuance/withdrawal_test.cpp
          unit/registry/register_world.cpp unit/extract/sample_extract.cpp
  DEPS certrelay_test_issuance certrelay_registry)

# Each forbidden use of a token must be refused by the compiler, and the allowed one taken.
add_test(NAME issuance.does_not_compile
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/unit/issuance/does_not_compile/check.py
          ${CMAKE_CXX_COMPILER} ${CMAKE_SOURCE_DIR})
set_tests_properties(issuance.does_not_compile PROPERTIES LABELS unit TIMEOUT 1500)
